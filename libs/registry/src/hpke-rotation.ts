import { type KeyStore } from './key-store.js';
import { type OwnKey } from './own-key.js';
import { type RegistryView } from './view.js';

/** HPKE keys rotate weekly (design: Sealed). */
export const HPKE_LIFE_MS = 7 * 24 * 60 * 60_000;
/** What was sealed to a key may still be on its way this long after its end: 10 min until the deadline, and clocks. */
export const HPKE_GRACE_MS = 20 * 60_000;

/**
 * Makes the next HPKE key `aheadMs` before the newest one's week is over, in force when it is over, so that it can be
 * registered in time; the one before ends `HPKE_GRACE_MS` later. Undefined while nothing is due. Both need registering.
 */
export function rotateHpke(store: KeyStore, at: number, aheadMs: number): OwnKey | undefined {
  const newest = store.keys('hpke').at(-1);
  const due = newest ? Date.parse(newest.from) + HPKE_LIFE_MS : at;
  if (due - aheadMs > at) return undefined;
  const made = store.make('hpke', Math.max(due, at));
  if (newest) store.retire(newest, Date.parse(made.from) + HPKE_GRACE_MS);
  return made;
}

/**
 * Destroys the HPKE keys that nobody may still use: past their end and grace here, and out of force in the registry that
 * senders go by (while that lags behind, the old key is kept). Returns their ids.
 */
export function destroyEndedHpke(store: KeyStore, at: number, registry: RegistryView): string[] {
  const before = at - HPKE_GRACE_MS;
  const offered = new Set(registry.hpkeKeys(store.agency, before).map(({ id }) => id));
  const ended = store
    .keys('hpke')
    .filter(({ id, to }) => to !== undefined && Date.parse(to) <= before && !offered.has(id))
    .map(({ id }) => id);
  for (const id of ended) store.destroy(id);
  return ended;
}
