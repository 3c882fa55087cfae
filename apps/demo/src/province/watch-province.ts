import { auditMigrations, startAudit, type RunningAudit } from '#apps/audit';
import { monitorMigrations, startMonitor, type RunningMonitor } from '#apps/monitor';
import { type RunningGateway } from '#apps/gateway';
import { followRegistry, openObserver, type NodeSettings, type NodeSurroundings } from '#node';
import { PROVINCE } from './province-agency.js';

/** The two that look: each node's audit server, and the province's monitor. */
export interface Watching {
  audits: ReadonlyMap<string, RunningAudit>;
  monitor: RunningMonitor;
  close(): Promise<void>;
}

const http = { host: '127.0.0.1', port: 0 };

/** Serves every node's logs, and mirrors them all. */
export async function watchProvince(
  surroundings: NodeSurroundings,
  settings: Omit<NodeSettings, 'role'>,
  gateways: ReadonlyMap<string, RunningGateway>,
): Promise<Watching> {
  const audits = new Map<string, RunningAudit>();
  for (const [agency, gateway] of gateways) audits.set(agency, await audit(gateway));
  const observer = await openObserver(
    { ...settings, role: 'monitor' },
    { ...surroundings, migrations: monitorMigrations },
  );
  const following = await followRegistry(observer);
  const monitor = await startMonitor({
    ...observer,
    agency: PROVINCE,
    auditUrls: Object.fromEntries([...audits].map(([agency, { url }]) => [agency, url])),
    pullKey: () => {
      const { id, privateKey } = observer.keys.current('http-signature', observer.clock())!;
      return { keyId: id, privateKey };
    },
    http,
  });
  return {
    audits,
    monitor,
    close: async () => {
      await monitor.close();
      await following.close();
      for (const running of audits.values()) await running.close();
      await observer.close();
    },
  };
}

/** An audit server reads the database of its node; here it shares the gateway's connections to it. */
function audit({ node }: RunningGateway): Promise<RunningAudit> {
  const { agency, contracts, database, registry, security, logger, clock, epochKey, settings } = node;
  return startAudit({
    ...{ contracts, database, registry, security, logger, clock, epochKey, http },
    agency: agency.id,
    auditors: [PROVINCE],
    synthetic: settings.synthetic,
  });
}

export { auditMigrations };
