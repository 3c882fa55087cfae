import { afterAll } from '@jest/globals';
import { startAdapter, type QueryHandler, type RunningAdapter, type SourceLimits } from '#adapter';
import { type TestProvince } from './use-province.js';

/** What the handlers of a hostile adapter do, at the moment. */
export interface Behaviour {
  lookUp: QueryHandler['lookUp'];
}

/** A breaker that never opens: each test is to meet its own fault. */
const LIMITS: SourceLimits = { concurrency: 64, timeoutMs: 400, errorPercentage: 100, resetMs: 100 };

/** Puts an adapter with our own handlers, and everything else as it is, in the place of an agency's. */
export async function replaceAdapter(
  province: TestProvince,
  agency: string,
  behaviour: Behaviour,
  limits: SourceLimits = LIMITS,
): Promise<RunningAdapter> {
  const old = province.adapters.get(agency)!;
  await old.close();
  const { contracts, provides } = { ...old.node, provides: new Set(old.node.agency.provides) };
  const queries = [...contracts.contracts.values()].filter(({ code }) => provides.has(code));
  const running = await startAdapter({
    contracts,
    broker: province.bus,
    logger: old.node.logger,
    settings: old.node.settings,
    limits,
    handlers: queries.map(({ id }) => ({ query: id, lookUp: (asked) => behaviour.lookUp(asked) })),
  });
  Object.assign(old, running); // the province closes what runs now
  return running;
}

/** Ends what a test left hanging. */
export function hanging(): { forever: () => Promise<never> } {
  const rejects: (() => void)[] = [];
  afterAll(() => rejects.forEach((reject) => reject()));
  return {
    forever: () =>
      new Promise((_resolve, reject) => rejects.push(() => reject(new Error('the test is over')))),
  };
}
