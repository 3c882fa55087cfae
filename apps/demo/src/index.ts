export { ask, type Asked, type ShownExchange, type ShownRefusal } from './ask-all.js';
export { askMonitor, clientOf, registryOf, type ProvinceDoors } from './province/doors.js';
export { PROVINCE } from './province/province-agency.js';
export { startProvince, type Province, type ProvinceOptions } from './province/start-province.js';
export { publishSchemes } from './province/publish-schemes.js';
export { questions, refusedQuestions, type DemoQuestion } from './questions.js';
export { mirrored, notMirrored } from './mirrored.js';
export { runScript, type Report } from './script.js';
export { startApart, type ApartOptions, type ApartProvince } from './apart/start-apart.js';
