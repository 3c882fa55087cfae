import { setTimeout as sleep } from 'node:timers/promises';
import { readBooks, type Books } from './record.js';
import { type Surface } from './surface.js';

/** How an intent ended. */
export interface Closing {
  exchange: string;
  /** Milliseconds since the epoch. */
  deadline: number;
  /** When its outcome was recorded; absent while there is none. */
  closedAt?: number;
  reason?: string;
}

/** How every intent ended, as soon as all have, or at `until` (milliseconds since the epoch). */
export async function closings(
  surface: Surface,
  origins: readonly string[],
  until: number,
): Promise<Closing[]> {
  for (;;) {
    const found = endsOf(await readBooks(surface, origins));
    if (found.every(({ closedAt }) => closedAt !== undefined) || Date.now() > until) return found;
    await sleep(1_000);
  }
}

function endsOf({ lines }: Books): Closing[] {
  return [...lines.values()]
    .filter(({ kind }) => kind === 'intent')
    .map(({ origin, exchange, deadline }) => {
      const outcome = lines.get(`${origin} outcome ${exchange}`);
      return {
        exchange,
        deadline: Date.parse(deadline!),
        ...(outcome && { closedAt: Date.parse(outcome.at) }),
        ...(outcome?.reason !== undefined && { reason: outcome.reason }),
      };
    });
}
