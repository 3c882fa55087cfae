import { randomUUID } from 'node:crypto';
import { loadContracts } from '#contracts';
import { SourceGuard } from '#adapter';
import { type AskedSubject } from '#exchange';
import { createLogger, Metrics } from '#observability';
import { buildTable, compileBundle, decide, releasedSchema, type Granted } from '#sharing';
import { hrssHandlers, HrssSource } from '#apps/adapter-hrss';
import { ReleasedValidators } from '../../../apps/gateway/src/released-validators.js';
import { type AdapterParts } from '../../../libs/adapter/src/adapter-parts.js';
import { AdapterObserver } from '../../../libs/adapter/src/observe.js';
import { type Asked } from '../../../libs/adapter/src/pipeline/asked.js';
import { lookUp } from '../../../libs/adapter/src/pipeline/look-up.js';
import { releaseAll } from '../../../libs/adapter/src/pipeline/release.js';
import { runLookups, type LookupRun } from '../baselines/lookup/run-lookups.js';
import { work } from '../stage/worker.js';
import { QUESTION } from './question.js';

export interface LookupSettings {
  sourceUrl: string;
  provider: string;
  requester: string;
  numbers: string[];
}

const DEADLINE_MS = 60_000;

/** The adapter's own way from a granted question to what may leave: source guard, view, mapper, release and masks, then the check of every record by the grant's schema. */
await work((settings: LookupSettings) => {
  const contracts = loadContracts();
  const [provider, requester] = [settings.provider, settings.requester].map((id) =>
    contracts.agencies.get(id)!,
  );
  const contract = contracts.find('HR-AR-01');
  const source = new HrssSource(settings.sourceUrl);
  const guard = new SourceGuard();
  const metrics = new Metrics({ agency: settings.provider, role: 'adapter', ordinal: '0' });
  const parts = {
    node: { agency: provider, clock: Date.now, pseudonymKey: Buffer.alloc(32) },
    handlers: new Map(hrssHandlers(source).map((handler) => [handler.query as string, handler])),
    guard,
    observe: new AdapterObserver(metrics, createLogger('info'), guard),
  } as unknown as AdapterParts;
  const schemes = contracts.schemesOf(provider!);
  const bundle = compileBundle({
    ...{ provider: provider!, number: 1, issuedAt: new Date().toISOString(), schemes },
    contracts: contracts.contracts,
  });
  const decision = decide(buildTable(bundle, contracts.contracts), {
    ...{
      requester: requester!.id,
      requesterClass: requester!.class,
      query: contract.id,
      at: Date.now(),
      claims: [],
    },
    ...{ purpose: QUESTION.purpose, region: QUESTION.region },
  }) as Granted;
  const isReleased = new ReleasedValidators().of(decision.grant, decision.fields, () =>
    releasedSchema(contract, decision),
  );

  const lookup = async (numbers: string[]): Promise<number> => {
    const subjects = numbers.map((normal, position): AskedSubject => ({
      position,
      idType: 'citizen-id',
      normal,
    }));
    const asked = {
      ...{ exchange: randomUUID(), requester: requester!, contract, deadline: Date.now() + DEADLINE_MS },
      givenMs: DEADLINE_MS,
      question: {
        query: contract.id,
        purpose: QUESTION.purpose,
        region: QUESTION.region,
        params: {},
        subjects,
      },
    } as unknown as Asked;
    const authorized = { decision, bundle: 1 };
    const released = releaseAll(parts, asked, authorized, await lookUp(parts, asked, authorized));
    return released.results.filter(({ answer, records }) => answer === 'found' && records.every(isReleased))
      .length;
  };

  return Promise.resolve({
    calls: { run: (run: LookupRun) => runLookups(run, lookup, settings.numbers) },
    close: async () => {
      guard.close();
      await source.close();
    },
  });
});
