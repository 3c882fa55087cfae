import { readBooks, type Trail, type WithDatabases } from '../support/books.js';
import { type Strike } from './faults.js';

/**
 * Which of these exchanges were left unacknowledged because their own gateway, or the database under it, was struck down
 * while they were under way. The others have no excuse.
 */
export async function interrupted(
  province: WithDatabases,
  exchanges: readonly string[],
  strikes: readonly Strike[],
): Promise<string[]> {
  if (exchanges.length === 0) return [];
  const books = await readBooks(province);
  return exchanges.filter((exchange) => wasInterrupted(books.get(exchange), strikes));
}

/** @returns false for an exchange that nobody knows, too */
export function wasInterrupted(
  trail: Pick<Trail, 'intents'> | undefined,
  strikes: readonly Strike[],
): boolean {
  const [intent] = trail?.intents ?? [];
  if (!intent) return false;
  const { at, deadline = at } = intent.line;
  const gateway = intent.origin.replaceAll('/', '.');
  return strikes.some(
    ({ kind, target, from, to }) =>
      (kind === 'postgres-stopped' || (kind === 'process-killed' && target === gateway)) &&
      from <= Date.parse(deadline) &&
      to >= Date.parse(at),
  );
}
