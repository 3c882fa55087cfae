export { startHrssAdapter } from './start-hrss-adapter.js';
export { hrssHandlers } from './queries/index.js';
export { HrssSource } from './hrss.source.js';
