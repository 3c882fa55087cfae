import { setTimeout as sleep } from 'node:timers/promises';
import { publishSchemes } from '#apps/demo';
import { type SchemeSource } from '#contracts';
import { type TestProvince } from './use-province.js';

/** Puts a changed copy of a provider's schemes in force, and waits until the requester's gateway has it too. */
export async function republish(
  province: TestProvince,
  providerId: string,
  change: (schemes: SchemeSource[]) => void,
): Promise<void> {
  const provider = province.contracts.agencies.get(providerId)!;
  const schemes = structuredClone(province.contracts.schemesOf(provider));
  change(schemes);
  await publishSchemes({ ...province, clock: Date.now }, provider, schemes);
  const { number } = province.gateways.get(providerId)!.node.bundles.active(providerId)!;
  const nodes = [...province.gateways.values(), ...province.adapters.values()].map(({ node }) => node);
  for (const started = Date.now(); Date.now() - started < 2_000; await sleep(5)) {
    if (nodes.every(({ bundles }) => (bundles.active(providerId)?.number ?? 0) >= number)) return;
  }
  throw new Error('the bundle did not reach every node within two seconds');
}

/** Quotas so large that no test of something else runs into them. */
export async function liftQuotas(province: TestProvince, ...providers: string[]): Promise<void> {
  for (const provider of providers) {
    await republish(province, provider, (schemes) => {
      for (const { grants } of schemes)
        for (const grant of grants)
          grant.quota = { perDay: 1_000_000, perSubjectPerDay: 1_000_000, burst: 100_000 };
    });
  }
}
