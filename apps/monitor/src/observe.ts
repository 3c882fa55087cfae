import { type Logger, type Metrics } from '#observability';
import { type Pool } from 'pg';
import { readLogs } from './mirror/log-row.js';
import { readBehind } from './mirror/seen.js';
import { reconcile } from './reading/reconciliation.js';
import { readAlarms, type AlarmKind } from './watching/alarms.js';

/** What the monitor tells of its work; labels are origins of registered logs, states and codes. */
export class MonitorObserver {
  private readonly tails;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
    pool: Pool,
    clock: () => number,
  ) {
    this.tails = metrics.counter('monitor_tails_total', 'Tails by what became of them', ['result']);
    collectLogs(metrics, pool);
    collectReconciliation(metrics, pool, clock);
  }

  /** What became of a tail: a word of the mirror, or the problem that refused it. */
  tail(result: string): void {
    this.tails.inc({ result });
  }

  /** A log needs somebody's eyes. */
  alarm(origin: string, kind: AlarmKind): void {
    this.logger.error('alarm on a log', { origin, state: kind });
  }
}

/** Read when they are asked for, so that several processes of one monitor tell the same. */
function collectLogs(metrics: Metrics, pool: Pool): void {
  const size = metrics.gauge('monitor_log_size', 'Entries mirrored', ['origin', 'state']);
  const lag = metrics.gauge('monitor_log_lag', 'Entries signed and not mirrored yet', ['origin']);
  const alarms = metrics.gauge('monitor_alarms_open', 'Open alarms', ['origin', 'kind']);
  collects(size, async () => {
    for (const { origin, state, edge } of await readLogs(pool)) size.set({ origin, state }, edge.size);
  });
  collects(lag, async () => {
    const [logs, behind] = await Promise.all([readLogs(pool), readBehind(pool)]);
    for (const { origin, edge } of logs)
      lag.set({ origin }, Math.max(0, (behind.get(origin)?.size ?? 0) - edge.size));
  });
  collects(alarms, async () => {
    for (const { origin, kind } of await readAlarms(pool, { state: 'open' })) alarms.set({ origin, kind }, 1);
  });
}

function collectReconciliation(metrics: Metrics, pool: Pool, clock: () => number): void {
  const gauge = metrics.gauge('monitor_exchanges', 'Exchanges by how they reconcile', ['state']);
  collects(gauge, async () => {
    const { settled, pending, difference } = await reconcile(pool, clock());
    for (const [state, count] of Object.entries({ settled, pending, difference }))
      gauge.set({ state }, count);
  });
}

/** prom-client calls a metric's own `collect` each time it is read; what is gone since is forgotten first. */
function collects(gauge: { reset(): void }, collect: () => Promise<void>): void {
  const fresh = async (): Promise<void> => {
    gauge.reset();
    await collect();
  };
  Object.assign(gauge, { collect: fresh });
}
