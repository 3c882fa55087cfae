import { Command } from 'commander';
import { readText } from '../../files/read-input.js';
import { contractsIn } from '../../files/contracts.js';
import { newestRegistry, withRegistrations, writeNext } from '../../files/registry-source.js';
import { withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { provinceSigner } from './province-signer.js';

interface RegisterOptions extends StoreOptions {
  registrySource: string;
  registration: string[];
  fingerprint: string[];
  contracts?: string;
  json?: boolean;
}

/** Province side: takes registration documents into the next registry, with the agencies that `contracts` lists now. */
export function keysRegister(cli: Cli): Command {
  return withStore(new Command('register'))
    .description('province: check registration documents, make and sign the next registry')
    .requiredOption('--registry-source <dir>', 'folder of the signed registries, registry-<number>.note')
    .requiredOption(
      '--registration <file...>',
      'documents to take in: registrations, an agency’s http-signature key first, and closing statements of log keys',
    )
    .option('--fingerprint <hex...>', 'fingerprint of an agency’s first key, as compared with the agency', [])
    .option('--contracts <dir>', 'contracts folder that lists the agencies')
    .option('--json', 'print as JSON')
    .action((options: RegisterOptions) => register(cli, options));
}

function register(cli: Cli, options: RegisterOptions): void {
  const { registrySource, registration, fingerprint, contracts, json } = options;
  const signer = provinceSigner(options, cli.now());
  const before = newestRegistry(registrySource, signer);
  const documents = registration.map((file) => readText(file, '--registration'));
  const keys = withRegistrations(before.keys, documents, fingerprint);
  const agencies = [...contractsIn(contracts).agencies.values()];
  const number = before.number + 1;
  const issuedAt = new Date(cli.now()).toISOString();
  const file = writeNext(registrySource, { number, issuedAt, agencies, keys }, signer);
  if (json) printJson(cli, { number, file, keys: keys.length });
  else printLines(cli, [`registry ${number} with ${keys.length} keys: ${file}`]);
}
