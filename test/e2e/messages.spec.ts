import { createPrivateKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openLogWriter, type RecordedEntry } from '#evidence';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { noteSigner } from '#tlog';
import { forgeQuestion } from '../support/forge.js';
import { call, question, type Answer } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, copyOf, entriesOf, recorrelated, Wiretap } from '../support/wire.js';

const province = useProvince({ busHistory: true });
beforeAll(() => liftQuotas(province(), 'hrss-990000'));
const [housing, hrss, fund] = ['housing-990100', 'hrss-990000', 'fund-990100'];
const REQUEST = topics.request(hrss);
const gateway = (agency: string): AgencyNode => province().gateways.get(agency)!.node;
const adapter = (agency: string): AgencyNode => province().adapters.get(agency)!.node;
const tap = (): Wiretap => new Wiretap(province());

const ask = (change: Record<string, unknown> = {}): Promise<Answer> =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body: question(change) });

/** One question answered, with the message that asked it. */
async function asked(): Promise<{ exchange: string; request: WireMessage }> {
  expect((await ask()).status).toBe(200);
  const request = tap().newest(REQUEST);
  return { exchange: request.headers['exchange']!, request };
}

/** Nothing of it was answered or recorded, and the partition goes on. */
async function expectNoEffect(exchange: string, replies: number, disclosures: number): Promise<void> {
  await sleep(50);
  const everywhere = province()
    .bus.topicNames.filter((name) => name.startsWith('exchange.reply.') && !name.endsWith('.dead'))
    .flatMap((name) => province().bus.history(name))
    .filter(({ headers }) => headers['exchange'] === exchange);
  expect([everywhere.length, await entriesOf(adapter(hrss), 'disclosure', exchange)]).toEqual([
    replies,
    disclosures,
  ]);
  expect((await ask()).status).toBe(200);
}

const changed = (message: WireMessage, at: number): WireMessage => {
  const copy = copyOf(message);
  copy.value[at < 0 ? copy.value.length + at : at]! ^= 1;
  return copy;
};
const withHeader = (message: WireMessage, name: string, text: string): WireMessage => ({
  ...copyOf(message),
  headers: { ...message.headers, [name]: text },
});

describe('a question changed on the way', () => {
  test.each([
    ['one bit of the body', (message: WireMessage) => changed(message, 700), 'envelope-changed'],
    ['one bit of the seal', (message: WireMessage) => changed(message, -1), 'envelope-changed'],
    [
      'its end cut off',
      (message: WireMessage) => ({ ...message, value: message.value.slice(0, -16) }),
      'envelope-changed',
    ],
    [
      'nothing in it',
      (message: WireMessage) => ({ ...message, value: new Uint8Array(0) }),
      'envelope-changed',
    ],
    ['another bundle', (message: WireMessage) => withHeader(message, 'bundle', '9'), 'envelope-changed'],
    [
      'another deadline',
      (message: WireMessage) => withHeader(message, 'deadline', new Date(Date.now() + 60_000).toISOString()),
      'envelope-changed',
    ],
    [
      'a deadline in an hour',
      (message: WireMessage) =>
        withHeader(message, 'deadline', new Date(Date.now() + 3_600_000).toISOString()),
      'envelope-expired',
    ],
    ['another sender', (message: WireMessage) => withHeader(message, 'from', fund), 'envelope-changed'],
    [
      'another sender, consistently',
      (message: WireMessage) => withHeader(withHeader(message, 'from', fund), 'ce_source', fund),
      'envelope-changed',
    ],
    [
      'a sender that nobody knows',
      (message: WireMessage) => withHeader(withHeader(message, 'from', 'ghost-1'), 'ce_source', 'ghost-1'),
      'sender-unknown',
    ],
    ['another receiver', (message: WireMessage) => withHeader(message, 'to', fund), 'envelope-moved'],
    [
      'a reply topic of another agency',
      (message: WireMessage) => withHeader(message, 'reply-topic', topics.reply(fund)),
      'envelope-moved',
    ],
    [
      'the reply topic of nobody',
      (message: WireMessage) => withHeader(message, 'reply-topic', 'exchange.reply.ghost'),
      'envelope-moved',
    ],
    [
      'another version',
      (message: WireMessage) => withHeader(message, 'message-version', '2'),
      'envelope-version',
    ],
    [
      'a header with line breaks',
      (message: WireMessage) => withHeader(message, 'ce_source', 'a\r\n{"level":"fatal"}'),
      'envelope-changed',
    ],
    [
      'another kind',
      (message: WireMessage) => withHeader(message, 'ce_type', 'exchange.reply'),
      'envelope-changed',
    ],
  ])('by %s is refused, noted and not answered', async (_what, change, code) => {
    const { exchange, request } = await asked();
    const noted = await codesNoted(adapter(hrss), () =>
      tap().publish(REQUEST, change(recorrelated(request))),
    );
    expect(noted).toEqual([code]);
    expect(tap().deadLetters(REQUEST).at(-1)!.problem).toBe(code);
    await expectNoEffect(exchange, 1, 1);
  });

  test('by the headers of another one is refused both ways', async () => {
    const [one, other] = [await asked(), await asked()];
    const noted = await codesNoted(adapter(hrss), async () => {
      await tap().publish(REQUEST, { ...one.request, value: other.request.value });
      await tap().publish(REQUEST, { ...other.request, value: one.request.value });
    });
    expect(noted).toEqual(['envelope-changed']);
    await expectNoEffect(one.exchange, 1, 1);
    await expectNoEffect(other.exchange, 1, 1);
  });

  test('to another provider, or a reply topic, is not opened there', async () => {
    const { exchange, request } = await asked();
    const elsewhere = topics.request('housing-990000');
    const noted = await codesNoted(adapter('housing-990000'), () => tap().publish(elsewhere, request));
    expect(noted).toEqual(['envelope-moved']);
    await tap().publish(topics.reply(housing), { ...request, partition: 0 } as WireMessage);
    await expectNoEffect(exchange, 2, 1);
  });
});

describe('a question that its sender forged', () => {
  const refused = async (message: WireMessage, code: string): Promise<void> => {
    const noted = await codesNoted(adapter(hrss), () => tap().publish(REQUEST, message));
    expect(noted).toEqual([code]);
    await expectNoEffect(message.headers['exchange']!, 0, 0);
  };

  test('with the entry of another exchange is refused', async () => {
    await refused(
      await forgeQuestion(gateway(housing), hrss, { sealed: { exchange: randomUUID() } }),
      'envelope-spliced',
    );
  });

  test.each([
    ['another person than its entry commits to', { privateLine: { subjectRoot: root() } }, 'subjects-differ'],
    ['another body than its entry commits to', { privateLine: { bodyHash: root() } }, 'envelope-spliced'],
    [
      'another purpose than its entry',
      { privateLine: { purpose: { code: 'curiosity', case: 'x' } } },
      'envelope-spliced',
    ],
    ['another region than its entry', { line: { region: '990200' } }, 'envelope-spliced'],
    ['another query than its entry', { line: { query: 'HR-LR-01@1' } }, 'envelope-spliced'],
    ['another receiver than its entry', { line: { to: fund } }, 'envelope-spliced'],
    ['fewer persons than it asks about', { line: { subjects: 2 } }, 'envelope-spliced'],
    ['an entry of another kind', { line: { kind: 'outcome' as const } }, 'envelope-spliced'],
    ['a wildcard', { question: { fields: ['*'] } }, 'envelope-spliced'],
    ['parameters that no contract has', { question: { params: { sql: "';--" } } }, 'envelope-spliced'],
    ['no key of its commitments', { sealed: { kx: Buffer.alloc(0) } }, 'subjects-differ'],
  ])('with %s is refused', async (_what, forgery, code) => {
    await refused(await forgeQuestion(gateway(housing), hrss, forgery), code);
  });

  test('sealed to another agency is refused', async () => {
    await refused(await forgeQuestion(gateway(housing), hrss, { sealed: { to: fund } }), 'envelope-moved');
  });

  test('for longer than ten minutes is refused', async () => {
    const deadline = new Date(Date.now() + 11 * 60_000).toISOString();
    await refused(await forgeQuestion(gateway(housing), hrss, { deadline }), 'envelope-expired');
  });

  test.each([
    ['a log that is not registered', `${housing}/gateway/7`, 'sender-unknown'],
    ['a log of another agency', `${fund}/gateway/0`, 'sender-unknown'],
    ['a second log under its own name', `${housing}/gateway/0`, 'entry-not-in-log'],
  ])('from %s is refused', async (_what, origin, code) => {
    const message = await withRogueLog(origin, (log) =>
      forgeQuestion({ ...gateway(housing), log } as AgencyNode, hrss),
    );
    await refused(message, code);
  });

  test('with an entry that its log does not hold is refused', async () => {
    const node = gateway(housing);
    const falsified: RecordedEntry[] = [];
    const log = {
      append: async (draft: Parameters<AgencyNode['log']['append']>[0]) => {
        const entry = await node.log.append(draft);
        falsified.push({ ...entry, path: [randomBytes(32), ...entry.path.slice(1)] });
        return falsified[0];
      },
    };
    await refused(await forgeQuestion({ ...node, log } as unknown as AgencyNode, hrss), 'entry-not-in-log');
  });

  test('beyond its grants gets a recorded refusal and no data', async () => {
    const forged = await forgeQuestion(gateway(fund), hrss, {
      question: { purpose: { code: 'fund-service', case: '990100-2026-000001' } },
    });
    await tap().publish(REQUEST, forged);
    const exchange = forged.headers['exchange']!;
    const [reply] = await until(() => tap().replies(fund, exchange));
    const { body } = await gateway(fund).opener.open(topics.reply(fund), reply!);
    expect(JSON.parse(body.toString())).toMatchObject({
      answer: 'refused',
      reason: 'not-granted',
      results: [],
    });
    expect(await entriesOf(adapter(hrss), 'disclosure', exchange)).toBe(1);
  });
});

describe('an answer', () => {
  test('is not for an agency that uses the exchange of another, now or after a restart of the provider', async () => {
    const { exchange } = await asked();
    const forged = await forgeQuestion(gateway(fund), hrss, { exchange });
    const noted = await codesNoted(adapter(hrss), () => tap().publish(REQUEST, forged));
    expect(noted).toEqual(['envelope-replayed']);
    const forgotten = await forgottenExchange();
    const later = await forgeQuestion(gateway(fund), hrss, { exchange: forgotten });
    expect(await codesNoted(adapter(hrss), () => tap().publish(REQUEST, later))).toEqual([
      'envelope-replayed',
    ]);
    await expectNoEffect(exchange, 1, 1);
    expect(tap().replies(fund, exchange)).toEqual([]);
    expect(tap().replies(fund, forgotten)).toEqual([]);
  });

  test('to a question sent again is the same, and is disclosed once', async () => {
    const { exchange, request } = await asked();
    for (let i = 0; i < 3; i++) await tap().publish(REQUEST, request);
    const replies = await until(() => tap().replies(housing, exchange), 4);
    const bodies = await Promise.all(
      replies.map((reply) => gateway(housing).opener.open(topics.reply(housing), reply)),
    );
    expect(new Set(bodies.map(({ body, entry }) => body.toString() + entry.index)).size).toBe(1);
    expect(await entriesOf(adapter(hrss), 'disclosure', exchange)).toBe(1);
  });

  test('does not come for a question sent again after its deadline', async () => {
    expect((await ask({ deadlineMs: 500 })).status).toBe(200);
    const request = tap().newest(REQUEST);
    await sleep(Date.parse(request.headers['deadline']!) - Date.now() + 20);
    await tap().publish(REQUEST, request);
    await expectNoEffect(request.headers['exchange']!, 1, 1);
  });
});

describe('duplicated and reordered delivery', () => {
  test('gives each exchange one disclosure and one answer', async () => {
    const { bus } = province();
    const before = await entriesOf(adapter(hrss), 'disclosure');
    bus.faults.duplicate(REQUEST, 20);
    bus.faults.duplicate(topics.reply(housing), 40);
    bus.faults.reorder(REQUEST, 7);
    bus.faults.reorder(topics.reply(housing), 5);
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const records = answers.map(({ body }) =>
        JSON.stringify((body['exchanges'] as [{ results: unknown }])[0].results),
      );
      expect(new Set(records).size).toBe(1);
    } finally {
      bus.faults.clear();
    }
    expect((await entriesOf(adapter(hrss), 'disclosure')) - before).toBe(20);
  });
});

describe('dead letters', () => {
  test('hold no body and nobody', () => {
    const letters = province()
      .bus.topicNames.filter((name) => name.endsWith('.dead'))
      .flatMap((name) => province().bus.history(name));
    expect(letters.length).toBeGreaterThan(20);
    for (const { key, headers, value } of letters) {
      expect(value.byteLength).toBe(0);
      expect([key, ...Object.values(headers)].join(' ')).not.toMatch(/\d{17}[\dX]|fatal/);
    }
  });
});

function root(): string {
  return randomBytes(32).toString('base64url');
}

/** An exchange that this provider answered and no longer holds in memory, as after a restart. */
async function forgottenExchange(): Promise<string> {
  expect((await ask({ deadlineMs: 500 })).status).toBe(200);
  const { headers } = tap().newest(REQUEST);
  await sleep(Date.parse(headers['deadline']!) - Date.now() + 5_500); // the adapter sweeps each five seconds
  return headers['exchange']!;
}

async function until(found: () => WireMessage[], count = 1): Promise<WireMessage[]> {
  for (const started = Date.now(); Date.now() - started < 3_000; await sleep(10)) {
    if (found().length >= count) return found();
  }
  throw new Error('no such message within three seconds');
}

/** A log of that name with a key of its own, in a database of the attacker's. */
async function withRogueLog<T>(origin: string, use: (log: AgencyNode['log']) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'rogue-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const log = await openLogWriter({
    database: gateway('hrss-990000').database,
    origin,
    signer: noteSigner(origin, createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))),
    sealKey: randomBytes(32),
    edgeFile: join(dir, 'edge'),
  });
  try {
    return await use(log);
  } finally {
    await log.close();
    await rm(dir, { recursive: true });
  }
}
