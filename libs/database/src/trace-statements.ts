import { type Pool, type PoolClient } from 'pg';
import { boundToSpan, openCallSpan, type OpenSpan } from '#observability';
import { statementName } from './statement-name.js';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, ...rest: unknown[]) => unknown;

/**
 * Gives every statement of traced work a client span: its operation and table, or the name it was prepared under. Neither
 * its text nor its parameters are kept. A transaction's `COMMIT` is one too: that is where the disk is waited for.
 */
export function traceStatements(pool: Pool, name: string): void {
  const connect = pool.connect.bind(pool) as Query;
  // `pool.query` waits for a client with a callback, which whoever returns a client calls, out of its own work.
  const bound: Query = (callback?: unknown) =>
    typeof callback === 'function' ? connect(boundToSpan(callback as Callback)) : connect();
  pool.connect = bound as Pool['connect'];
  pool.on('connect', (client) => traceClient(client, name));
}

function traceClient(client: PoolClient, pool: string): void {
  const query = client.query.bind(client) as Query;
  const traced: Query = (...args) => {
    const span = spanOf(args[0], pool);
    return span ? ended(span, query, args) : query(...args);
  };
  client.query = traced as PoolClient['query'];
}

/** Cursors and copies are not statements with one end: they have none. */
function spanOf(statement: unknown, pool: string): OpenSpan | undefined {
  const { text, name } = typeof statement === 'string' ? { text: statement } : (statement as Statement);
  if (text === undefined || typeof (statement as Statement).submit === 'function') return undefined;
  return openStatement(text, name, pool);
}

interface Statement {
  text?: string;
  name?: string;
  submit?: unknown;
}

function openStatement(text: string, name: string | undefined, pool: string): OpenSpan | undefined {
  const span = openCallSpan('client', 'statement', {
    'db.system.name': 'postgresql',
    'db.client.connection.pool.name': pool,
  });
  if (!span) return undefined; // the text is not even looked at when nothing is traced
  const { operation, target } = statementName(text);
  const spoken = [operation, target].filter(Boolean).join(' ');
  span.rename(name ?? spoken, {
    'db.operation.name': operation,
    ...(target !== undefined && { 'db.collection.name': target }),
  });
  return span;
}

/** node-postgres gives a promise, or calls back. */
function ended(span: OpenSpan, query: Query, args: unknown[]): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    const heard: Callback = (error, ...rest) => {
      settle(span, error);
      return (callback as Callback)(error, ...rest);
    };
    return span.run(() => query(...args.slice(0, -1), heard));
  }
  const result = span.run(() => query(...args)) as Promise<unknown>;
  result.then(
    () => settle(span, undefined),
    (error: unknown) => settle(span, error),
  );
  return result;
}

/** Of an error its SQLSTATE, or the system's name of it; a message may quote the row. */
function settle(span: OpenSpan, error: unknown): void {
  if (error === undefined || error === null) return span.end();
  const { code } = error as { code?: unknown };
  span.fail(error, typeof code === 'string' ? { 'db.response.status_code': code } : {});
}
