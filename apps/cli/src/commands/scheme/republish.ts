import { type Command } from 'commander';
import { Problem } from '#problem';
import { type Bundle, type Grant } from '#sharing';
import { bundleOfContracts, contractOf } from '../../files/bundle-files.js';
import { errorLine } from '../../error-line.js';
import { type Cli } from '../../io.js';
import { prepare, publish, type Publication, type PublicationOptions } from './publication.js';
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

/** What is done to each grant, and what is said when every grant is so already. */
export interface Change {
  of: (grant: Grant) => Grant;
  already: string;
}

/**
 * Publishes the bundle in force with the target's grants changed, and with nothing else from the contracts folder: in an
 * emergency no other change may slip out. Nothing to change is told, with exit code 1.
 */
export async function republish(cli: Cli, options: TargetOptions, change: Change): Promise<void> {
  const publication = await prepare(cli, options);
  const { current, contracts, number } = publication;
  if (!current) {
    const detail = 'no bundle is in force that could be changed';
    throw new Problem('input-unreadable', { field: '--provider', detail });
  }
  requireNames(publication, current, options);
  const { schemes, found, changed } = changeGrants(current.schemes, options, change.of);
  if (changed > 0) {
    const over = { number, now: cli.now(), schemes };
    return publish(publication, bundleOfContracts(contracts, options.provider, over));
  }
  const none = new Problem('not-granted', { field: '--requester', detail: 'no grant there to change' });
  cli.err(`${found > 0 ? change.already : errorLine(none)}\n`);
  cli.exitCode = 1;
}

/** A name that nobody has is a slip, not a requester without grants. @throws Problem naming the option */
function requireNames(
  { contracts }: Publication,
  current: Bundle,
  { requester, query }: TargetOptions,
): void {
  const agencies = [...contracts.agencies.values()];
  const isNamed = current.schemes.some((scheme) => scheme.requester === requester);
  if (!isNamed && !agencies.some(({ id, class: kind }) => id === requester || kind === requester)) {
    const detail = 'no such agency or class in the contracts';
    throw new Problem('input-unreadable', { field: '--requester', detail });
  }
  const grants = current.schemes.flatMap((scheme) => scheme.grants);
  const asks = (id: string) => id === query || id.startsWith(`${query}@`);
  if (query !== undefined && !grants.some((grant) => asks(grant.query))) contractOf(contracts, query);
}
