export { admit, describeError, type LogFields } from './log-fields.js';
export { createLogger, type Logger, type LogLevel } from './logger.js';
export { nestLogger } from './nest-logger.js';
export { Metrics } from './metrics.js';
