import { type ExchangeGatewayClient } from '#client';
import { Problem } from '#problem';
import { type KeyStore } from '#registry';
import { type Bundle } from '#sharing';
import { lastBundle, ownBundle } from '../../files/last-bundle.js';
import { readText } from '../../files/read-input.js';

/** What a next bundle is made against. */
export interface Standing {
  /** The bundle in force; undefined when there never was one. */
  current: Bundle | undefined;
  /** Highest number that was used, be it by a bundle of which nobody knows whether it arrived. */
  highest: number;
}

export interface StandingOptions {
  store: string;
  /** File with the bundle in force, for signing where the gateway cannot be asked. */
  current?: string;
}

/**
 * What is in force: what the own node says, or the file given. Either is believed by the agency's own signature only.
 * @throws Problem `bundle-signature`; `input-unreadable` when the node holds none of a bundle that it knows was published:
 *   making the next one against nothing would lift every suspension
 */
export async function standing(
  client: () => ExchangeGatewayClient,
  store: KeyStore,
  options: StandingOptions,
): Promise<Standing> {
  const last = lastBundle(options.store, store);
  if (options.current !== undefined) {
    const current = ownBundle(store, readText(options.current, '--current'));
    return { current, highest: Math.max(current.number, last?.number ?? 0) };
  }
  const { note, newest } = await client().bundleInForce();
  const current = note === null ? lost(newest, last) : ownBundle(store, note);
  return { current, highest: Math.max(newest, current?.number ?? 0, last?.number ?? 0) };
}

/** A node that holds none: there never was one, or its database is older than its log. */
function lost(newest: number, last: Bundle | undefined): Bundle | undefined {
  if (last && last.number >= newest) return last;
  if (newest === 0) return undefined;
  const detail = `bundle ${newest} was published and the node holds it no more; name the newest one`;
  throw new Problem('input-unreadable', { field: '--current', detail });
}
