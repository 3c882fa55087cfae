import { Command } from 'commander';
import { publicPart, type KeyUse } from '#registry';
import { makeStore, withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { keyUse, moment } from '../../options.js';
import { keyJson, keyLines } from '../../words/keys.js';

interface MakeOptions extends StoreOptions {
  use: KeyUse;
  origin?: string;
  from?: number;
  json?: boolean;
}

/** Makes a key; an existing log key is shown again, because a log has one key at a time. */
export function keysMake(cli: Cli): Command {
  const command = withStore(new Command('make'))
    .description('make a key in the store (made when it is not there yet) and show its public half')
    .requiredOption('--use <use>', 'http-signature, log, scheme, hpke or registry', keyUse)
    .option('--origin <origin>', 'log keys: <agency>/<role>/<ordinal>')
    .option('--from <moment>', 'first moment it is used; default: now', moment)
    .option('--json', 'print as JSON');
  return command.action((options: MakeOptions) => {
    const { store, agency, use, origin, from = cli.now(), json } = options;
    if ((use === 'log') !== (origin !== undefined)) {
      command.error('error: --origin is wanted for log keys, and only for them');
    }
    const keys = makeStore({ store, agency });
    const made = publicPart(use === 'log' ? keys.logKey(origin!, from) : keys.make(use, from));
    if (json) printJson(cli, keyJson(made));
    else printLines(cli, keyLines(made));
  });
}
