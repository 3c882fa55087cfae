import { Command } from 'commander';
import { type Cli } from '../../io.js';
import { withPublication } from './publication.js';
import { republish, withTarget, type TargetOptions } from './republish.js';

/** Lifts suspensions, by the bundle in force with only that changed. */
export function schemeResume(cli: Cli): Command {
  return withTarget(withPublication(new Command('resume')))
    .description('lift the suspension of a requester’s grants; nothing else of the bundle in force changes')
    .action((options: TargetOptions) =>
      republish(cli, options, {
        of: (grant) => {
          const { suspended, ...resumed } = grant;
          return suspended ? resumed : grant;
        },
        already: '这些授权不在暂停中，没有变更 (--requester)',
      }),
    );
}
