import { Command } from 'commander';
import { type Scheme } from '#sharing';
import { agencyOf, bundleOfContracts } from '../../files/bundle-files.js';
import { type Cli } from '../../io.js';
import { prepare, publish, withPublication, type PublicationOptions } from './publication.js';
import { withSuspensionsOf } from './suspension.js';

/** Compiles the provider's schemes, signs them as the next bundle and puts it in force. */
export function schemePublish(cli: Cli): Command {
  return withPublication(new Command('publish'))
    .description(
      'sign the schemes of the contracts folder as the next bundle and put it in force; suspensions stay',
    )
    .action(async (options: PublicationOptions) => {
      const publication = await prepare(cli, options);
      const { contracts, current, number } = publication;
      const source = contracts.schemesOf(agencyOf(contracts, options.provider)) as Scheme[];
      const schemes = withSuspensionsOf(current, source);
      const bundle = bundleOfContracts(contracts, options.provider, { number, now: cli.now(), schemes });
      await publish(publication, bundle);
    });
}
