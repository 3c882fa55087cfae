export { manualClock, type ManualClock } from './manual-clock.js';
export { person, unit, type SyntheticPerson, type SyntheticUnit } from './people.js';
export { selfSigned } from './self-signed.js';
export { startProgram } from './start-program.js';
export { useDatabase, useDatabaseUrl } from './use-database.js';
export { usePostgres, type CrashablePostgres } from './use-postgres.js';
export { useRedirect, type Redirect } from './use-redirect.js';
export { workerPostgres } from './worker-postgres.js';
