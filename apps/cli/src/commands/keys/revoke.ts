import { Command } from 'commander';
import { Problem } from '#problem';
import { type RegisteredKey } from '#registry';
import { contractsIn } from '../../files/contracts.js';
import { newestRegistry, writeNext } from '../../files/registry-source.js';
import { withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { moment } from '../../options.js';
import { provinceSigner } from './province-signer.js';

interface RevokeOptions extends StoreOptions {
  registrySource: string;
  id: string;
  at?: number;
  contracts?: string;
  json?: boolean;
}

/** Province side: a key that others may have is refused from a moment on, whoever holds it: nobody has to sign for that. */
export function keysRevoke(cli: Cli): Command {
  return withStore(new Command('revoke'))
    .description('province: revoke a registered key, make and sign the next registry')
    .requiredOption('--registry-source <dir>', 'folder of the signed registries, registry-<number>.note')
    .requiredOption('--id <id>', 'the key, as the registry names it')
    .option('--at <moment>', 'from when on it is refused; default: now', moment)
    .option('--contracts <dir>', 'contracts folder that lists the agencies')
    .option('--json', 'print as JSON')
    .action((options: RevokeOptions) => revoke(cli, options));
}

function revoke(cli: Cli, options: RevokeOptions): void {
  const { registrySource, id, at = cli.now(), contracts, json } = options;
  const signer = provinceSigner(options, cli.now());
  const before = newestRegistry(registrySource, signer);
  const revokedAt = new Date(at).toISOString();
  const keys = withRevoked(before.keys, id, revokedAt);
  const number = before.number + 1;
  const issuedAt = new Date(cli.now()).toISOString();
  const agencies = [...contractsIn(contracts).agencies.values()];
  const file = writeNext(registrySource, { number, issuedAt, agencies, keys }, signer);
  if (json) printJson(cli, { number, file, id, revokedAt });
  else printLines(cli, [`registry ${number} revokes ${id} from ${revokedAt} on: ${file}`]);
}

/** A revocation may become earlier, as more is known, never later. */
function withRevoked(keys: readonly RegisteredKey[], id: string, revokedAt: string): RegisteredKey[] {
  const key = keys.find((one) => one.id === id);
  if (!key) throw refused('no such key in the registry');
  if (key.use === 'log') throw refused('a log key ends at a tree size: close the log in a successor');
  if (key.revokedAt !== undefined && key.revokedAt <= revokedAt) throw refused('it is revoked already');
  return keys.map((one) => (one.id === id ? { ...one, revokedAt } : one));
}

function refused(detail: string): Problem {
  return new Problem('registry-invalid', { field: '--id', detail });
}
