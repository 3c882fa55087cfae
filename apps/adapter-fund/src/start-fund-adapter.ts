import { startOnSource, type RunningAdapter, type SourceAdapterOptions } from '#adapter';
import { FundSource } from './fund.source.js';
import { fundHandlers } from './queries/index.js';

/**
 * Starts a provident-fund centre's adapter on the centre's own system. Each centre is an agency with its own; its tables
 * do not say which region it is, the agency's entry in the contracts does.
 * @throws Problem as `startOnSource`
 */
export function startFundAdapter(options: SourceAdapterOptions): Promise<RunningAdapter> {
  return startOnSource(options, (url, { region }) => new FundSource(url, region), fundHandlers);
}
