import { type Observer } from './observer.js';

const DAY_MS = 86_400_000;
/** More generations ahead than anyone registers. */
const AHEAD = 20;

/**
 * For how many days the keys that an agency has registered will do, one after the other, by use; 0 when none is in force,
 * absent when the last has no end. A log's keys end with its size, not with time.
 */
export function keyDaysLeft(
  observer: Pick<Observer, 'agency' | 'keys' | 'registry' | 'clock'>,
): Partial<Record<'http-signature' | 'scheme' | 'hpke', number>> {
  const { agency, keys, registry, clock } = observer;
  const { current } = registry;
  const own = keys.keys('http-signature').reverse();
  const ends = {
    'http-signature': endOf(clock(), (at) => own.map(({ id }) => current.signatureKey(id, at)).find(Boolean)),
    hpke: endOf(clock(), (at) => current.hpkeKeys(agency.id, at)[0]),
    ...(agency.provides.length > 0 && {
      scheme: endOf(clock(), (at) => current.schemeKeys(agency.id, at)[0]),
    }),
  };
  const known = Object.entries(ends).filter(([, end]) => end !== Infinity);
  return Object.fromEntries(known.map(([use, end]) => [use, (end - clock()) / DAY_MS]));
}

interface Ending {
  to?: string;
  revokedAt?: string;
}

/** The end of the key in force, of the one in force then, and so on. */
function endOf(from: number, keyAt: (at: number) => Ending | undefined): number {
  let end = from;
  for (let n = 0; n < AHEAD; n++) {
    const key = keyAt(end);
    if (!key) return end;
    const ends = [key.to, key.revokedAt].filter((at) => at !== undefined).map((at) => Date.parse(at));
    if (ends.length === 0) return Infinity;
    end = Math.min(...ends);
  }
  return end;
}
