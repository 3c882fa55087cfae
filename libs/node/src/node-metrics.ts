import { type LogHealth } from '#evidence';
import { type Metrics } from '#observability';
import { keyDaysLeft } from './key-days-left.js';
import { type AgencyNode } from './node.js';
import { type Observer } from './observer.js';
import { observeBroker } from './transport-metrics.js';

/** What every process of a node tells of its part of the node: its registry, keys, database, broker, and what it refused. */
export function observeProcess(metrics: Metrics, observer: Observer): void {
  const { registry, database, security, broker } = observer;
  observeBroker(metrics, broker);
  metrics.gauge('node_registry_number', 'Number of the registry in force here', [], (gauge) =>
    gauge.set(registry.current.number),
  );
  metrics.gauge(
    'node_key_days_left',
    'Days until the registered keys of this agency end, by use; absent: they have no end',
    ['use'],
    (gauge) => {
      for (const [use, days] of Object.entries(keyDaysLeft(observer))) gauge.set({ use }, days);
    },
  );
  metrics.gauge(
    'node_database_connections',
    'Connections of this process to its database; waiting: work that has none',
    ['state'],
    (gauge) => {
      const { totalCount, idleCount, waitingCount } = database.pool;
      gauge.set({ state: 'total' }, totalCount);
      gauge.set({ state: 'idle' }, idleCount);
      gauge.set({ state: 'waiting' }, waitingCount);
    },
  );
  metrics.counter(
    'node_security_events_total',
    'Input of this process that could not be believed, by problem',
    ['problem'],
    (counter) => {
      for (const [problem, events] of security.seen) counter.inc({ problem }, events);
    },
  );
}

/** What a process tells that writes a log: besides that, the log and the bundles. */
export function observeNode(metrics: Metrics, node: AgencyNode): void {
  observeProcess(metrics, node);
  observeLog(metrics, node);
  metrics.gauge(
    'node_bundle_number',
    'Number of the bundle in force here, by its provider',
    ['provider'],
    (gauge) => {
      for (const { id } of node.registry.current.agencies) {
        const active = node.bundles.active(id);
        if (active) gauge.set({ provider: id }, active.number);
      }
    },
  );
}

const STATES: readonly LogHealth['state'][] = ['writing', 'unavailable', 'stopped', 'closed'];

function observeLog(metrics: Metrics, { log, tails }: AgencyNode): void {
  metrics.gauge('node_log_state', '1 for the state that the log is in', ['state'], (gauge) => {
    for (const state of STATES) gauge.set({ state }, log.health().state === state ? 1 : 0);
  });
  metrics.gauge('node_log_size', 'Entries in the log', [], (gauge) => gauge.set(log.health().size));
  metrics.gauge('node_log_queued', 'Entries that wait for their group commit', [], (gauge) =>
    gauge.set(log.health().queued),
  );
  metrics.gauge('node_log_edge_lag', 'Entries not yet in the edge file', [], (gauge) => {
    const { size, edgeSize } = log.health();
    gauge.set(size - edgeSize);
  });
  metrics.counter('node_log_failures_total', 'Tails and checkpoints not handed on', ['kind'], (counter) => {
    const { tailFailures, checkpointFailures } = log.health();
    counter.inc({ kind: 'tail' }, tailFailures + tails.lost);
    counter.inc({ kind: 'checkpoint' }, checkpointFailures);
  });
  metrics.gauge('node_tails_waiting', 'Group commits that the monitor was not told of yet', [], (gauge) =>
    gauge.set(tails.waiting),
  );
  const seconds = metrics.seconds('node_log_append_seconds', 'Time from append to durable and signed');
  log.onAppended = (ms) => seconds.observe(ms / 1_000);
}
