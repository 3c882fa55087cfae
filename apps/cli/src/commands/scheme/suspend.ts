import { Command } from 'commander';
import { type Cli } from '../../io.js';
import { withPublication } from './publication.js';
import { republish, withTarget, type TargetOptions } from './republish.js';

/** Stops grants at once: the bundle in force with only that changed, signed and published. */
export function schemeSuspend(cli: Cli): Command {
  return withTarget(withPublication(new Command('suspend')))
    .description('suspend a requester’s grants at once; nothing else of the bundle in force changes')
    .requiredOption('--reason <text>', 'why; stands in the bundle')
    .action((options: TargetOptions & { reason: string }) => {
      const suspended = { since: new Date(cli.now()).toISOString(), reason: options.reason };
      return republish(cli, options, {
        of: (grant) => (grant.suspended ? grant : { ...grant, suspended }),
        already: '这些授权已在暂停中，没有变更 (--requester)',
      });
    });
}
