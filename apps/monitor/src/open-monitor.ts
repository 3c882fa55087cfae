import { openReader, type ReaderOptions } from '#node';
import { monitorMigrations } from './migrations.js';
import { startMonitor, type MonitorOptions, type RunningMonitor } from './start-monitor.js';

/** Starts the monitor on its own database, which it closes with itself. @throws Problem as `openReader` */
export function openMonitor(
  reader: ReaderOptions,
  options: Pick<MonitorOptions, 'http' | 'auditUrls' | 'authorities' | 'metricsToken'>,
): Promise<RunningMonitor> {
  return openReader('monitor', { ...reader, migrations: monitorMigrations }, (observer) =>
    startMonitor({
      ...observer,
      ...options,
      agency: reader.settings.agency,
      pullKey: () => {
        const { id, privateKey } = observer.keys.current('http-signature', observer.clock())!;
        return { keyId: id, privateKey };
      },
    }),
  );
}
