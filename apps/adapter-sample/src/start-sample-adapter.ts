import { startOnSource, type RunningAdapter, type SourceAdapterOptions } from '#adapter';
import { sampleHandlers } from './queries/index.js';
import { SampleSource } from './sample.source.js';

/**
 * Starts the adapter of a centre whose accounts a bank keeps.
 * @throws Problem as `startOnSource`
 */
export function startSampleAdapter(options: SourceAdapterOptions): Promise<RunningAdapter> {
  return startOnSource(options, (url, { region }) => new SampleSource(url, region), sampleHandlers);
}
