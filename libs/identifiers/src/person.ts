import { parseCitizenId } from './citizen-id.js';
import { refuse } from './faults.js';
import { type IdOptions, type NormalId } from './normal-id.js';
import { parsePermanentResidence } from './permanent-residence.js';
import { parseHkMacauPermit, parsePassport, parseTaiwanPermit } from './travel-documents.js';

/** One line per document that a person can be named by. */
const PARSERS = {
  'citizen-id': parseCitizenId,
  'permanent-residence': parsePermanentResidence,
  'hk-macau-permit': parseHkMacauPermit,
  'taiwan-permit': parseTaiwanPermit,
  passport: parsePassport,
} as const satisfies Record<string, (text: string, options: IdOptions) => NormalId>;

export type IdType = keyof typeof PARSERS;

export const ID_TYPES = Object.keys(PARSERS) as readonly IdType[];

/**
 * Brings a person's number to the one form that is compared, committed to and asked for.
 * @throws Problem `bad-identifier` with an `IdFault` as detail, or `synthetic-identity`
 */
export function normalizePersonId(idType: IdType, idNumber: string, options: IdOptions): NormalId {
  if (!Object.hasOwn(PARSERS, idType)) refuse('wrong-id-type', options.field);
  return PARSERS[idType](idNumber, options);
}
