export { monitorMigrations } from './migrations.js';
export { type PullKey } from './mirror/audit-client.js';
export { openMonitor } from './open-monitor.js';
export { startMonitor, type MonitorOptions, type RunningMonitor } from './start-monitor.js';
