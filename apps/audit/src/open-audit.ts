import {
  followRegistry,
  observeProcess,
  openObserver,
  type NodeSettings,
  type NodeSurroundings,
} from '#node';
import { auditMigrations } from './migrations.js';
import { startAudit, type AuditOptions, type RunningAudit } from './start-audit.js';

/** Starts an audit server on a connection of its own to its node's database. @throws Problem as `openObserver` */
export async function openAudit(
  { settings, ...surroundings }: NodeSurroundings & { settings: Omit<NodeSettings, 'role'> },
  options: Pick<AuditOptions, 'http' | 'auditors' | 'authorities' | 'metricsToken'>,
): Promise<RunningAudit> {
  await using opened = new AsyncDisposableStack();
  const observer = await openObserver(
    { ...settings, role: 'audit' },
    { ...surroundings, migrations: auditMigrations },
  );
  opened.defer(() => observer.close());
  const following = await followRegistry(observer);
  opened.defer(() => following.close());
  const audit = await startAudit({
    ...observer,
    ...options,
    agency: settings.agency,
    epochKey: observer.keys.secret('epoch'),
    synthetic: settings.synthetic,
  });
  opened.defer(() => audit.close());
  observeProcess(audit.metrics, observer);
  const all = opened.move();
  return { ...audit, close: () => all.disposeAsync() };
}
