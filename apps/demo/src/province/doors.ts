import { ExchangeGatewayClient } from '#client';
import { type Contracts } from '#contracts';
import { signRequest } from '#identity';
import { openRegistry, type RegistryView } from '#registry';
import { parseVerifierKey } from '#tlog';
import { type ProvinceKeys } from './keys.js';
import { PROVINCE } from './province-agency.js';

/** How a province is reached from outside its processes, wherever they run: addresses, the agencies' keys, the signed registry. */
export interface ProvinceDoors {
  contracts: Contracts;
  keys: ProvinceKeys;
  /** Addresses of an agency's gateways, the preferred first; none for an agency that has no gateway. */
  gatewaysOf(agency: string): readonly string[];
  /** Address of the server of an agency's logs; undefined for an agency that keeps none. */
  auditOf(agency: string): string | undefined;
  monitorUrl: string;
}

/** A client with the key of the agency's own system. */
export function clientOf(
  { keys, gatewaysOf }: Pick<ProvinceDoors, 'keys' | 'gatewaysOf'>,
  agency: string,
  clock: () => number = Date.now,
): ExchangeGatewayClient {
  const { id: keyId, privateKey } = keys.stores.get(agency)!.current('http-signature', clock())!;
  return new ExchangeGatewayClient({ gateways: gatewaysOf(agency), keyId, privateKey, clock });
}

/** Agencies, keys and logs as the province signed them. @throws Problem `registry-signature`, `registry-invalid` */
export function registryOf({ keys }: Pick<ProvinceDoors, 'keys'>): RegistryView {
  return openRegistry(keys.registryNote, { pinned: parseVerifierKey(keys.registryKey) });
}

/** Reads from the monitor as the province's officers do. @throws Error when it does not answer */
export async function askMonitor<T>({ monitorUrl, keys }: ProvinceDoors, path: string): Promise<T> {
  const { id: keyId, privateKey } = keys.stores.get(PROVINCE)!.current('http-signature', Date.now())!;
  const url = monitorUrl + path;
  const response = await fetch(url, {
    headers: signRequest({ method: 'GET', url, keyId, privateKey, now: Date.now() }),
  });
  if (!response.ok) throw new Error(`the monitor answered ${response.status} to ${path}`);
  return (await response.json()) as T;
}
