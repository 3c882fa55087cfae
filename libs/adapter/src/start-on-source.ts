import { type Agency } from '#contracts';
import { Problem } from '#problem';
import { startAdapter, type AdapterOptions, type RunningAdapter } from './start-adapter.js';
import { type QueryHandler } from './query-handler.js';

/** What starts one class of adapter: the surroundings of any, and where the agency's own system is. */
export type SourceAdapterOptions = Omit<AdapterOptions, 'handlers'> & { sourceUrl: string };

interface Source {
  close(): Promise<void>;
}

/**
 * Starts an adapter on the agency's own system; closing the adapter closes its door to that system after it.
 * @param open opens the door to the source, for this agency
 * @throws Problem as `startAdapter`; `config-invalid` when no such agency is in the contracts
 */
export async function startOnSource<S extends Source>(
  { sourceUrl, ...options }: SourceAdapterOptions,
  open: (url: string, agency: Agency) => S,
  handlersOf: (source: S) => readonly QueryHandler[],
): Promise<RunningAdapter> {
  const agency = options.contracts.agencies.get(options.settings.agency);
  if (!agency) throw new Problem('config-invalid', { detail: 'this agency is not in the contracts' });
  const source = open(sourceUrl, agency);
  try {
    const running = await startAdapter({ ...options, handlers: handlersOf(source) });
    return { ...running, close: () => closeBoth(running, source) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function closeBoth(running: RunningAdapter, source: Source): Promise<void> {
  try {
    await running.close();
  } finally {
    await source.close();
  }
}
