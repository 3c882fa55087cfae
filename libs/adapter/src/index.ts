export { runAdapter } from './run-adapter.js';
export { startAdapter, type AdapterOptions, type RunningAdapter } from './start-adapter.js';
export { startOnSource, type SourceAdapterOptions } from './start-on-source.js';
export {
  type Fault,
  type Finding,
  type QueryHandler,
  type ReturnedPerson,
  type SourceQuestion,
  type SourceReply,
  type SourceRow,
} from './query-handler.js';
export { DEFAULT_LIMITS, SourceGuard, type SourceLimits } from './source-guard.js';
export { type Column, type Columns } from './columns.js';
export { monthParam, monthsParam } from './month-params.js';
export { coded, documentNumber, month, months, number } from './readers.js';
export { dateText, dayOfMs, TODAY } from './sql.js';
export { type SourceView } from './source-view.js';
export { ViewSource, type ViewSourceOptions } from './view-source.js';
export { documentKeys, documentKeysWithOld, type DocumentKinds, type SourceKey } from './subject-index.js';
