import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { call, question, sign } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const path = '/v1/queries/HR-SI-01';
const housing = 'housing-990100';

describe('who asks', () => {
  test('is the agency of the key, whatever a header says', async () => {
    const headers = { 'x-requester': 'housing-990000', 'x-agency': 'housing-990000', from: 'housing-990000' };
    const answer = await call(province(), { agency: housing, path, body: question(), headers });
    expect(answer.status).toBe(200);
    const [exchange] = answer.body['exchanges'] as { receipt: { entry: string } }[];
    expect((JSON.parse(exchange!.receipt.entry) as { to: string }).to).toBe(housing);
  });

  test('is nobody without a signature', async () => {
    const response = await fetch(province().gateways.get(housing)!.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question()),
    });
    expect([response.status, ((await response.json()) as { code: number }).code]).toEqual([401, 4010]);
  });

  test('is not another agency at this gateway', async () => {
    const answer = await call(province(), { agency: 'hrss-990000', at: housing, path, body: question() });
    expect([answer.status, answer.body['code']]).toEqual([403, 4037]);
  });

  test.each([
    ['a changed body', { sentBody: JSON.stringify(question({ region: '990200' })) }, 401, 4013],
    ['another content type', { headers: { 'content-type': 'application/json; charset=utf-16' } }, 401, 4010],
    ['a signature of two minutes ago', { now: Date.now() - 120_000 }, 401, 4011],
    ['a signature of two minutes ahead', { now: Date.now() + 120_000 }, 401, 4011],
  ])('%s is refused', async (_what, change, status, code) => {
    const answer = await call(province(), { agency: housing, path, body: question(), ...change });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test('cannot be replayed: neither the same request nor its signature on another path', async () => {
    const { url } = province().gateways.get(housing)!;
    const body = JSON.stringify(question());
    const headers = sign(province(), { agency: housing, method: 'POST', url: url + path, body });
    const send = async (to: string): Promise<unknown[]> => {
      const response = await fetch(url + to, { method: 'POST', headers, body });
      return [response.status, ((await response.json()) as { code?: number }).code];
    };
    expect(await send(path)).toEqual([200, undefined]);
    expect(await send(path)).toEqual([401, 4012]);
    expect(await send('/v1/queries/HR-LR-01')).toEqual([401, 4010]);
  });

  test('is written into the security log when it cannot be proved', async () => {
    const { pool } = province().gateways.get(housing)!.node.database;
    const count = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 1_200)); // the security log is written each second
      const { rows } = await pool.query<{ events: string }>(
        "select coalesce(sum(events), 0) as events from security_count where code = 'digest-mismatch'",
      );
      return Number(rows[0]!.events);
    };
    const before = await count();
    await call(province(), { agency: housing, path, body: question(), sentBody: '{}' });
    expect(await count()).toBe(before + 1);
  });
});

describe('an exchange', () => {
  test('is there for its own agency and for nobody else', async () => {
    const answer = await call(province(), { agency: housing, path, body: question() });
    const [{ exchange }] = answer.body['exchanges'] as [{ exchange: string }];
    const own = await call(province(), { agency: housing, path: `/v1/exchanges/${exchange}` });
    expect(own.body).toMatchObject({
      exchange,
      provider: 'hrss-990000',
      query: 'HR-SI-01@1',
      state: 'closed',
    });
    const foreign = await call(province(), { agency: 'housing-990000', path: `/v1/exchanges/${exchange}` });
    const nothing = await call(province(), {
      agency: 'housing-990000',
      path: `/v1/exchanges/${randomUUID()}`,
    });
    const without = ({ instance: _instance, ...rest }: Record<string, unknown>): unknown => rest;
    expect([foreign.status, without(foreign.body)]).toEqual([404, without(nothing.body)]);
  });
});
