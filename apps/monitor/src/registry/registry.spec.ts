import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { signRequest } from '#identity';
import { InProcessBus, topicSpecs } from '#messaging';
import { followRegistry, openObserver, type Following, type NodeSettings, type Observer } from '#node';
import { createLogger } from '#observability';
import { compileRegistry, KeyStore, publicPart, signRegistry, type Agency } from '#registry';
import { useDatabaseUrl } from '#testing';
import { formatVerifierKey, noteSigner } from '#tlog';
import { monitorMigrations, startMonitor, type RunningMonitor } from '../index.js';
import { refusal, until } from '../monitor-bench.fixture.js';

const dir = mkdtempSync(join(tmpdir(), 'registry-'));
const since = Date.now() - 60_000;
const storeOf = (id: string) => new KeyStore(join(dir, id), id);
const [province, agency] = [storeOf('data-1'), storeOf('hrss-1')];
const pinned = noteSigner('p/registry', province.ensure('registry', since).privateKey);
const stranger = noteSigner('p/registry', agency.ensure('scheme', since).privateKey);
const watchingUrl = useDatabaseUrl();
const nodeUrl = useDatabaseUrl();
const lateUrl = useDatabaseUrl();
const bus = new InProcessBus();
let observer: Observer;
let node: Observer;
let following: Following;
let monitor: RunningMonitor;

beforeAll(async () => {
  await bus.createTopics([topicSpecs.tail(), topicSpecs.registry()]);
  observer = await observe('data-1', 'monitor', watchingUrl());
  node = await observe('hrss-1', 'gateway', nodeUrl());
  following = await followRegistry(node);
  const http = { host: '127.0.0.1', port: 0 };
  const pullKey = () => keyOf(province);
  monitor = await startMonitor({ ...observer, agency: 'data-1', auditUrls: {}, pullKey, http });
});

afterAll(async () => {
  await monitor.close();
  await following.close();
  await node.close();
  await observer.close();
  await bus.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a registry that is brought to the monitor', () => {
  test('is refused unsigned, from an agency that does not keep it, and not as a body of another shape', async () => {
    const body = JSON.stringify({ note: registry(2) });
    const headers = { 'content-type': 'application/json' };
    const bare = fetch(`${monitor.url}/v1/registry`, { method: 'POST', body, headers });
    expect(await refusal(bare)).toEqual({ status: 401, code: 4010, field: 'signature-input' });
    expect(await refusal(post({ note: registry(2) }, agency))).toEqual({ status: 403, code: 4037 });
    expect(await refusal(post({ registry: registry(2) }))).toMatchObject({ status: 422, code: 4003 });
    expect(observer.registry.current.number).toBe(1);
  });

  test('of another signer, or with another content under a known number, changes nothing and is noted', async () => {
    expect(await refusal(post({ note: registry(2, stranger) }))).toEqual({ status: 422, code: 7011 });
    const other = registry(1, pinned, '2026-01-02T00:00:00.000Z');
    expect(await refusal(post({ note: other }))).toEqual({ status: 409, code: 7012, field: '/number' });
    expect(observer.registry.current.number).toBe(1);
    const noted = await observer.security.newest(2);
    expect(noted.map(({ code, claimed, topic }) => [code, claimed, topic])).toEqual([
      ['registry-rollback', 'data-1', 'registry'],
      ['registry-signature', 'data-1', 'registry'],
    ]);
  });

  test('is in force here, kept, and reaches every node; an older one is refused from then on', async () => {
    const note = registry(2);
    expect(await (await post({ note })).json()).toEqual({ registry: 2, changed: true });
    await until(() => Promise.resolve(node.registry.current.number === 2));
    for (const { database } of [observer, node]) {
      await until(async () => (await keptIn(database)) === note);
    }
    expect(await (await post({ note })).json()).toEqual({ registry: 2, changed: false });
    expect(await refusal(post({ note: registry(1) }))).toMatchObject({ status: 409, code: 7012 });
  });

  test('of many brought at once, the highest is the one that a node finds when it comes later', async () => {
    const answers = await Promise.all([3, 4, 5].map((number) => post({ note: registry(number) })));
    const highest = observer.registry.current.number;
    expect(highest).toBe(5);
    expect(answers.map(({ status }) => status)).toContain(200);
    const late = await observe('hrss-1', 'adapter', lateUrl());
    const caught = await followRegistry(late);
    expect(late.registry.current.number).toBe(5);
    await caught.close();
    await late.close();
  });
});

function post(body: unknown, store = province): Promise<Response> {
  const url = `${monitor.url}/v1/registry`;
  const text = JSON.stringify(body);
  const headers = signRequest({ method: 'POST', url, body: text, ...keyOf(store), now: Date.now() });
  return fetch(url, { method: 'POST', body: text, headers });
}

function keyOf(store: KeyStore) {
  const { id, privateKey } = store.ensure('http-signature', since);
  return { keyId: id, privateKey };
}

function registry(number: number, signer = pinned, issuedAt = '2026-01-01T00:00:00.000Z'): string {
  const keys = [province, agency].flatMap((store) => [
    store.ensure('http-signature', since),
    store.ensure('hpke', since),
  ]);
  const agencies = [agencyOf('data-1', 'data'), agencyOf('hrss-1', 'hrss')];
  return signRegistry(compileRegistry({ number, issuedAt, agencies, keys: keys.map(publicPart) }), signer);
}

function agencyOf(id: string, kind: Agency['class']): Agency {
  const contact = { office: '', phone: '' };
  return { id, class: kind, name: '', uscc: '', region: '990000', provides: [], contact };
}

function observe(id: string, role: NodeSettings['role'], databaseUrl: string): Promise<Observer> {
  const settings: NodeSettings = {
    ...{ agency: id, role, ordinal: 0, databaseUrl, dir: join(dir, id) },
    ...{ registryKey: formatVerifierKey(pinned), registryNote: registry(1), monitor: 'data-1' },
    synthetic: 'refuse',
  };
  const migrations = role === 'monitor' ? monitorMigrations : [];
  const logger = createLogger('silent');
  return openObserver(settings, { contracts: loadContracts(), broker: bus, logger, migrations });
}

async function keptIn({ pool }: Observer['database']): Promise<string | undefined> {
  const { rows } = await pool.query<{ note: string }>('select note from registry_copy');
  return rows[0]?.note;
}
