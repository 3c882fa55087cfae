import { auditMigrations } from '#apps/audit';
import { startGateway, type RunningGateway } from '#apps/gateway';
import { type NodeSettings } from '#node';
import { type TestProvince } from './use-province.js';

/** Starts another gateway of an agency, set otherwise than the province's own; `await using` ends it. */
export async function startBeside(
  { gateways, contracts, bus: broker }: TestProvince,
  agency: string,
  { settings, ...rest }: { settings?: Partial<NodeSettings>; metricsToken?: string },
): Promise<RunningGateway & AsyncDisposable> {
  const { node } = gateways.get(agency)!;
  const running = await startGateway({
    ...{ contracts, broker, logger: node.logger, migrations: auditMigrations },
    settings: { ...node.settings, ordinal: 1, ...settings },
    http: { host: '127.0.0.1', port: 0 },
    ...rest,
  });
  return { ...running, [Symbol.asyncDispose]: () => running.close() };
}
