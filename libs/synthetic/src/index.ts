export { type IdKind, type Label } from './facts.js';
export {
  CENTRES,
  generateProvince,
  type Centre,
  type GeneratedProvince,
  type GeneratedTable,
} from './generate.js';
export { emptySources, loadProvince, type LoadCounts, type ProvinceSource } from './load.js';
export { DEFAULT_TODAY, type ProvinceOptions } from './province.js';
export { samplePersons, type SamplePerson } from './samples.js';
export { fundSource } from './sources/fund-schema.js';
export { housingSource } from './sources/housing-schema.js';
export { hrssSource } from './sources/hrss-schema.js';
export { type Row } from './sources/source-table.js';
