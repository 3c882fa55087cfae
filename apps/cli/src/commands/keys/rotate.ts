import { Command } from 'commander';
import { publicPart, type KeyUse, type OwnKey, type RotatedUse } from '#registry';
import { openStore, withStore, type StoreOptions } from '../../files/store.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { duration, keyUse } from '../../options.js';
import { keyJson, keyLines } from '../../words/keys.js';

const WEEK_MS = 7 * 86_400_000;

interface RotateOptions extends StoreOptions {
  use: KeyUse;
  origin?: string;
  overlap?: number;
  json?: boolean;
}

/**
 * Makes the next key of a use; the one before ends after the overlap, so that no request fails in between. The next key of a
 * log takes over at a tree size, by its writer, once the registry has both (ADR 0010): here it is only made.
 */
export function keysRotate(cli: Cli): Command {
  const command = withStore(new Command('rotate'))
    .description(
      'make the next key of a use and end the one before after an overlap; register both afterwards. A log changes over by itself once its next key is registered',
    )
    .requiredOption('--use <use>', 'http-signature, log, scheme, hpke or registry', keyUse)
    .option('--origin <origin>', 'log keys: <agency>/<role>/<ordinal>')
    .option(
      '--overlap <time>',
      'how long the old key stays in force, as 30m, 12h or 7d; default: 7d (a log key ends at a size instead)',
      duration,
    )
    .option('--json', 'print as JSON');
  return command.action((options: RotateOptions) => {
    const { use, origin, overlap } = options;
    if ((use === 'log') !== (origin !== undefined))
      command.error('error: --origin is wanted for log keys, and only for them');
    if (use === 'log' && overlap !== undefined) command.error('error: a log key ends at a size, by its log');
    const { made, ended } = use === 'log' ? nextOfLog(cli, options, origin!) : nextOfUse(cli, options, use);
    if (options.json)
      return printJson(cli, { made: keyJson(publicPart(made)), ended: ended.map(publicPart).map(keyJson) });
    printLines(cli, [
      'made:',
      ...keyLines(made),
      ...(use === 'log'
        ? ['the log changes over when a registry has it']
        : ['ends:', ...ended.flatMap(keyLines)]),
    ]);
  });
}

interface Rotated {
  made: OwnKey;
  ended: OwnKey[];
}

function nextOfLog(cli: Cli, options: RotateOptions, origin: string): Rotated {
  return { made: openStore(options).nextLogKey(origin, cli.now()), ended: [] };
}

function nextOfUse(cli: Cli, options: RotateOptions, use: RotatedUse): Rotated {
  const store = openStore(options);
  const ending = new Set(store.keys(use).flatMap(({ id, to }) => (to === undefined ? [id] : [])));
  const made = store.rotate(use, cli.now(), options.overlap ?? WEEK_MS);
  return { made, ended: store.keys(use).filter(({ id }) => ending.has(id)) };
}
