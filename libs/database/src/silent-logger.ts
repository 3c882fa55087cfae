import { type Logger } from 'typeorm';

/** TypeORM prints failed migrations on stdout even when told not to log. Stdout is the program's, and errors are thrown. */
export const silentLogger: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
