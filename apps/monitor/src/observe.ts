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
    collectLogs(metrics, pool, clock);
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
function collectLogs(metrics: Metrics, pool: Pool, clock: () => number): void {
  metrics.gauge('monitor_log_size', 'Entries mirrored', ['origin', 'state'], async (gauge) => {
    for (const { origin, state, edge } of await readLogs(pool)) gauge.set({ origin, state }, edge.size);
  });
  metrics.gauge('monitor_log_lag', 'Entries signed and not mirrored yet', ['origin'], async (gauge) => {
    const [logs, behind] = await Promise.all([readLogs(pool), readBehind(pool)]);
    for (const { origin, edge } of logs)
      gauge.set({ origin }, Math.max(0, (behind.get(origin)?.size ?? 0) - edge.size));
  });
  metrics.gauge(
    'monitor_log_quiet_seconds',
    'Seconds since the newest entry mirrored of a log that goes on; a live one ticks each minute',
    ['origin'],
    async (gauge) => {
      for (const { origin, state, lastAt } of await readLogs(pool))
        if (lastAt && state === 'following') gauge.set({ origin }, (clock() - lastAt.getTime()) / 1_000);
    },
  );
  metrics.gauge('monitor_alarms_open', 'Open alarms', ['origin', 'kind'], async (gauge) => {
    for (const { origin, kind } of await readAlarms(pool, { state: 'open' })) gauge.set({ origin, kind }, 1);
  });
}

function collectReconciliation(metrics: Metrics, pool: Pool, clock: () => number): void {
  metrics.gauge('monitor_exchanges', 'Exchanges by how they reconcile', ['state'], async (gauge) => {
    const { settled, pending, difference } = await reconcile(pool, clock());
    for (const [state, count] of Object.entries({ settled, pending, difference }))
      gauge.set({ state }, count);
  });
}
