import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  evidenceMigrations,
  LogReader,
  subjectCommitment,
  verifyReceipt,
  type LogWriter,
  type Receipt,
} from '#evidence';
import { person, useDatabase } from '#testing';
import { decodeEntryBundle, hashLeaf, noteVerifier, rootFromTiles, tilePath, verifyConsistency } from '#tlog';
import {
  NOW,
  Province,
  disclosure,
  epochKey,
  refusal,
  startTestAudit,
  type SpecAgency,
} from './audit.fixture.js';
import { auditMigrations, type RunningAudit } from './index.js';

const province = new Province();
const database = useDatabase([...evidenceMigrations, ...auditMigrations]);
const asked = person(1);
const exchange = randomUUID();
let log: LogWriter;
let audit: RunningAudit;

beforeAll(async () => {
  log = await province.openLog(database(), () => NOW);
  await log.append(
    disclosure({ exchange, subjectIndex: [subjectCommitment(epochKey, 'citizen-id', asked.idNumber)] }),
  );
  await Promise.all(Array.from({ length: 299 }, () => log.append(disclosure())));
  await log.close();
  const more = { keepAccess: 3, metricsToken: 'collector-7' };
  audit = await startTestAudit(province, { database: database(), ...more });
});
afterAll(() => audit.close());

const open = (path: string): Promise<Response> => fetch(`${audit.url}${path}`);
const as = (agency: SpecAgency, path: string, body?: string): Promise<Response> =>
  province.fetchAs(agency, `${audit.url}${path}`, NOW, body);
const bytes = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
const logs = `/logs/${province.origin}`;

describe('a log’s open files', () => {
  test.each([
    '/logs/hrss-1/adapter/1/checkpoint',
    '/logs/hrss-1/adapter/0',
    '/logs/hrss-1/adapter/0/',
    '/logs/hrss-1/adapter/0/checkpoint/',
    '/logs/hrss-1/adapter/0/checkpoint?x=1',
    '/logs/hrss-1/adapter/0/tile/0/0',
    '/logs/hrss-1/adapter/0/tile/0/000.p/0',
    '/logs/hrss-1/adapter/0/tile/0/000.p/256',
    '/logs/hrss-1/adapter/0/tile/0/001',
    '/logs/hrss-1/adapter/0/tile/0/001.p/45',
    '/logs/hrss-1/adapter/0/tile/1/000.p/2',
    '/logs/hrss-1/adapter/0/tile/1/000',
    '/logs/hrss-1/adapter/0/tile/0/x000/000',
    '/logs/hrss-1/adapter/0/tile/0/%30%30%30',
    '/logs/hrss-1/adapter/0/../0/checkpoint%20',
    '/logs/hrss-1%2Fadapter/0/checkpoint',
  ])('are not there under another name: %s', async (path) => {
    expect(await refusal(open(path))).toEqual({ status: 404, code: 4040 });
  });

  test('are a checkpoint that is asked for again each time', async () => {
    const answer = await open(`${logs}/checkpoint`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toBe(log.checkpoint().note);
  });

  test('are tiles that give the signed root, full ones for ever and partial ones for now', async () => {
    const kept: Record<string, string | null> = {};
    const source = {
      tile: async (level: number, n: number, width: number) => {
        const answer = await open(`${logs}/${tilePath(level, n, width)}`);
        expect(answer.headers.get('content-type')).toBe('application/octet-stream');
        kept[tilePath(level, n, width)] = answer.headers.get('cache-control');
        return bytes(answer);
      },
    };
    expect(await rootFromTiles(source, 300)).toEqual(log.checkpoint().root);
    await source.tile(0, 0, 256);
    expect(kept).toEqual({
      'tile/0/000': 'public, max-age=31536000, immutable',
      'tile/0/001.p/44': 'public, no-cache',
      'tile/1/000.p/1': 'public, no-cache',
    });
  });
});

describe('entries', () => {
  const path = `${logs}/tile/entries/001.p/44`;

  test('are refused without a signature, with one for another address, and to an agency that is neither owner nor monitor', async () => {
    expect(await refusal(open(path))).toEqual({ status: 401, code: 4010, field: 'signature-input' });
    const signed = province.fetchAs('data-1', `${audit.url.replace('127.0.0.1', 'localhost')}${path}`, NOW);
    expect(await refusal(signed)).toEqual({ status: 401, code: 4010, field: '@authority' });
    expect(await refusal(as('housing-1', path))).toEqual({ status: 403, code: 4037 });
  });

  test.each(['hrss-1', 'data-1'] as const)('are the public lines, for %s', async (agency) => {
    const answer = await as(agency, path);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    const lines = decodeEntryBundle(await bytes(answer), 44);
    const stored = await new LogReader({ database: database() }).entries(province.origin, 256, 44);
    expect(lines).toEqual(stored.map(({ publicLine }) => publicLine));
    expect(lines.map(hashLeaf)).toEqual(stored.map(({ leaf }) => leaf));
  });
});

describe('receipts', () => {
  const verifier = noteVerifier(
    province.origin,
    province.registry.current.logKeys(province.origin)[0]!.publicKey,
  );

  test.each([
    ['fund-1', `/v1/receipts/${exchange}`],
    ['data-1', `/v1/receipts/${exchange}`],
    ['hrss-1', `/v1/receipts/${randomUUID()}`],
    ['hrss-1', '/v1/receipts/none'],
  ] as const)('do not exist for %s at %s', async (agency, path) => {
    expect(await refusal(as(agency, path))).toEqual({ status: 404, code: 4040 });
  });

  test.each([
    ['hrss-1', true],
    ['housing-1', false],
  ] as const)('verify for %s, with the private line: %s', async (agency, withPrivate) => {
    const answer = (await (await as(agency, `/v1/receipts/${exchange}`)).json()) as { receipts: Receipt[] };
    expect(answer.receipts).toHaveLength(1);
    const check = verifyReceipt(answer.receipts[0], [verifier]);
    expect({ valid: check.valid, exchange: check.entry?.exchange, index: check.index }).toEqual({
      valid: true,
      exchange,
      index: 0,
    });
    expect(check.private !== undefined).toBe(withPrivate);
  });
});

describe('a consistency proof', () => {
  const path = `/v1/consistency/${province.origin}`;

  test.each([
    ['', { status: 422, code: 4003, field: 'from' }],
    ['?from=0', { status: 422, code: 4003, field: 'from' }],
    ['?from=9&to=8', { status: 422, code: 4003, field: 'from' }],
    ['?from=1e2', { status: 422, code: 4003, field: 'from' }],
    ['?from=1&from=2', { status: 422, code: 4003, field: 'from' }],
    ['?from=1&to=301', { status: 404, code: 4040, field: 'to' }],
    ['?from=1&size=3', { status: 422, code: 4003, field: '(unknown)' }],
  ])('is refused for %j', async (query, expected) => {
    expect(await refusal(as('fund-1', path + query))).toEqual(expected);
  });

  test('shows any registered agency that the log only grew', async () => {
    const { proof, ...rest } = (await (await as('fund-1', `${path}?from=7`)).json()) as { proof: string[] };
    expect(rest).toEqual({ origin: province.origin, from: 7, to: 300, checkpoint: log.checkpoint().note });
    const oldRoot = await rootFromTiles(new LogReader({ database: database() }).tiles(province.origin), 7);
    const claim = { oldSize: 7, newSize: 300, oldRoot, newRoot: log.checkpoint().root };
    expect(verifyConsistency({ ...claim, proof: proof.map((hash) => Buffer.from(hash, 'base64')) })).toBe(
      true,
    );
  });
});

test('health and metrics tell of the process without saying what was read', async () => {
  expect(await (await open('/health/live')).json()).toEqual({ status: 'ok' });
  expect(await (await open('/health/ready')).json()).toEqual({ status: 'ok', database: true, registry: 1 });
  const collect = (authorization: string): Promise<Response> =>
    fetch(`${audit.url}/metrics`, { headers: { authorization } });
  expect((await open('/metrics')).status).toBe(401);
  expect((await collect('Bearer collector-8')).status).toBe(401);
  const metrics = await (await collect('Bearer collector-7')).text();
  expect(metrics).toContain('route="/v1/receipts/:exchange",status="404"');
  expect(metrics).not.toContain(exchange);
});
