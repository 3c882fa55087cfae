import { auditMigrations, startAudit, type RunningAudit } from '#apps/audit';
import { openMonitor, type RunningMonitor } from '#apps/monitor';
import { type RunningGateway } from '#apps/gateway';
import { type NodeSettings, type NodeSurroundings } from '#node';
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
  const auditUrls = Object.fromEntries([...audits].map(([agency, { url }]) => [agency, url]));
  const monitor = await openMonitor({ ...surroundings, settings }, { auditUrls, http });
  return {
    audits,
    monitor,
    close: async () => {
      await monitor.close();
      for (const running of audits.values()) await running.close();
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
