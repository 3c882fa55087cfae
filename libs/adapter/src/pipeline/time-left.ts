import { Problem } from '#problem';
import { type AdapterParts } from '../adapter-parts.js';
import { type TimeLeft } from '../source-guard.js';
import { type Asked } from './asked.js';

/** What is kept of a question's time for recording the answer and its way back: a tenth, at most so many milliseconds. */
const WAY_BACK_MS = 500;

type Timed = Pick<Asked, 'deadline' | 'givenMs'>;

/** Its asker has closed the exchange, or will have: nothing leaves any more, so there is nothing to record either. */
export class TooLate extends Problem {}

/**
 * How long the source may take: one that hangs until the deadline would make its refusal late, and the asker's word for it
 * another one.
 * @param now milliseconds since the epoch
 */
export function timeInSource({ deadline, givenMs }: Timed, now: number): TimeLeft {
  return { leftMs: deadline - wayBack(givenMs) - now, givenMs };
}

/**
 * When a disclosure is recorded at the latest, milliseconds since the epoch. One that reaches its asker after he has closed
 * the exchange is acknowledged and of use to nobody.
 */
export function recordedBy({ deadline, givenMs }: Timed): number {
  return deadline - wayBack(givenMs) / 2;
}

/** Nothing can be recorded any more. @throws TooLate */
export function requireRecordable({ clock }: Pick<AdapterParts['node'], 'clock'>, asked: Timed): void {
  if (clock() >= recordedBy(asked)) throw new TooLate('provider-timeout');
}

/** Before anything is counted and asked for it: a question that waited too long, here or on its way. @throws TooLate */
export function requireTime({ guard, node }: Pick<AdapterParts, 'guard' | 'node'>, asked: Timed): void {
  const { leftMs, givenMs } = timeInSource(asked, node.clock());
  if (leftMs <= 0 || leftMs < guard.leastMs(givenMs)) throw new TooLate('provider-timeout');
}

function wayBack(givenMs: number): number {
  return Math.min(WAY_BACK_MS, givenMs / 10);
}
