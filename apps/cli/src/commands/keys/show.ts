import { Command } from 'commander';
import { publicPart, type KeyUse } from '#registry';
import { openStore, withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { keyUse } from '../../options.js';
import { keyJson, keyLines } from '../../words/keys.js';

/** Shows the public halves of a store's keys, with the fingerprints that people compare. */
export function keysShow(cli: Cli): Command {
  return withStore(new Command('show'))
    .description('show the public halves of the store’s keys')
    .option('--use <use>', 'only keys of this use', keyUse)
    .option('--json', 'print as JSON')
    .action((options: StoreOptions & { use?: KeyUse; json?: boolean }) => {
      const keys = openStore(options).keys(options.use).map(publicPart);
      if (options.json) printJson(cli, keys.map(keyJson));
      else printLines(cli, keys.length > 0 ? keys.flatMap(keyLines) : ['no keys']);
    });
}
