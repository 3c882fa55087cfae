import { startOnSource, type RunningAdapter, type SourceAdapterOptions } from '#adapter';
import { HousingSource } from './housing.source.js';
import { housingHandlers } from './queries/index.js';

/**
 * Starts the housing department's adapter on the department's own system.
 * @throws Problem as `startOnSource`
 */
export function startHousingAdapter(options: SourceAdapterOptions): Promise<RunningAdapter> {
  return startOnSource(options, (url) => new HousingSource(url), housingHandlers);
}
