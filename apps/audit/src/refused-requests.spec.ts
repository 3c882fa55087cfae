import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, SecurityLog, type LogWriter } from '#evidence';
import { useDatabase } from '#testing';
import { NOW, Province, startTestAudit, type SpecAgency } from './audit.fixture.js';
import { auditMigrations, type RunningAudit } from './index.js';

const province = new Province();
const database = useDatabase([...evidenceMigrations, ...auditMigrations]);
let log: LogWriter;
let audit: RunningAudit;
let security: SecurityLog;

beforeAll(async () => {
  log = await province.openLog(database(), () => NOW);
  await Promise.all(
    [1, 2].map(() => log.append({ kind: 'admin', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' })),
  );
  await log.close();
  security = new SecurityLog({ database: database(), clock: () => NOW, keep: 3 });
  audit = await startTestAudit(province, { database: database(), security });
});
afterAll(async () => {
  await audit.close();
  await security.close();
});

const open = (path: string): Promise<Response> => fetch(`${audit.url}${path}`);

/** What the security log has counted more of, by code. */
async function noted(attempt: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await security.counts();
  await attempt();
  const after = Object.entries(await security.counts());
  return Object.fromEntries(
    after
      .map(([code, n]) => [code, n - (before[code as keyof typeof before] ?? 0)] as const)
      .filter(([, n]) => n > 0),
  );
}

describe('a request that proves nobody', () => {
  const path = `/v1/consistency/${province.origin}?from=1`;
  const headersOf = (agency: SpecAgency, now: number): Record<string, string> =>
    province.sign(agency, `${audit.url}${path}`, now);
  const send = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${audit.url}${path}`, { headers });
  const as = (headers: Record<string, string>, keyId: string): Record<string, string> => {
    const input = headers['signature-input']!.replace(/keyid="[^"]+"/, `keyid="${keyId}"`);
    return { ...headers, 'signature-input': input };
  };

  test.each<[string, () => Promise<unknown>, Record<string, number>, string?]>([
    ['without a signature', () => open(path), { 'signature-invalid': 1 }],
    ['for metrics', () => open('/metrics'), { 'signature-invalid': 1 }],
    [
      'signed for another path',
      () => send(province.sign('fund-1', audit.url, NOW)),
      { 'signature-invalid': 1 },
      'fund-1',
    ],
    ['signed yesterday', () => send(headersOf('fund-1', NOW - 86_400_000)), { 'clock-skew': 1 }, 'fund-1'],
    [
      'with a key of an agency that never registered it',
      () => send(as(headersOf('fund-1', NOW), 'hrss-1/http-signature/9')),
      { 'key-unknown': 1 },
      'hrss-1',
    ],
    [
      'with a key of nobody, whose name is nobody’s business',
      () => send(as(headersOf('fund-1', NOW), '990101198503120010/x')),
      { 'key-unknown': 1 },
    ],
    [
      'with a path that cannot be decoded',
      () => open('/v1/receipts/990101198503120010%zz'),
      { 'malformed-request': 1 },
    ],
    [
      'that is no JSON',
      () => fetch(audit.url, { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } }),
      { 'media-type': 1 },
    ],
  ])('%s is noted by its code, and whom it names', async (_what, attempt, expected, claimed = '') => {
    expect(await noted(attempt)).toEqual(expected);
    const [newest] = await security.newest(1);
    const [code] = Object.keys(expected);
    expect(newest).toEqual({ at: new Date(NOW), code, claimed, topic: 'http' });
  });

  test('because its signature was used before is noted', async () => {
    const headers = headersOf('fund-1', NOW);
    expect((await send(headers)).status).toBe(200);
    expect(await noted(() => send(headers))).toEqual({ 'signature-replayed': 1 });
  });

  test('is one of a bounded number that are kept; one that proves somebody is not among them', async () => {
    for (let i = 0; i < 5; i += 1) await open(path);
    expect(await security.newest(100)).toHaveLength(3);
    expect(await noted(() => province.fetchAs('fund-1', `${audit.url}/v1/receipts/none`, NOW))).toEqual({});
  });
});
