import { noteSigner, type NoteSigner } from '#tlog';
import { currentKey, openStore, type StoreOptions } from '../../files/store.js';

/** Signs registries with the province's key in force. @throws Problem `key-store` */
export function provinceSigner(options: StoreOptions, at: number): NoteSigner {
  const { agency, privateKey } = currentKey(openStore(options), 'registry', at);
  return noteSigner(`${agency}/registry`, privateKey);
}
