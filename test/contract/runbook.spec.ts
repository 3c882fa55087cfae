import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { monitorMigrations, startMonitor, type RunningMonitor } from '#apps/monitor';
import { openDatabase, type Database } from '#database';
import { Opener } from '#envelope';
import { checkLog, evidenceMigrations, openLogWriter, SecurityLog, type LogWriter } from '#evidence';
import { InProcessBus, topicSpecs } from '#messaging';
import { RegistryCopy } from '#node';
import { createLogger } from '#observability';
import { dayOf, quotaMigrations } from '#quota';
import {
  compileRegistry,
  exportPublicKey,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
} from '#registry';
import { useDatabase, useDatabaseUrl } from '#testing';
import { noteSigner, noteVerifier } from '#tlog';
import { copyLog, LogFiles } from '../../apps/monitor/src/monitor.fixture.js';

const ROOT = join(import.meta.dirname, '../..');
const RUNBOOK = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
/** What the runbook calls, from the sources: a build of everything is `npm run cli`'s own matter. */
const NPM = `npm() { shift 3; "$NODE" --conditions=source --import ./scripts/run-sources.mjs apps/cli/src/main.ts "$@"; }`;

const AGENCY = 'hrss-1';
const ORIGIN = `${AGENCY}/adapter/0`;
const SUCCESSOR = `${AGENCY}/adapter/1`;
const since = Date.now() - 60_000;
const dir = mkdtempSync(join(tmpdir(), 'runbook-'));
const [own, watching] = ([AGENCY, 'data-1'] as const).map((id) => new KeyStore(join(dir, id), id)) as [
  KeyStore,
  KeyStore,
];
own.secret('epoch', { create: true });
const nodeDir = join(dir, AGENCY);
const root = generateKeyPairSync('ed25519').privateKey;
const node = useDatabase(evidenceMigrations);
const monitorDatabase = useDatabase(monitorMigrations);
const restoredUrl = useDatabaseUrl();
const files = new LogFiles(node);
const bus = new InProcessBus();
let restored: Database;
let monitor: RunningMonitor;
let writer: LogWriter | undefined;

beforeAll(async () => {
  const migrations = [...evidenceMigrations, ...quotaMigrations];
  restored = await openDatabase({ url: restoredUrl(), name: 'restored', migrations });
  writer = await open(node(), ORIGIN);
  await append(writer, 300);
  await copyLog(node(), restored, ORIGIN);
  await append(writer, 400);
  await writer.close();
  monitor = await watch(registry());
});

afterAll(async () => {
  await writer?.close();
  await monitor.close();
  await files.stop();
  await bus.close();
  await restored.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a node restored from an older copy goes on after the runbook’s refill, with the same root', async () => {
  await expect(open(restored, ORIGIN)).rejects.toMatchObject({ problem: 'log-behind-edge' });
  const today = dayOf(Date.now());
  const out = await run('log refill');
  const spent = await spentDays();
  expect([today, dayOf(Date.now())]).toContain(spent[0]);
  expect(out).toBe(
    `${ORIGIN}: 400 entries refilled, 700 in all; entry 700 says so\n${spent[0]} counts as spent: nothing is answered until midnight in China\n`,
  );
  writer = await open(restored, ORIGIN);
  await append(writer, 1);
  expect(writer.health()).toMatchObject({ state: 'writing', size: 702 });
  await writer.close();
  expect(await checkLog(restored, ORIGIN, [verifierOf(ORIGIN)])).toEqual([]);
});

test('a log closed by the runbook is closed for good, and its successor says where it ended', async () => {
  await restored.pool.query('delete from quota_spent_day');
  own.logKey(SUCCESSOR, since);
  expect(await run('log close')).toContain(`${ORIGIN} is closed at 700 entries by entry 0 of ${SUCCESSOR}\n`);
  expect(await spentDays()).toHaveLength(1);
  await expect(open(restored, ORIGIN)).rejects.toMatchObject({ problem: 'log-fenced' });
  const { rows } = await restored.pool.query<{ public: Buffer }>(
    'select public from log_entry where origin = $1',
    [SUCCESSOR],
  );
  expect(JSON.parse(rows[0]!.public.toString())).toMatchObject({ kind: 'epoch', to: ORIGIN, rows: 700 });
});

test('a registry that the runbook tells to publish is in force at the monitor, and nobody else may bring it', async () => {
  const file = join(dir, 'registry-000002.note');
  writeFileSync(file, registryNote(2));
  const REGISTRY = file;
  await expect(run('registry publish', { REGISTRY })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('4037') as unknown,
  });
  expect(await run('registry publish', { REGISTRY, KEY: keyFile('data-1') })).toBe(
    'registry 2 is in force, published to every node\n',
  );
  const { registry: number } = (await (await fetch(`${monitor.url}/health/ready`)).json()) as {
    registry: number;
  };
  expect(number).toBe(2);
});

test('the next key of a log is made as the runbook prints it, and applied for in the words that it names', async () => {
  const out = await run('keys rotate', { AGENCY });
  expect(out).toContain(`made:\n${ORIGIN} (log), from `);
  expect(out).toContain('\nthe log changes over when a registry has it\n');
  own.reload();
  expect(own.logKeys(ORIGIN, since).map(({ fromSize }) => fromSize)).toEqual([0, 1]);
});

function keyFile(agency: string): string {
  return join(dir, agency, 'keys', 'http-signature.000001.json');
}

async function spentDays(): Promise<string[]> {
  const { rows } = await restored.pool.query<{ day: string }>('select day::text from quota_spent_day');
  return rows.map(({ day }) => day);
}

function open(database: Database, origin: string): Promise<LogWriter> {
  const [, role, ordinal] = origin.split('/');
  return openLogWriter({
    database,
    origin,
    signer: noteSigner(origin, own.logKey(origin, since).privateKey),
    sealKey: own.secret('seal', { create: true }),
    edgeFile: join(nodeDir, `edge-${role}-${ordinal}`),
    tickEvery: 0,
  });
}

async function append(log: LogWriter, count: number): Promise<void> {
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: AGENCY, to: AGENCY });
  await Promise.all(Array.from({ length: count }, () => log.append(draft())));
}

/** Runs a command of the runbook, as it stands there, with the variables that it tells to set. */
async function run(command: string, more: Record<string, string> = {}): Promise<string> {
  const [line] = RUNBOOK.split('\n').filter((text) => text.startsWith(`npm run cli -- ${command} `));
  const env = {
    ...{ PATH: process.env['PATH'], NODE: process.execPath },
    ...{ ORIGIN, SUCCESSOR, NODE_DIR: nodeDir, DATABASE_URL: restoredUrl(), MONITOR: monitor.url },
    KEY: keyFile(AGENCY),
    ...more,
  };
  const shell = promisify(execFile)('sh', ['-ec', `${NPM}\n${line}`], { cwd: ROOT, env });
  const { stdout, stderr } = await shell;
  expect(stderr).toBe('');
  return stdout;
}

function verifierOf(origin: string) {
  return noteVerifier(origin, Buffer.from(own.key(origin)!.publicKey, 'base64url'));
}

function registry(): RegistryHolder {
  const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(root), 'base64url'));
  return new RegistryHolder(registryNote(1), pinned);
}

function registryNote(number: number): string {
  const keys = [own, watching].flatMap((store) => [
    store.ensure('http-signature', since),
    store.ensure('hpke', since),
  ]);
  const log = own.logKey(ORIGIN, since);
  const compiled = compileRegistry({
    number,
    issuedAt: new Date(since).toISOString(),
    agencies: [agency(AGENCY, 'hrss'), agency('data-1', 'data')],
    keys: [...keys, log].map(publicPart),
  });
  return signRegistry(compiled, noteSigner('p/registry', root));
}

function agency(id: string, kind: 'hrss' | 'data') {
  const contact = { office: '', phone: '' };
  return { id, class: kind, name: '', uscc: '', region: '990000', provides: [], contact };
}

/** A monitor that has mirrored the whole log. */
async function watch(holder: RegistryHolder): Promise<RunningMonitor> {
  await bus.createTopics([topicSpecs.tail(), topicSpecs.registry()]);
  const url = await files.start();
  const started = await startMonitor({
    database: monitorDatabase(),
    broker: bus,
    opener: new Opener({ keys: watching, registry: holder }),
    registry: holder,
    registryCopy: new RegistryCopy(monitorDatabase()),
    security: new SecurityLog({ database: monitorDatabase() }),
    agency: 'data-1',
    auditUrls: { [AGENCY]: url },
    pullKey: () => {
      const { id, privateKey } = watching.current('http-signature', Date.now())!;
      return { keyId: id, privateKey };
    },
    http: { host: '127.0.0.1', port: 0 },
    logger: createLogger('silent'),
  });
  await started.watch();
  return started;
}
