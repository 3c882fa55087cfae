import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { loadContracts, type Agency, type SchemeSource } from '#contracts';
import { SeenMessages, type Opened } from '#envelope';
import { type AnswerBody } from '#exchange';
import { InProcessBus, topics, topicSpecs, type WireMessage } from '#messaging';
import { openNode, type AgencyNode } from '#node';
import { createLogger, Metrics } from '#observability';
import { type Problem } from '#problem';
import { createQuota, quotaMigrations } from '#quota';
import { compileRegistry, KeyStore, publicPart, signRegistry } from '#registry';
import { compileBundle, schemeKeyName, signBundle } from '#sharing';
import { useDatabaseUrl } from '#testing';
import { formatVerifierKey, noteSigner } from '#tlog';
import { type AdapterParts } from './adapter-parts.js';
import { AdapterObserver } from './observe.js';
import { answerQuestion } from './pipeline/index.js';
import { type QueryHandler, type SourceReply } from './query-handler.js';
import { repeatMigrations, Repeats } from './repeats.js';
import { SourceGuard } from './source-guard.js';

export const [PROVIDER, REQUESTER, BYSTANDER] = ['hrss-990000', 'housing-990100', 'fund-990100'] as const;
const AT = Date.parse('2026-01-01T00:00:00.000Z');
const contracts = loadContracts();

const PERSON = '990101198503120010';

/** What the source finds for the person that a forged question is about. */
export const FOUND: SourceReply = {
  dataTime: new Date('2026-10-01T00:00:00.000Z'),
  findings: new Map([
    [
      0,
      {
        answer: 'found',
        rows: [
          {
            ...{ personName: '张测试', idNumber: PERSON, payerName: '测试建设工程有限公司' },
            ...{ payerUscc: '91990101MA00DEM14A', payerType: 'enterprise', insuranceType: '110' },
            ...{ participationStatus: 'normal', paymentStatus: 'paying', months: ['2026-09'], monthsPaid: 1 },
            ...{ arrived: true, region: '990100' },
          },
        ],
      },
    ],
  ]),
};

/** The same when it knows nobody of that number. */
export const NONE: SourceReply = {
  dataTime: FOUND.dataTime,
  findings: new Map([[0, { answer: 'none' }]]),
};

/** One adapter process of the provider, without its place on the transport. */
export interface Instance {
  parts: AdapterParts;
  /** Answers a message as if it had come over the transport. */
  answer(message: WireMessage): Promise<WireMessage>;
  close(): Promise<void>;
}

/** Several adapters of one agency over one database, and the nodes of two agencies that ask them. */
export class Instances {
  requester!: AgencyNode;
  bystander!: AgencyNode;
  lookUp: QueryHandler['lookUp'] = () => Promise.reject(new Error('no behaviour'));
  providerUrl = (): string => '';
  requesterUrl = (): string => '';
  bystanderUrl = (): string => '';
  private readonly dir = mkdtempSync(join(tmpdir(), 'instances-'));
  private readonly bus = new InProcessBus();
  private readonly stores = new Map(
    [PROVIDER, REQUESTER, BYSTANDER, 'data-990000'].map((id) => [id, new KeyStore(join(this.dir, id), id)]),
  );
  private readonly opened = new Set<Instance>();
  private bundles = 0;
  private inForce = '';

  async prepare(): Promise<void> {
    await this.bus.createTopics([topicSpecs.registry(), topicSpecs.tail()]);
    this.inForce = this.nextBundle();
    this.requester = await this.node(REQUESTER, 'gateway', 0, this.requesterUrl());
    this.bystander = await this.node(BYSTANDER, 'gateway', 0, this.bystanderUrl());
  }

  /** Starts the instance with this number, or starts it again. */
  async open(ordinal: number): Promise<Instance> {
    const node = await this.node(PROVIDER, 'adapter', ordinal, this.providerUrl());
    await node.bundles.offer(PROVIDER, this.inForce);
    const parts = this.assemble(node);
    const instance: Instance = {
      parts,
      answer: (message) => answerQuestion(parts, topics.request(PROVIDER), message),
      close: async () => {
        this.opened.delete(instance);
        parts.guard.close();
        await node.close();
      },
    };
    this.opened.add(instance);
    return instance;
  }

  /** Puts the next bundle of changed schemes in force by way of one instance; the others have its row in the database only. */
  async publish({ parts }: Instance, change: (schemes: SchemeSource[]) => void): Promise<number> {
    this.inForce = this.nextBundle(change);
    await parts.node.bundles.offer(PROVIDER, this.inForce);
    return this.bundles;
  }

  /** What the requester reads of a reply, its disclosure verified. */
  async read(reply: WireMessage): Promise<Opened> {
    const opened = await this.requester.opener.open(topics.reply(REQUESTER), reply);
    this.requester.peers.verify(opened.entry, { kind: 'disclosure', from: PROVIDER });
    return opened;
  }

  async closeInstances(): Promise<void> {
    for (const instance of this.opened) await instance.close();
  }

  async close(): Promise<void> {
    await this.requester.close();
    await this.bystander.close();
    await this.bus.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private assemble(node: AgencyNode): AdapterParts {
    const { agency, origin } = node;
    const guard = new SourceGuard();
    const provided = [...contracts.contracts.values()].filter(({ code }) => agency.provides.includes(code));
    const handlers = provided.map(({ id }) => ({
      query: id,
      lookUp: (asked: Parameters<QueryHandler['lookUp']>[0]) => this.lookUp(asked),
    }));
    const metrics = new Metrics({ agency: agency.id, role: 'adapter', ordinal: origin.split('/')[2]! });
    return {
      node,
      handlers: new Map(handlers.map((handler) => [handler.query, handler])),
      guard,
      quota: createQuota({ pool: node.database.pool, clock: node.clock, subjectKey: node.epochKey }),
      repeats: new Repeats(node),
      seen: new SeenMessages(),
      observe: new AdapterObserver(metrics, node.logger, guard),
    };
  }

  private node(agency: string, role: 'adapter' | 'gateway', ordinal: number, databaseUrl: string) {
    const settings = {
      ...{ agency, role, ordinal, databaseUrl, dir: join(this.dir, agency) },
      ...{ registryKey: formatVerifierKey(this.registrar()), registryNote: this.registry() },
      ...{ monitor: 'data-990000', synthetic: 'accept' as const },
    };
    const migrations = role === 'adapter' ? [...quotaMigrations, ...repeatMigrations] : [];
    const logger = createLogger('silent');
    return openNode(settings, { contracts, broker: this.bus, logger, migrations });
  }

  private registry(): string {
    const provider = this.store(PROVIDER);
    const requesters = [REQUESTER, BYSTANDER].map((id) => this.store(id));
    const keys = [
      ...[provider, ...requesters].map((store) => store.ensure('hpke', AT)),
      ...[0, 1].map((ordinal) => provider.logKey(`${PROVIDER}/adapter/${ordinal}`, AT)),
      ...requesters.map((store) => store.logKey(`${store.agency}/gateway/0`, AT)),
      provider.ensure('scheme', AT),
    ].map(publicPart);
    const agencies = [PROVIDER, REQUESTER, BYSTANDER].map((id) => this.agency(id));
    const issuedAt = new Date(AT).toISOString();
    return signRegistry(compileRegistry({ number: 1, issuedAt, agencies, keys }), this.registrar());
  }

  private nextBundle(change: (schemes: SchemeSource[]) => void = () => undefined): string {
    const provider = this.agency(PROVIDER);
    const schemes = structuredClone(contracts.schemesOf(provider));
    change(schemes);
    const issuedAt = new Date(AT).toISOString();
    const number = (this.bundles += 1);
    const bundle = compileBundle({ provider, number, issuedAt, schemes, contracts: contracts.contracts });
    const { privateKey } = this.store(PROVIDER).ensure('scheme', AT);
    return signBundle(bundle, noteSigner(schemeKeyName(PROVIDER), privateKey));
  }

  /** What an instance says to a question: the word of its answer, or the name of its problem. */
  async told(instance: Instance, question: WireMessage): Promise<string> {
    try {
      const { body } = await this.read(await instance.answer(question));
      return (JSON.parse(body.toString()) as AnswerBody).answer;
    } catch (error) {
      return (error as Problem).problem;
    }
  }

  private agency(id: string): Agency {
    return contracts.agencies.get(id)!;
  }

  private registrar() {
    return noteSigner('p/registry', this.store('data-990000').ensure('registry', AT).privateKey);
  }

  private store(agency: string): KeyStore {
    return this.stores.get(agency)!;
  }
}

/** Databases and a requester for the specs of one file; what a test opened is closed after it. */
export function useInstances(): Instances {
  const instances = new Instances();
  instances.providerUrl = useDatabaseUrl();
  instances.requesterUrl = useDatabaseUrl();
  instances.bystanderUrl = useDatabaseUrl();
  beforeAll(() => instances.prepare(), 30_000);
  afterEach(() => instances.closeInstances());
  afterAll(() => instances.close());
  return instances;
}

/** Of how many subjects there was nothing, as the provider's database has it counted. */
export async function noneCounted({ parts }: Instance): Promise<number> {
  const { rows } = await parts.node.database.pool.query<{ none: number }>(
    'select coalesce(sum(none), 0)::int as none from quota_day',
  );
  return rows[0]!.none;
}
