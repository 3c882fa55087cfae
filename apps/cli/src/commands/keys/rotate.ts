import { Command } from 'commander';
import { publicPart, type KeyUse, type RotatedUse } from '#registry';
import { openStore, withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { duration, keyUse } from '../../options.js';
import { keyJson, keyLines } from '../../words/keys.js';

interface RotateOptions extends StoreOptions {
  use: KeyUse;
  overlap: number;
  json?: boolean;
}

/** Makes the next key of a use; the one before ends after the overlap, so that no request fails in between. */
export function keysRotate(cli: Cli): Command {
  const command = withStore(new Command('rotate'))
    .description(
      'make the next key of a use and end the one before after an overlap; register both afterwards',
    )
    .requiredOption('--use <use>', 'http-signature, scheme, hpke or registry', keyUse)
    .option(
      '--overlap <time>',
      'how long the old key stays in force, as 30m, 12h or 7d',
      duration,
      7 * 86_400_000,
    )
    .option('--json', 'print as JSON');
  return command.action((options: RotateOptions) => {
    const use = rotated(command, options.use);
    const store = openStore(options);
    const ending = new Set(store.keys(use).flatMap(({ id, to }) => (to === undefined ? [id] : [])));
    const made = store.rotate(use, cli.now(), options.overlap);
    const ended = store.keys(use).filter(({ id }) => ending.has(id));
    if (options.json)
      printJson(cli, { made: keyJson(publicPart(made)), ended: ended.map(publicPart).map(keyJson) });
    else printLines(cli, ['made:', ...keyLines(made), 'ends:', ...ended.flatMap(keyLines)]);
  });
}

/** A log's key changes at a tree size, by its writer: that is not a matter of time. */
function rotated(command: Command, use: KeyUse): RotatedUse {
  return use === 'log' ? command.error('error: a log key is changed by its writer, at a tree size') : use;
}
