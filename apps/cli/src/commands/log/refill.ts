import { Command } from 'commander';
import { type Recovered } from '#node';
import { decodeEntryBundle, entryBundlePath, TILE_WIDTH } from '#tlog';
import { readSigningKey } from '../../files/key-file.js';
import { openServer, type NodeServer } from '../../files/node-server.js';
import { inDatabase } from '../../files/node-database.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { openOwnLog, withOwnLog, type OwnLogOptions } from './log-options.js';
import { unlessRefused } from './refused.js';

interface RefillOptions extends OwnLogOptions {
  monitor: string;
  key: string;
}

/** The way back for a log whose database was restored from an older copy: its missing entries, from the monitor's mirror. */
export function logRefill(cli: Cli): Command {
  const command = withOwnLog(new Command('refill'))
    .description(
      'fill a log whose database was restored from an older copy again from the monitor’s mirror, and count today as spent',
    )
    .requiredOption('--monitor <url>', 'the province’s monitor')
    .requiredOption('--key <file>', 'http-signature key of the log’s agency');
  return command.action((options: RefillOptions) => unlessRefused(cli, () => refill(cli, command, options)));
}

async function refill(cli: Cli, command: Command, options: RefillOptions): Promise<void> {
  const { origin } = options;
  const { keys, verifierOf } = openOwnLog(command, options);
  const monitor = openServer(options.monitor, { option: '--monitor', key: readSigningKey(options.key), cli });
  const checkpoint = (await monitor.get(`/logs/${origin}/checkpoint`)).toString('utf8');
  const verifier = verifierOf(checkpoint);
  const { recoverLog } = await import('#node'); // all that a process of a node has: no other command should wait for it
  const done = await inDatabase(options.database, (database) =>
    recoverLog({
      ...{ database, origin, keys, checkpoint, verifier, dir: options.store, clock: cli.now },
      mirrored: (from, size) => mirrored(monitor, origin, from, size),
    }),
  );
  if (options.json) printJson(cli, { origin, ...done });
  else printLines(cli, words(origin, done));
}

/** Entries [from, size); whole bundles are fetched and cut. */
async function mirrored(monitor: NodeServer, origin: string, from: number, size: number): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  const first = Math.floor(from / TILE_WIDTH);
  for (let n = first; n * TILE_WIDTH < size; n += 1) {
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const bundle = await monitor.get(`/logs/${origin}/${entryBundlePath(n, width)}`);
    lines.push(...decodeEntryBundle(bundle, width));
  }
  return lines.slice(from - first * TILE_WIDTH);
}

function words(origin: string, { added, size, spent, recorded }: Recovered): string[] {
  if (added === 0) return [`${origin}: the mirror has nothing that the database lacks, ${size} entries`];
  return [
    `${origin}: ${added} entries refilled, ${size} in all${recorded === undefined ? '' : `; entry ${recorded} says so`}`,
    ...(spent === undefined ? [] : [`${spent} counts as spent: nothing is answered until midnight in China`]),
  ];
}
