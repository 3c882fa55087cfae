import { type Metrics } from '#observability';
import { observeProcess } from './node-metrics.js';
import { type NodeSettings } from './node-settings.js';
import { openObserver, type NodeSurroundings, type Observer } from './observer.js';
import { followRegistry } from './signed-documents.js';

/** What a process that writes no log is opened with. */
export interface ReaderOptions extends NodeSurroundings {
  settings: Omit<NodeSettings, 'role'>;
}

interface Running {
  metrics: Metrics;
  close(): Promise<void>;
}

/**
 * Runs what an agency's node has beside its writers, an audit server or the monitor, on a database connection of its own and
 * with the registry followed; all of it closes with what is run.
 * @throws Problem as `openObserver` and `start`; nothing stays open then
 */
export async function openReader<R extends Running>(
  role: 'audit' | 'monitor',
  { settings, ...surroundings }: ReaderOptions,
  start: (observer: Observer) => Promise<R>,
): Promise<R> {
  await using opened = new AsyncDisposableStack();
  const observer = await openObserver({ ...settings, role }, surroundings);
  opened.defer(() => observer.close());
  const following = await followRegistry(observer);
  opened.defer(() => following.close());
  const running = await start(observer);
  opened.defer(() => running.close());
  observeProcess(running.metrics, observer);
  const all = opened.move();
  return { ...running, close: () => all.disposeAsync() };
}
