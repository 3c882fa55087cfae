import { Option, type Command } from 'commander';
import { isConnectionLost, openPool, type Database } from '#database';
import { Problem } from '#problem';

const OPTION = '--database';

/** SQLSTATE of a server that is there and does not let us in, or does not have what is asked for. */
const NOT_OURS: Readonly<Record<string, string>> = {
  '28000': 'no access',
  '28P01': 'no access',
  '3D000': 'no such database',
  '42P01': 'not the database of a node',
  '42501': 'no access',
  '42703':
    'of an earlier version: start the node’s audit server of this one once, which brings it up to date',
};

/** The node's database; its URL holds a password, which an environment variable keeps out of the process list. */
export function withDatabase(command: Command): Command {
  return command.addOption(
    new Option(`${OPTION} <url>`, 'the node’s database, postgres://…')
      .env('DATABASE_URL')
      .makeOptionMandatory(),
  );
}

/**
 * Opens a node's database for one piece of work. Nothing is migrated: what is restored stays as it was written.
 * @throws Problem `database-unavailable`, `input-unreadable` naming the option, never the URL
 */
export async function inDatabase<T>(
  url: string,
  work: (database: Pick<Database, 'pool'>) => Promise<T>,
): Promise<T> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) throw unreadable('a postgres:// URL is wanted');
  const pool = openPool({ url, name: 'gateway-cli', poolSize: 4 });
  try {
    return await work({ pool });
  } catch (error) {
    throw ofDatabase(error);
  } finally {
    await pool.end();
  }
}

/** The log is there: a mistyped one must not look like an empty one. @throws Problem `not-found` */
export async function requireLog(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  option = '--origin',
): Promise<void> {
  const { rowCount } = await pool.query('select from log_head where origin = $1', [origin]);
  if (rowCount === 0)
    throw new Problem('not-found', { field: option, detail: 'the database does not know this log' });
}

function ofDatabase(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (isConnectionLost(error))
    return new Problem('database-unavailable', { field: OPTION, detail: 'not reached', cause: error });
  const known = NOT_OURS[String((error as { code?: unknown }).code)];
  return known === undefined ? error : unreadable(known, error);
}

function unreadable(detail: string, cause?: unknown): Problem {
  return new Problem('input-unreadable', { field: OPTION, detail, cause });
}
