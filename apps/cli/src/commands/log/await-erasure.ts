import { setTimeout as sleep } from 'node:timers/promises';
import { type Database } from '#database';
import { erasureState, withdrawErasure, type ErasureState } from '#evidence';
import { Problem } from '#problem';
import { lastFailure } from '../../words/erased.js';

const LOOK_MS = 250;

/** How long a command waits for an erasure that it ordered, milliseconds. */
export interface Patience {
  begunWithinMs: number;
  endedWithinMs: number;
}

/** Processes look for orders every five seconds. */
const USUAL: Patience = { begunWithinMs: 12_000, endedWithinMs: 10 * 60_000 };

/**
 * Waits until an ordered erasure is done, or goes on by itself.
 * @returns what has become of it: said in a log, and done or not
 * @throws Problem `log-unavailable` when it was not begun in time, and is taken back, or cannot be said in a log;
 *   `not-found` when the order is gone
 */
export async function awaitErasure(
  database: Pick<Database, 'pool'>,
  id: string,
  { begunWithinMs, endedWithinMs } = USUAL,
): Promise<ErasureState> {
  const since = performance.now();
  for (;;) {
    const state = await erasureState(database, id);
    if (!state) throw new Problem('not-found', { detail: `order ${id} is not in the database any more` });
    const waited = performance.now() - since;
    if (state.done) return state;
    if (state.begun && waited > endedWithinMs) return requireSaid(id, state);
    if (!state.begun && waited > begunWithinMs && (await withdrawErasure(database, id)))
      throw notBegun(state);
    await sleep(LOOK_MS);
  }
}

function requireSaid(id: string, state: ErasureState): ErasureState {
  if (state.said) return state;
  const nothing = `order ${id} is not said in the log yet, and nothing erased`;
  throw unavailable(`${nothing}; it goes on without this command${lastFailure(state)}`);
}

/** What was begun goes on in the next process: whether the one that began it still runs is not known here. */
function notBegun({ behind }: ErasureState): Problem {
  if (behind !== undefined)
    return unavailable(
      `the process that writes it is busy with order ${behind}: this one is taken back, nothing of it is said or erased; order it again when that one is done; if none runs any more, --store erases without one`,
    );
  return unavailable(
    'no process that writes it began, nothing is said or erased; if none runs, --store erases without one (of a closed log with --as)',
  );
}

function unavailable(detail: string): Problem {
  return new Problem('log-unavailable', { field: '--origin', detail });
}
