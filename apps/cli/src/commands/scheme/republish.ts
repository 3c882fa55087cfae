import { type Command } from 'commander';
import { Problem } from '#problem';
import { type Grant } from '#sharing';
import { bundleOfContracts } from '../../files/bundle-files.js';
import { errorLine } from '../../error-line.js';
import { type Cli } from '../../io.js';
import { prepare, publish, type PublicationOptions } from './publication.js';
import { changeGrants } from './suspension.js';

export interface TargetOptions extends PublicationOptions {
  requester: string;
  query?: string;
}

export function withTarget(command: Command): Command {
  return command
    .requiredOption('--requester <id>', 'requester as the scheme names it, an agency or a class')
    .option('--query <code>', 'only this query; default: all');
}

/**
 * Publishes the bundle in force with the target's grants changed, and with nothing else from the contracts folder: in an
 * emergency no other change may slip out. Nothing to change is told, with exit code 1.
 */
export async function republish(
  cli: Cli,
  options: TargetOptions,
  change: (grant: Grant) => Grant,
): Promise<void> {
  const publication = await prepare(cli, options);
  const { current, contracts, number } = publication;
  if (!current) {
    const detail = 'no bundle is in force that could be changed';
    throw new Problem('input-unreadable', { field: '--provider', detail });
  }
  const { schemes, changed } = changeGrants(current.schemes, options, change);
  if (changed === 0) {
    const none = new Problem('not-granted', { field: '--requester', detail: 'no grant there to change' });
    cli.err(`${errorLine(none)}\n`);
    cli.exitCode = 1;
    return;
  }
  await publish(
    publication,
    bundleOfContracts(contracts, options.provider, { number, now: cli.now(), schemes }),
  );
}
