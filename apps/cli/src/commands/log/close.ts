import { Command } from 'commander';
import { readSigningKey } from '../../files/key-file.js';
import { openServer } from '../../files/node-server.js';
import { inDatabase } from '../../files/node-database.js';
import { readText } from '../../files/read-input.js';
import { printJson, printLines, type Cli } from '../../io.js';
import {
  agencyOf,
  openOwnLog,
  origin as originOf,
  withOwnLog,
  type OwnLog,
  type OwnLogOptions,
} from './log-options.js';
import { unlessRefused } from './refused.js';

interface CloseOptions extends OwnLogOptions {
  successor: string;
  checkpoint?: string;
  monitor?: string;
  key?: string;
}

/** Ends a log that cannot go on; its successor says where it ended. */
export function logClose(cli: Cli): Command {
  const command = withOwnLog(new Command('close'))
    .description('close a log for good by an epoch entry in its successor, and count today as spent')
    .requiredOption(
      '--successor <origin>',
      'log of the same agency that goes on; its key is made and registered',
      originOf,
    )
    .option('--checkpoint <file>', 'newest signed checkpoint of the log, from a peer')
    .option('--monitor <url>', 'the province’s monitor, which has the newest checkpoint')
    .option('--key <file>', 'with --monitor: http-signature key of the log’s agency');
  return command.action((options: CloseOptions) => {
    checkUsage(command, options);
    return unlessRefused(cli, () => close(cli, options, openOwnLog(command, options)));
  });
}

function checkUsage(command: Command, { origin, successor, checkpoint, monitor, key }: CloseOptions): void {
  if (successor === origin || agencyOf(successor) !== agencyOf(origin))
    command.error('error: --successor is another log of the same agency');
  if ((checkpoint === undefined) === (monitor === undefined))
    command.error('error: either --checkpoint or --monitor is wanted');
  if ((monitor === undefined) !== (key === undefined))
    command.error('error: --monitor and --key belong together');
}

async function close(cli: Cli, options: CloseOptions, { keys, verifierOf }: OwnLog): Promise<void> {
  const { origin, successor, store } = options;
  const checkpoint = await checkpointOf(cli, options);
  const verifier = verifierOf(checkpoint);
  const { closeLog } = await import('#node'); // all that a process of a node has: no other command should wait for it
  const done = await inDatabase(options.database, (database) =>
    closeLog({ database, origin, keys, checkpoint, verifier, successor, dir: store, clock: cli.now }),
  );
  if (options.json) return printJson(cli, { origin, successor, ...done });
  printLines(cli, [
    `${origin} is closed at ${done.size} entries by entry ${done.index} of ${successor}`,
    ...(done.spent === undefined
      ? []
      : [`${done.spent} counts as spent: nothing is answered until midnight in China`]),
  ]);
}

async function checkpointOf(cli: Cli, { origin, checkpoint, monitor, key }: CloseOptions): Promise<string> {
  if (checkpoint !== undefined) return readText(checkpoint, '--checkpoint');
  const opened = openServer(monitor!, { option: '--monitor', key: readSigningKey(key!), cli });
  return (await opened.get(`/logs/${origin}/checkpoint`)).toString('utf8');
}
