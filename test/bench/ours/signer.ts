import { type ProvinceKeys } from '../../../apps/demo/src/province/keys.js';
import { type SignWith } from '../load/job.js';
import { REQUESTER } from '../stage/servers.js';

/** The key of the requester's own system. */
export function signerOf(keys: Pick<ProvinceKeys, 'stores'>): SignWith {
  const { id, privateKey } = keys.stores.get(REQUESTER)!.current('http-signature', Date.now())!;
  return { keyId: id, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
