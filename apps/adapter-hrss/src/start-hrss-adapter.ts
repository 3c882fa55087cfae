import { startOnSource, type RunningAdapter, type SourceAdapterOptions } from '#adapter';
import { HrssSource } from './hrss.source.js';
import { hrssHandlers } from './queries/index.js';

/**
 * Starts the social-security department's adapter on the department's own system.
 * @throws Problem as `startOnSource`
 */
export function startHrssAdapter(options: SourceAdapterOptions): Promise<RunningAdapter> {
  return startOnSource(options, (url) => new HrssSource(url), hrssHandlers);
}
