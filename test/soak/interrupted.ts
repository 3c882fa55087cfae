import { readBooks, type Trail, type WithDatabases } from '../support/books.js';
import { type Strike } from './faults.js';

/**
 * Which of these exchanges could not be acknowledged: the others have no excuse. A reply that was sent is acknowledged by its
 * asker within ten minutes, however late it is and whatever befell his gateway or its database. What can still be lost is the
 * reply itself: a database that went away while the disclosure was committed, so that its adapter did not know that it was,
 * answered nothing, and came back too late for a repeated question to fetch it before its deadline.
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
  trail: Pick<Trail, 'disclosures'> | undefined,
  strikes: readonly Strike[],
): boolean {
  const [disclosure] = trail?.disclosures ?? [];
  if (!disclosure) return false;
  const { at, deadline = at } = disclosure.line;
  const recorded = Date.parse(at);
  return strikes.some(
    ({ kind, from, to }) =>
      kind === 'postgres-stopped' &&
      from >= recorded - COMMIT_MS &&
      from <= recorded + COMMIT_MS &&
      to + ASKED_AGAIN_MS >= Date.parse(deadline),
  );
}

/** The commit of a disclosure begins so shortly after its time, and is waited for no longer. */
const COMMIT_MS = 2_000;
/** A question without an answer is asked again at least so often. */
const ASKED_AGAIN_MS = 8_000;
