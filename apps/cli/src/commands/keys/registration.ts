import { Command } from 'commander';
import { Problem } from '#problem';
import { registration, type KeyStore, type OwnKey } from '#registry';
import { openStore, withStore, type StoreOptions } from '../../files/store.js';
import { type Cli } from '../../io.js';

interface RegistrationOptions extends StoreOptions {
  id: string;
  endorser?: string;
}

/** Prints the self-signed application for a key, to send to the province; nothing else. */
export function keysRegistration(cli: Cli): Command {
  return withStore(new Command('registration'))
    .description('print the signed registration document of a key, to be sent to the province')
    .requiredOption('--id <id>', 'key to register, as `keys show` names it')
    .option(
      '--endorser <id>',
      'registered http-signature key that answers for it; default: the newest other one in force',
    )
    .action((options: RegistrationOptions) => {
      const store = openStore(options);
      const key = keyById(store, options.id, '--id');
      const endorser =
        options.endorser === undefined
          ? newestOther(store, key, cli.now())
          : keyById(store, options.endorser, '--endorser');
      cli.out(registration(key, endorser));
    });
}

function keyById(store: KeyStore, id: string, option: string): OwnKey {
  const key = store.key(id);
  if (!key) throw new Problem('key-store', { field: option, detail: 'no such key in the store' });
  return key;
}

function newestOther(store: KeyStore, key: OwnKey, at: number): OwnKey | undefined {
  const inForce = ({ from, to }: OwnKey) =>
    Date.parse(from) <= at && (to === undefined || at < Date.parse(to));
  return store
    .keys('http-signature')
    .findLast((other) => other.publicKey !== key.publicKey && inForce(other));
}
