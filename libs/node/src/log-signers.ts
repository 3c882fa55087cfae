import { type KeyStore, type RegistryHolder } from '#registry';
import { noteSigner, type NoteSigner } from '#tlog';

/** The keys with which a node's log may be signed, oldest first; the first is made when there is none. */
export function logSigners(keys: KeyStore, origin: string, at: number): NoteSigner[] {
  return keys.logKeys(origin, at).map(({ privateKey }) => noteSigner(origin, privateKey));
}

/** Whether the registry in force closes a key of a log: nobody needs its signature any more. */
export function isClosedLogKey({ current }: RegistryHolder, origin: string, key: Uint8Array): boolean {
  return current
    .logKeys(origin)
    .some(({ publicKey, toSize }) => toSize !== undefined && publicKey.equals(key));
}
