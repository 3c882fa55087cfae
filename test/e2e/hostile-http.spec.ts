import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AgencyNode } from '#node';
import { call, question, type Answer } from '../support/http.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted } from '../support/wire.js';

const province = useProvince();
const housing = 'housing-990100';
const node = (): AgencyNode => province().gateways.get(housing)!.node;
const ask = (body: unknown, path = '/v1/queries/HR-SI-01'): Promise<Answer> =>
  call(province(), { agency: housing, path, body });

/** Bytes as they are, and what comes back before the server ends the connection. */
async function raw(chunks: readonly string[], pauseMs = 0): Promise<string> {
  const { hostname, port } = new URL(province().gateways.get(housing)!.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  const ended = new Promise<void>((resolve) =>
    socket.on('close', () => resolve()).on('error', () => resolve()),
  );
  for (const chunk of chunks) {
    if (socket.destroyed) break;
    socket.write(chunk);
    if (pauseMs > 0) await Promise.race([sleep(pauseMs), ended]);
  }
  await ended;
  return received;
}

const problemOf = (text: string): [string | undefined, number | undefined, string | undefined] => {
  const code = /"code":(\d+)/.exec(text)?.[1];
  return [
    /^HTTP\/1\.1 (\d+)/.exec(text)?.[1],
    code === undefined ? undefined : Number(code),
    /content-type: ([^;\r]+)/i.exec(text)?.[1],
  ];
};
const PROBLEM = 'application/problem+json';
const HEAD = 'POST /v1/queries/HR-SI-01 HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n';

describe('a request that is no request', () => {
  test.each<[string, () => Promise<string>, string, number, string]>([
    [
      'with a header of 1 MB',
      () => raw([`${HEAD}x-a: ${'a'.repeat(1_000_000)}\r\n\r\n`]),
      '431',
      4131,
      'headers-too-large',
    ],
    [
      'with a body of 50 MB announced',
      () => raw([`${HEAD}content-length: 52428800\r\n\r\n{}`]),
      '413',
      4130,
      'body-too-large',
    ],
    ['that is not HTTP', () => raw(['99010119850312001X\r\n\r\n']), '400', 4016, 'malformed-request'],
    [
      'with two lengths',
      () => raw([`${HEAD}content-length: 2\r\ncontent-length: 4\r\n\r\n{}{}`]),
      '400',
      4016,
      'malformed-request',
    ],
    [
      'with a length and chunks',
      () => raw([`${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`]),
      '400',
      4016,
      'malformed-request',
    ],
  ])('%s is refused by its code and noted', async (_what, send, status, code, noted) => {
    let text = '';
    expect(await codesNoted(node(), async () => (text = await send()))).toEqual([noted]);
    expect(problemOf(text)).toEqual([status, code, PROBLEM]);
    expect(text).not.toContain('99010119850312001');
  });

  test('that drips its body or its headers is cut off in time, and holds nobody up', async () => {
    const drip = Array.from({ length: 30 }, () => ' ');
    const slow = Promise.all([
      raw([`${HEAD}content-length: 100\r\n\r\n`, ...drip], 1_000),
      raw([HEAD, ...drip.map((_, i) => `x-${i}: a\r\n`)], 1_000),
    ]);
    expect((await ask(question())).status).toBe(200);
    let texts: string[] = [];
    expect(await codesNoted(node(), async () => (texts = await slow))).toEqual(['request-timeout']);
    expect(texts.map(problemOf)).toEqual([
      ['408', 4080, PROBLEM],
      ['408', 4080, PROBLEM],
    ]);
  }, 20_000);

  test('in another encoding is no JSON, and nothing unpacks it', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
    const answer = await ask(bomb.toString('latin1'));
    expect([answer.status, answer.body['code']]).toEqual([400, 4000]);
  });
});

describe('texts that mean something to somebody else', () => {
  const SQL = ["'; drop table log_entry; --", '$1', '%', '\\', "' or '1'='1"];
  const LOG = [
    'a\r\nlevel=fatal',
    '\u001b[31mred',
    '\u2028',
    '"}{"',
    '${jndi:ldap://x}',
    'a\u0000b',
    '\ud800',
  ];
  const TEXTS = [...SQL, ...LOG];
  const PLACES: readonly ((text: string) => Record<string, unknown>)[] = [
    (text) => ({ operatorId: text }),
    (text) => ({ purpose: { code: text, case: 'c-1' } }),
    (text) => ({ purpose: { code: 'case-verification', case: text } }),
    (text) => ({ purpose: { code: 'licence-screening', campaign: text } }),
    (text) => ({ region: text }),
    (text) => ({ requestId: text }),
    (text) => ({ fields: [text] }),
    (text) => ({ params: { months: { from: text, to: text } } }),
    (text) => ({ params: { months: { from: '2026-04', to: '2026-09' }, insurances: [text] } }),
    (text) => ({ subjects: [{ idType: text, idNumber: '990101198503120010' }] }),
    (text) => ({ subjects: [{ idType: 'passport', idNumber: text }] }),
    (text) => ({
      subjects: [{ idType: 'citizen-id', idNumber: '990101198503120010', claims: { uscc: text } }],
    }),
    (text) => ({ [text]: 1 }),
  ];

  test.each(TEXTS)('%j is data or refused, in every place, and never a failure of ours', async (text) => {
    for (const place of PLACES) {
      const answer = await ask(question(place(text)));
      expect([200, 400, 403, 422]).toContain(answer.status);
      if (text.length > 3)
        expect(JSON.stringify(answer.body)).not.toContain(JSON.stringify(text).slice(1, -1));
    }
  });

  test('leave one JSON line per event in the log, and entries that read back as they were written', async () => {
    for (const line of province().logLines) {
      expect(line.endsWith('\n') && !line.slice(0, -1).includes('\n')).toBe(true);
      const held = TEXTS.filter((text) => text.length > 3 && line.includes(text));
      expect(held).toEqual([]);
      JSON.parse(line);
    }
    const { rows } = await node().database.pool.query<{ public: Buffer }>('select public from log_entry');
    expect(rows.length).toBeGreaterThan(50);
    for (const { public: bytes } of rows) {
      const line = JSON.parse(bytes.toString()) as unknown;
      expect(Buffer.from(JSON.stringify(line))).toEqual(bytes);
    }
  });

  test('at random never make it fail', async () => {
    const body = fc.oneof(
      fc
        .record({ place: fc.constantFrom(...PLACES), text: fc.string({ unit: 'binary', maxLength: 40 }) })
        .map(({ place, text }) => question(place(text))),
      fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as unknown),
    );
    await fc.assert(
      fc.asyncProperty(body, async (asked) => {
        const { status } = await ask(asked ?? {});
        expect([200, 400, 403, 409, 415, 422]).toContain(status); // 415: a text of no length has no type
      }),
      { numRuns: 100 },
    );
  }, 30_000);

  test('in a path are not repeated', async () => {
    for (const path of ['/v1/exchanges/990101198503120010', '/v1/queries/990101198503120010', '/v1/%0d%0a']) {
      const answer = await call(province(), { agency: housing, path });
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([
        404,
        expect.not.stringMatching(/9901011985|%0d/),
      ]);
    }
  });
});
