import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { loadContracts } from '#contracts';
import { InProcessBus, topicSpecs } from '#messaging';
import { createLogger } from '#observability';
import {
  compileRegistry,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
  type Agency,
  type RegisteredKey,
} from '#registry';
import { schemeKeyName, signBundle } from '#sharing';
import { useDatabaseUrl } from '#testing';
import { formatVerifierKey, noteSigner, noteVerifier } from '#tlog';
import { openNode, type AgencyNode, type NodeSettings } from './index.js';

export const OWN = 'hrss-1';
export const PEER = 'fund-1';
export const LOG = `${OWN}/adapter/0`;
const SINCE = '2026-01-01T00:00:00.000Z';
const contracts = loadContracts();

/** A node of one agency, opened as often as a spec likes, and the signers of its province. */
export class TestNode {
  readonly dir = mkdtempSync(join(tmpdir(), 'node-'));
  readonly bus = new InProcessBus();
  private readonly stores = [OWN, PEER, 'data-1'].map((id) => new KeyStore(join(this.dir, id), id));
  private readonly opened = new Set<AgencyNode>();
  url = (): string => '';

  async open(): Promise<AgencyNode> {
    const logger = createLogger('silent');
    const node = await openNode(this.settings(), { contracts, broker: this.bus, logger });
    this.opened.add(node);
    return node;
  }

  async close(): Promise<void> {
    for (const node of this.opened) await node.close();
    this.opened.clear();
  }

  /** A bundle without grants, as its provider signs it. */
  bundle(provider: string, number: number): string {
    const signer = noteSigner(schemeKeyName(provider), this.store(provider).ensure('scheme', at).privateKey);
    return signBundle({ v: 1, provider, number, issuedAt: SINCE, schemes: [] }, signer);
  }

  /** A registry of what the stores hold, its log keys as given or as the own store has them. */
  registry(number: number, logKeys?: readonly RegisteredKey[]): string {
    const [own, peer] = [this.store(OWN), this.store(PEER)];
    const keys = [
      ...[own.ensure('hpke', at), own.ensure('http-signature', at)],
      ...[own, peer].map((store) => store.ensure('scheme', at)),
    ].map(publicPart);
    keys.push(...(logKeys ?? own.logKeys(LOG, at).map(publicPart)));
    const agencies = [agencyOf(OWN, 'hrss'), agencyOf(PEER, 'fund')];
    return signRegistry(compileRegistry({ number, issuedAt: SINCE, agencies, keys }), this.registrar());
  }

  /** The first registry in force, for what needs no more of a node. */
  holder(): RegistryHolder {
    const { name, publicKey } = this.registrar();
    return new RegistryHolder(this.registry(1), noteVerifier(name, publicKey));
  }

  private settings(): NodeSettings {
    return {
      ...{ agency: OWN, role: 'adapter', ordinal: 0, databaseUrl: this.url(), dir: join(this.dir, OWN) },
      ...{ registryKey: formatVerifierKey(this.registrar()), registryNote: this.registry(1) },
      ...{ monitor: 'data-1', synthetic: 'refuse' },
    };
  }

  private registrar() {
    return noteSigner('p/registry', this.store('data-1').ensure('registry', at).privateKey);
  }

  /** Another process on the same directory: it sees what the node's own processes wrote. */
  store(agency: string): KeyStore {
    const store = this.stores.find((one) => one.agency === agency)!;
    store.reload();
    return store;
  }
}

const at = Date.parse(SINCE);

function agencyOf(id: string, kind: Agency['class']): Agency {
  const contact = { office: '', phone: '' };
  return { id, class: kind, name: '', uscc: '', region: '990000', provides: [], contact };
}

/** A node with a database of its own for the specs of one file; what a test opened is closed after it. */
export function useNode(): TestNode {
  const node = new TestNode();
  node.url = useDatabaseUrl();
  beforeAll(() => node.bus.createTopics([topicSpecs.registry(), topicSpecs.bundle(), topicSpecs.tail()]));
  afterEach(() => node.close());
  afterAll(async () => {
    await node.bus.close();
    rmSync(node.dir, { recursive: true, force: true });
  });
  return node;
}
