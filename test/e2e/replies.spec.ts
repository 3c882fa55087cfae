import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type AnswerBody } from '#exchange';
import { HEADER, messageHeaders, topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { Problem, type ProblemName } from '#problem';
import { correlated, forgeAnswer, type Forgery } from '../support/forge.js';
import { call, question, type Answer } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { withRogueLog } from '../support/rogue-log.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, copyOf, Wiretap } from '../support/wire.js';

const province = useProvince({ busHistory: true, retryMs: 500 });
const [housing, hrss] = ['housing-990100', 'hrss-990000'];
const [REQUEST, REPLY] = [topics.request(hrss), topics.reply(housing)];
const LEAK = '标记泄漏';
const node = (agency: string): AgencyNode => province().gateways.get(agency)!.node;
beforeAll(() => liftQuotas(province(), hrss));

const ask = (given: Record<string, unknown> = {}): Promise<Answer> =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body: question(given) });

/** The real question and the real reply, which was lost on the way. */
interface Lost {
  request: WireMessage;
  reply: WireMessage;
}

/** More replies than there are. */
const ALL = 100;

/** Asks, loses what the provider says until something else is delivered instead, and then `afterwards` of what it says when asked again. */
async function answeredBy(
  forge: (lost: Lost) => Promise<WireMessage> | WireMessage,
  given: Record<string, unknown> = {},
  afterwards = 0,
): Promise<Answer> {
  const tap = new Wiretap(province());
  const { bus } = province();
  const replies = bus.history(REPLY).length;
  bus.faults.lose(REPLY, ALL);
  const answer = ask(given);
  for (const started = Date.now(); bus.history(REPLY).length === replies; await sleep(5)) {
    if (Date.now() - started > 5_000) throw new Error('no reply was sent');
  }
  const lost = { request: tap.newest(REQUEST), reply: tap.newest(REPLY) };
  const forged = { ...(await forge(lost)), partition: 0 };
  bus.faults.clear();
  await bus.publish(REPLY, [forged]);
  if (afterwards > 0) bus.faults.lose(REPLY, afterwards);
  await answer;
  bus.faults.clear();
  return answer;
}

/** The same, by a provider whose adapter is broken: its own keys and log, but not what was released. */
async function answeredWith(
  change: (body: AnswerBody) => unknown,
  forgery: Pick<Forgery, 'line' | 'privateLine'> = {},
): Promise<Answer> {
  const forge = async ({ request, reply }: Lost): Promise<WireMessage> => {
    const { entry: intent } = await node(hrss).opener.open(REQUEST, request);
    const { body, publicLine, privateLine } = await node(housing).opener.open(REPLY, reply);
    const answer = JSON.parse(body.toString()) as AnswerBody;
    const { fields, dataTime } = privateLine!;
    return forgeAnswer(node(hrss), { intent, request }, change(answer), {
      line: { rows: publicLine.rows!, ...forgery.line },
      privateLine: { fields: fields!, dataTime: dataTime!, ...forgery.privateLine },
    });
  };
  return answeredBy(forge, {}, ALL); // also what it says when it is asked again meanwhile
}

/** The provider's own words, from its second sending. */
function expectTrue({ status, body }: Answer): void {
  expect([status, body['answer']]).toEqual([200, 'found']);
}

async function expectRefusal(answer: Answer, code: number): Promise<void> {
  const status = Math.trunc(code / 10);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  const [exchange] = answer.body['exchanges'] as [{ exchange: string; results: unknown[] }];
  expect(exchange.results).toEqual([]);
  expect(JSON.stringify(answer.body) + province().logLines.join('\n')).not.toContain(LEAK);
  const state = await call(province(), { agency: housing, path: `/v1/exchanges/${exchange.exchange}` });
  expect(state.body).toMatchObject({ state: 'closed', outcomes: { unavailable: 1 } });
  expect((await ask()).status).toBe(200);
}

describe('a reply that is not the provider’s', () => {
  test.each<[string, (lost: Lost) => Promise<WireMessage> | WireMessage, string]>([
    [
      'was changed by one bit',
      ({ reply }) => {
        reply.value[500]! ^= 1;
        return reply;
      },
      'envelope-changed',
    ],
    [
      'answers another exchange',
      ({ request }) => correlated(copyOf(province().bus.history(REPLY)[0]!), request),
      'envelope-spliced',
    ],
    ['is the question itself', ({ request }) => request, 'envelope-moved'],
    [
      'comes from another agency',
      async ({ request }) => {
        const { entry: intent } = await node(hrss).opener.open(REQUEST, request);
        return forgeAnswer(node('fund-990100'), { intent, request }, {});
      },
      'envelope-spliced',
    ],
    [
      'is sealed to somebody else',
      async ({ request }) => {
        const { entry: intent } = await node(hrss).opener.open(REQUEST, request);
        return forgeAnswer(node(hrss), { intent, request }, {}, { sealed: { to: 'fund-990100' } });
      },
      'envelope-moved',
    ],
    [
      'answers another intent',
      async ({ request }) => {
        const { entry: intent } = await node(hrss).opener.open(REQUEST, request);
        return forgeAnswer(node(hrss), { intent: { ...intent, leaf: Buffer.alloc(32, 1) }, request }, {});
      },
      'envelope-spliced',
    ],
  ])('because it %s is noted and never read, and the true reply still wins', async (_what, forge, code) => {
    let answer: Answer | undefined;
    const noted = await codesNoted(node(housing), async () => (answer = await answeredBy(forge)));
    expect(noted).toEqual([code]);
    expectTrue(answer!);
  });

  test('and is all that ever comes is told as what it is: nothing in time', async () => {
    const changed = ({ reply }: Lost): WireMessage => {
      reply.value[500]! ^= 1;
      return reply;
    };
    await expectRefusal(await answeredBy(changed, { deadlineMs: 1_500 }, 100), 5041);
    const failed = province()
      .logLines.map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'exchange failed');
    expect(failed.at(-1)).toMatchObject({ problem: 'provider-timeout', refused: 'envelope-changed' });
  });

  test.each<[ProblemName, number]>([
    ['key-store', 5001],
    ['log-unavailable', 5031],
  ])(
    'is not what a reply is that this side cannot read for %s: told at once as %d',
    async (problem, code) => {
      const { opener } = node(housing);
      const open = jest.spyOn(opener, 'open').mockRejectedValue(new Problem(problem));
      const started = Date.now();
      const answer = await ask({ deadlineMs: 60_000 }).finally(() => open.mockRestore());
      expect(Date.now() - started).toBeLessThan(30_000);
      await expectRefusal(answer, code);
    },
  );

  const unsigned =
    (problem: ProblemName) =>
    ({ request }: Lost): WireMessage => ({
      key: request.key,
      headers: {
        ...messageHeaders({ source: `${hrss}/adapter/0`, type: 'exchange.reply', subject: request.key }),
        [HEADER.correlationId]: request.headers[HEADER.correlationId]!,
        [HEADER.problem]: problem,
      },
      value: new Uint8Array(0),
    });

  test.each<ProblemName>(['not-granted', 'overloaded', 'shutting-down'])(
    'and says %s without a signature ends no waiting: the true reply still wins',
    async (problem) => expectTrue(await answeredBy(unsigned(problem))),
  );

  test.each<[ProblemName, number]>([
    ['not-granted', 5041],
    ['overloaded', 5034],
  ])('and says %s without a signature, at the deadline, is told as %d', async (problem, code) => {
    const answer = await answeredBy(unsigned(problem), { deadlineMs: 1_500 }, 100);
    await expectRefusal(answer, code);
  });
});

describe('a provider that does not release as it should', () => {
  const records = (change: (record: Record<string, unknown>) => unknown) => (body: AnswerBody) => ({
    ...body,
    results: body.results.map((result) => ({
      ...result,
      records: result.records.map((record) => change(record)),
    })),
  });
  const result = (change: Record<string, unknown>) => (body: AnswerBody) => ({
    ...body,
    results: body.results.map((one) => ({ ...one, ...change })),
  });

  test('is a fair test: the same answer, unchanged, is taken', async () => {
    expect((await answeredWith((body) => body)).status).toBe(200);
  });

  test.each<[string, (body: AnswerBody) => unknown]>([
    ['a field that is not granted', records((record) => ({ ...record, phone: LEAK }))],
    ['a field inside a field', records((record) => ({ ...record, payerName: { name: LEAK } }))],
    ['a record inside a list', records((record) => ({ ...record, months: [{ name: LEAK }] }))],
    ['__proto__', records((record) => ({ ...record, ...(JSON.parse(`{"__proto__":"${LEAK}"}`) as object) }))],
    ['a name without its mask', records((record) => ({ ...record, personName: LEAK }))],
    ['a number without its mask', records((record) => ({ ...record, idNumber: '990101198503120010' }))],
    ['a wrong type', records((record) => ({ ...record, monthsPaid: LEAK }))],
    ['a missing field', records(({ paymentStatus: _gone, ...record }) => record)],
    ['a text for a record', records(() => LEAK)],
    ['another member', (body) => ({ ...body, note: LEAK })],
    ['another exchange', (body) => ({ ...body, exchange: LEAK, provider: LEAK })],
    ['another source', (body) => ({ ...body, source: LEAK })],
    ['another member of a result', result({ note: LEAK })],
    ['a reason of its own', result({ reason: LEAK })],
    ['a reason that nobody knows', result({ reason: 'wang-xiaoming' })],
    ['an answer of its own', (body) => ({ ...body, answer: LEAK })],
    ['another sum of its answers', (body) => ({ ...body, answer: 'ambiguous' })],
    ['data of a time that is a text', (body) => ({ ...body, dataTime: LEAK })],
    ['a mode that was not granted', (body) => ({ ...body, fields: { ...body.fields, personName: 'plain' } })],
    [
      'a field that nobody knows',
      (body) => ({ ...body, withheld: [{ field: 'zhangsan', reason: 'not-granted' }] }),
    ],
    ['a pointer of its own', (body) => ({ ...body, field: `/${LEAK}` })],
    ['records of nobody found', result({ answer: 'none' })],
    ['somebody at another position', result({ subject: 1 })],
    ['somebody twice', (body) => ({ ...body, results: [...body.results, ...body.results] })],
    ['more rows than were granted', result({ records: Array.from({ length: 51 }, () => ({})) })],
    ['nothing at all', () => null],
    ['a list', () => [LEAK]],
    ['no results', (body) => ({ ...body, results: null })],
  ])('but adds or gives %s is refused as a whole', async (_what, change) => {
    await expectRefusal(await answeredWith(change), 5020);
  });

  test.each([
    ['fewer rows', { line: { rows: 0 } }],
    ['another outcome', { line: { outcomes: { refused: 1 } } }],
    ['other fields', { privateLine: { fields: {} } }],
    ['another time of its data', { privateLine: { dataTime: '2020-01-01T00:00:00.000Z' } }],
    ['rows held back', { line: { heldBack: 3 } }],
  ])('and whose log tells of %s than it released is refused', async (_what, forgery) => {
    await expectRefusal(await answeredWith((body) => body, forgery), 5021);
  });
});

describe('a reply from a log that shows another history', () => {
  test('is noted and never read, and the true reply still wins', async () => {
    expectTrue(await answeredWith((body) => body)); // by which the log has shown its newest disclosure
    const { database, keys, origin } = node(hrss);
    const { rows } = await database.pool.query<{ size: number }>(
      `select max(index)::int as size from log_entry where origin = $1 and kind = 'disclosure'`,
      [origin],
    );
    const key = keys.logKey(origin, Date.now()).privateKey;
    const rogue = { origin, key, size: rows[0]!.size, database: node('fund-990100').database };
    let answer: Answer | undefined;
    const noted = await codesNoted(node(housing), async () => {
      answer = await answeredBy(async ({ request }) => {
        const { entry: intent } = await node(hrss).opener.open(REQUEST, request);
        return withRogueLog(rogue, (log) => forgeAnswer({ ...node(hrss), log }, { intent, request }, {}));
      });
    });
    expect(noted).toEqual(['log-forked']);
    expectTrue(answer!);
  });
});
