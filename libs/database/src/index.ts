export { answers } from './answers.js';
export { byteaArray } from './bytea-array.js';
export { Batcher } from './batcher.js';
export { deleteBefore } from './delete-before.js';
export { isConnectionLost } from './connection-lost.js';
export {
  attachEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type RunningPostgres,
} from './embedded-postgres.js';
export { type Migration } from './migration.js';
export { openDatabase, openPool, type Database, type DatabaseOptions } from './open-database.js';
export { within } from './within.js';
export { withOptions } from './with-options.js';
export { withTransaction } from './transaction.js';
