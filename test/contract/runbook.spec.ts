import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { monitorMigrations, startMonitor, type RunningMonitor } from '#apps/monitor';
import { openDatabase, type Database } from '#database';
import { Opener } from '#envelope';
import { checkLog, evidenceMigrations, openLogWriter, type LogWriter } from '#evidence';
import { InProcessBus, topicSpecs } from '#messaging';
import { createLogger } from '#observability';
import {
  compileRegistry,
  exportPublicKey,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
} from '#registry';
import { startProgram, useDatabase, useDatabaseUrl } from '#testing';
import { noteSigner, noteVerifier } from '#tlog';
import { copyLog, LogFiles } from '../../apps/monitor/src/monitor.fixture.js';

/** The programs that the runbook tells to run, as they stand there: filling a log again, closing it in a successor. */
const [refill, close] = [
  ...readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8').matchAll(
    /<<'JS'\n([\s\S]*?)\nJS\n/g,
  ),
].map(([, program]) => program!) as [string, string];

const AGENCY = 'hrss-1';
const ORIGIN = `${AGENCY}/adapter/0`;
const SUCCESSOR = `${AGENCY}/adapter/1`;
const since = Date.now() - 60_000;
const dir = mkdtempSync(join(tmpdir(), 'runbook-'));
const [own, watching] = ([AGENCY, 'data-1'] as const).map((id) => new KeyStore(join(dir, id), id)) as [
  KeyStore,
  KeyStore,
];
const nodeDir = join(dir, AGENCY);
const node = useDatabase(evidenceMigrations);
const monitorDatabase = useDatabase(monitorMigrations);
const restoredUrl = useDatabaseUrl();
const files = new LogFiles(node);
const bus = new InProcessBus();
let restored: Database;
let monitor: RunningMonitor;
let writer: LogWriter | undefined;

beforeAll(async () => {
  restored = await openDatabase({ url: restoredUrl(), name: 'restored', migrations: evidenceMigrations });
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
  expect(await run(refill)).toBe('400 entries refilled, 700 in all\n');
  writer = await open(restored, ORIGIN);
  await append(writer, 1);
  expect(writer.health()).toMatchObject({ state: 'writing', size: 701 });
  await writer.close();
  expect(await checkLog(restored, ORIGIN, [verifierOf(ORIGIN)])).toEqual([]);
});

test('a log closed by the runbook is closed for good, and its successor says where it ended', async () => {
  expect(await run(close)).toBe(`${ORIGIN} is closed by entry 0 of ${SUCCESSOR}\n`);
  await expect(open(restored, ORIGIN)).rejects.toMatchObject({ problem: 'log-fenced' });
  const { rows } = await restored.pool.query<{ public: Buffer }>(
    'select public from log_entry where origin = $1',
    [SUCCESSOR],
  );
  expect(JSON.parse(rows[0]!.public.toString())).toMatchObject({ kind: 'epoch', to: ORIGIN, rows: 700 });
});

function open(database: Database, origin: string): Promise<LogWriter> {
  const [, role, ordinal] = origin.split('/');
  return openLogWriter({
    database,
    origin,
    signer: noteSigner(origin, own.logKey(origin, since).privateKey),
    sealKey: own.secret('seal'),
    edgeFile: join(nodeDir, `edge-${role}-${ordinal}`),
    tickEvery: 0,
  });
}

async function append(log: LogWriter, count: number): Promise<void> {
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: AGENCY, to: AGENCY });
  await Promise.all(Array.from({ length: count }, () => log.append(draft())));
}

/** Runs a program of the runbook with the variables that it asks for. */
async function run(program: string): Promise<string> {
  const variables = {
    ...{ AGENCY, ORIGIN, SUCCESSOR },
    ...{ NODE_DIR: nodeDir, DATABASE_URL: restoredUrl(), MONITOR: monitor.url },
  };
  const child = startProgram(`Object.assign(process.env, ${JSON.stringify(variables)});\n${program}`);
  const [output, exit] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(exit).toEqual([0, null]);
  return output;
}

function verifierOf(origin: string) {
  return noteVerifier(origin, Buffer.from(own.key(origin)!.publicKey, 'base64url'));
}

function registry(): RegistryHolder {
  const root = generateKeyPairSync('ed25519').privateKey;
  const keys = [own, watching].flatMap((store) => [
    store.ensure('http-signature', since),
    store.ensure('hpke', since),
  ]);
  const log = own.logKey(ORIGIN, since);
  const compiled = compileRegistry({
    number: 1,
    issuedAt: new Date(since).toISOString(),
    agencies: [agency(AGENCY, 'hrss'), agency('data-1', 'data')],
    keys: [...keys, log].map(publicPart),
  });
  const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(root), 'base64url'));
  return new RegistryHolder(signRegistry(compiled, noteSigner('p/registry', root)), pinned);
}

function agency(id: string, kind: 'hrss' | 'data') {
  const contact = { office: '', phone: '' };
  return { id, class: kind, name: '', uscc: '', region: '990000', provides: [], contact };
}

/** A monitor that has mirrored the whole log. */
async function watch(holder: RegistryHolder): Promise<RunningMonitor> {
  await bus.createTopics([topicSpecs.tail()]);
  const url = await files.start();
  const started = await startMonitor({
    database: monitorDatabase(),
    broker: bus,
    opener: new Opener({ keys: watching, registry: holder }),
    registry: holder,
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
