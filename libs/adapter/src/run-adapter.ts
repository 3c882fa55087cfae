import { runProcess } from '#process';
import { type RunningAdapter } from './start-adapter.js';
import { type SourceAdapterOptions } from './start-on-source.js';

/** Runs an adapter as a process of its own; `ADAPTER_SOURCE_URL` says where the agency's own system is. */
export function runAdapter(start: (options: SourceAdapterOptions) => Promise<RunningAdapter>): Promise<void> {
  const own = { sourceUrl: { env: 'ADAPTER_SOURCE_URL', schema: { type: 'string', minLength: 1 } } } as const;
  return runProcess<{ sourceUrl: string }>('adapter', own, ({ own: { sourceUrl }, ...outfit }) =>
    start({
      ...outfit.surroundings,
      ...outfit.access,
      settings: outfit.settings,
      http: outfit.http,
      sourceUrl,
    }),
  );
}
