import {
  followRegistry,
  observeProcess,
  openObserver,
  type NodeSettings,
  type NodeSurroundings,
} from '#node';
import { monitorMigrations } from './migrations.js';
import { startMonitor, type MonitorOptions, type RunningMonitor } from './start-monitor.js';

/** Starts the monitor on its own database, which it closes with itself. @throws Problem as `openObserver` */
export async function openMonitor(
  { settings, ...surroundings }: NodeSurroundings & { settings: Omit<NodeSettings, 'role'> },
  options: Pick<MonitorOptions, 'http' | 'auditUrls' | 'authorities' | 'metricsToken'>,
): Promise<RunningMonitor> {
  await using opened = new AsyncDisposableStack();
  const observer = await openObserver(
    { ...settings, role: 'monitor' },
    { ...surroundings, migrations: monitorMigrations },
  );
  opened.defer(() => observer.close());
  const following = await followRegistry(observer);
  opened.defer(() => following.close());
  const monitor = await startMonitor({
    ...observer,
    ...options,
    agency: settings.agency,
    pullKey: () => {
      const { id, privateKey } = observer.keys.current('http-signature', observer.clock())!;
      return { keyId: id, privateKey };
    },
  });
  opened.defer(() => monitor.close());
  observeProcess(monitor.metrics, observer);
  const all = opened.move();
  return { ...monitor, close: () => all.disposeAsync() };
}
