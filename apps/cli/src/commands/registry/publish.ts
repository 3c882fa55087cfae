import { Command } from 'commander';
import { readSigningKey } from '../../files/key-file.js';
import { openServer } from '../../files/node-server.js';
import { readText } from '../../files/read-input.js';
import { printJson, printLines, type Cli } from '../../io.js';

interface PublishOptions {
  monitor: string;
  key: string;
  registry: string;
  json?: boolean;
}

/** Province side: hands a signed registry to the monitor, which publishes it to every node. */
export function registryPublish(cli: Cli): Command {
  return new Command('publish')
    .description('province: put a signed registry in force at every node')
    .requiredOption('--monitor <url>', 'the province’s monitor')
    .requiredOption('--key <file>', 'http-signature key of an agency of class data')
    .requiredOption('--registry <file>', 'signed registry, as `keys register` wrote it')
    .option('--json', 'print as JSON')
    .action(async ({ monitor, key, registry, json }: PublishOptions) => {
      const note = readText(registry, '--registry');
      const server = openServer(monitor, { option: '--monitor', key: readSigningKey(key), cli });
      const answer = await server.post('/v1/registry', { note });
      const published = answer as { registry: number; changed: boolean };
      if (json) return printJson(cli, published);
      printLines(cli, [
        `registry ${published.registry} ${published.changed ? 'is in force' : 'was in force already'}, published to every node`,
      ]);
    });
}
