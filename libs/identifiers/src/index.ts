export { ID_FAULTS, type IdFault } from './faults.js';
export { citizenIdCheckDigit, organisationCodeCheckDigit, usccCheckDigit } from './check-digits.js';
export { parseCitizenId } from './citizen-id.js';
export { type IdNotice, type IdOptions, type NormalId } from './normal-id.js';
export { ID_TYPES, normalizePersonId, type IdType } from './person.js';
export { parseUscc, type NormalUscc, type UsccNotice } from './uscc.js';
export { covers, isRegionCode, parentRegion, regionLevel, type RegionLevel } from './region.js';
export { addMonths, monthRange, monthsBetween, parseMonth, type Month } from './month.js';
export { shanghaiDay } from './day.js';
