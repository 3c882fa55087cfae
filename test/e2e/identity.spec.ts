import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { registryOf } from '#apps/demo';
import { trustRegistry, verifyReceiptBy, type ExchangeState } from '#client';
import { type Receipt } from '#evidence';
import { hashLeaf } from '#tlog';
import { startBeside } from '../support/gateway-beside.js';
import { call, question, sign, type Answer } from '../support/http.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted } from '../support/wire.js';

const province = useProvince();
const path = '/v1/queries/HR-SI-01';
const housing = 'housing-990100';

/** What the gateway's security log has counted more of. */
const noting = (attack: () => Promise<unknown>): Promise<string[]> =>
  codesNoted(province().gateways.get(housing)!.node, attack);

interface Sent {
  headers: Record<string, string>;
  body: string;
}

/** A question as its agency's system signed it. */
function signed(body: string): Sent {
  const url = province().gateways.get(housing)!.url + path;
  return { headers: sign(province(), { agency: housing, method: 'POST', url, body }), body };
}

async function send(to: string, sent: Sent): Promise<[number, number | undefined]> {
  const response = await fetch(province().gateways.get(housing)!.url + to, { method: 'POST', ...sent });
  return [response.status, ((await response.json()) as { code?: number }).code];
}

describe('who asks', () => {
  test('is the agency of the key, whatever a header says', async () => {
    const headers = { 'x-requester': 'housing-990000', 'x-agency': 'housing-990000', from: 'housing-990000' };
    const answer = await call(province(), { agency: housing, path, body: question(), headers });
    expect(answer.status).toBe(200);
    const [exchange] = answer.body['exchanges'] as { receipt: { entry: string } }[];
    expect((JSON.parse(exchange!.receipt.entry) as { to: string }).to).toBe(housing);
  });

  test('is nobody without a signature, and that is noted', async () => {
    const headers = { 'content-type': 'application/json' };
    let answer: unknown;
    const noted = await noting(async () => {
      answer = await send(path, { headers, body: JSON.stringify(question()) });
    });
    expect([answer, noted]).toEqual([[401, 4010], ['signature-invalid']]);
  });

  test.each([
    [
      'a changed body',
      { sentBody: JSON.stringify(question({ region: '990200' })) },
      [401, 4013, 'digest-mismatch'],
    ],
    [
      'another content type',
      { headers: { 'content-type': 'application/json; charset=utf-8' } },
      [401, 4010, 'signature-invalid'],
    ],
    ['a signature of two minutes ago', { now: Date.now() - 120_000 }, [401, 4011, 'clock-skew']],
    ['a signature of two minutes ahead', { now: Date.now() + 120_000 }, [401, 4011, 'clock-skew']],
    ['the signature of another agency', { agency: 'hrss-990000', at: housing }, [403, 4037, 'not-entitled']],
  ])('%s is refused, and noted', async (_what, change, [status, code, name]) => {
    const asking = { agency: housing, path, body: question(), ...change };
    let answer: Answer | undefined;
    const noted = await noting(async () => (answer = await call(province(), asking)));
    expect([answer!.status, answer!.body['code'], noted]).toEqual([status, code, [name]]);
  });

  test('cannot be proved with a key that is not registered, and that is noted', async () => {
    const { headers, body } = signed(JSON.stringify(question()));
    const input = headers['signature-input']!.replace(/keyid="[^"]+"/, 'keyid="nobody"');
    let answer: unknown;
    const noted = await noting(async () => {
      answer = await send(path, { headers: { ...headers, 'signature-input': input }, body });
    });
    expect([answer, noted]).toEqual([[401, 4014], ['key-unknown']]);
  });

  test('cannot be replayed: neither the same request nor its signature on another path, and both are noted', async () => {
    const request = signed(JSON.stringify(question()));
    expect(await send(path, request)).toEqual([200, undefined]);
    const answers: unknown[] = [];
    const again = async (to: string): Promise<unknown> => answers.push(await send(to, request));
    const noted = [await noting(() => again(path)), await noting(() => again('/v1/queries/HR-LR-01'))];
    expect(answers).toEqual([
      [401, 4012],
      [401, 4010],
    ]);
    expect(noted).toEqual([['signature-replayed'], ['signature-invalid']]);
  });
});

describe('an exchange', () => {
  const asked = async (): Promise<{ exchange: string; receipt: Receipt }> => {
    const { body } = await call(province(), { agency: housing, path, body: question() });
    return (body['exchanges'] as [{ exchange: string; receipt: Receipt }])[0];
  };
  const leafOf = ({ entry }: Receipt): string => hashLeaf(Buffer.from(entry)).toString('base64url');

  test('is there for its own agency, with the receipts of what was asked and what came of it', async () => {
    const { exchange, receipt } = await asked();
    const { body } = await call(province(), { agency: housing, path: `/v1/exchanges/${exchange}` });
    const { receipts, ...state } = body as unknown as ExchangeState;
    const { intent, outcome } = receipts as Required<typeof receipts>;
    const trust = trustRegistry(registryOf(province()));
    const [first, last] = [intent, outcome].map((one) => verifyReceiptBy(one, trust));
    expect([first!.findings, last!.findings]).toEqual([[], []]);
    const origin = `${housing}/gateway/0`;
    expect(first!.entry).toMatchObject({ kind: 'intent', origin, exchange });
    const told = { parent: leafOf(intent), answer: leafOf(receipt) };
    expect(last!.entry).toMatchObject({ kind: 'outcome', origin, exchange, ...told });
    const { at, deadline } = first!.entry!;
    expect(state).toEqual({
      ...{ exchange, provider: 'hrss-990000', query: 'HR-SI-01@1', at, deadline },
      ...{ state: 'closed', outcomes: { found: 1 } },
    });
  });

  test('is there for nobody else, and who asks for it is noted', async () => {
    const { exchange } = await asked();
    const other = 'housing-990000';
    const look = async (id: string): Promise<unknown> => {
      const { status, body } = await call(province(), { agency: other, path: `/v1/exchanges/${id}` });
      const { instance: _instance, ...rest } = body;
      return { status, ...rest };
    };
    const { node } = province().gateways.get(other)!;
    let found: unknown;
    const noted = await codesNoted(node, async () => (found = await look(exchange)));
    expect(noted).toEqual(['not-found']);
    const [event] = await node.security.newest(1);
    expect(event).toMatchObject({ code: 'not-found', claimed: other, topic: 'http' });
    expect(found).toMatchObject({ status: 404, code: 4040 });
    expect(found).toEqual(await look(randomUUID()));
  });
});

describe('the metrics of a gateway', () => {
  const TOKEN = 'collector-of-the-city';
  const by = (agency: string, url: string) => sign(province(), { agency, method: 'GET', url });
  const read = async (url: string, headers: Record<string, string>): Promise<unknown[]> => {
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (!response.ok) return [response.status, (JSON.parse(text) as { code: number }).code];
    return [response.status, text.includes('gateway_refusals_total')];
  };

  test('are for its own agency and who holds its token, and for nobody else', async () => {
    await using second = await startBeside(province(), housing, { metricsToken: TOKEN });
    const gateways = [
      { base: province().gateways.get(housing)!.url, token: undefined },
      { base: second.url, token: TOKEN },
    ];
    for (const { base, token } of gateways) {
      const url = `${base}/metrics`;
      expect(await read(url, {})).toEqual([401, 4010]);
      expect(await read(url, { authorization: 'Bearer undefined' })).toEqual([401, 4010]);
      expect(await read(url, by('hrss-990000', url))).toEqual([403, 4037]);
      expect(await read(url, by(housing, url))).toEqual([200, true]);
      const held = await read(url, { authorization: `Bearer ${TOKEN}` });
      expect(held).toEqual(token === undefined ? [401, 4010] : [200, true]);
    }
  });
});
