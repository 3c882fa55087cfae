import { type Pool, type PoolClient } from 'pg';
import { withTransaction } from '#database';
import { Problem } from '#problem';
import { reserve, type Verdict } from './counters.js';
import { type CountedReservation } from './reservation.js';
import { lockCounters } from './stored-counters.js';
import { writeCounters } from './write-counters.js';

/** How often exchanges may be counted elsewhere at the same moment before it is given up. */
const ATTEMPTS = 5;

/**
 * Counts reservations in the order of the list, one transaction for all.
 * @throws Problem `log-unavailable`: no counters, no answer; the same database holds the log, so its being away is said in
 *   the same words
 */
export async function reserveAll(pool: Pool, asked: readonly CountedReservation[]): Promise<Verdict[]> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const verdicts = await attemptAll(pool, asked);
      if (verdicts) return verdicts;
    }
  } catch (cause) {
    throw unreachable(cause);
  }
  throw unreachable();
}

/** Thrown to roll back: what was decided no longer holds. */
class Overtaken extends Error {}

async function attemptAll(pool: Pool, asked: readonly CountedReservation[]): Promise<Verdict[] | undefined> {
  try {
    return await withTransaction(pool, (client) => decide(client, asked));
  } catch (error) {
    if (error instanceof Overtaken) return undefined;
    throw error;
  }
}

/**
 * The disclosure that follows commits to the same write-ahead log and waits for it, so what it depends on is durable before
 * anything leaves; a crash before that loses a count of nothing released.
 */
async function decide(client: PoolClient, asked: readonly CountedReservation[]): Promise<Verdict[]> {
  const [, counted] = await Promise.all([
    client.query('set local synchronous_commit = off'),
    lockCounters(client, asked),
  ]);
  const verdicts = asked.map((one) => reserve(counted, one));
  const added = asked.filter((_, index) => verdicts[index]!.isNew);
  if (!(await writeCounters(client, counted, added))) throw new Overtaken();
  return verdicts;
}

export function unreachable(cause?: unknown): Problem {
  return new Problem('log-unavailable', { detail: 'the quota counters cannot be reached', cause });
}
