import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { call, question, type Answer } from '../support/http.js';
import { republish } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { writtenSince } from '../support/written.js';

const province = useProvince();
const housing = 'housing-990100';
const ask = (body: unknown): Promise<Answer> =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body });

const kinds = async (agency: string, role: 'gateways' | 'adapters', exchange: string): Promise<string[]> => {
  const { rows } = await province()
    [role].get(agency)!
    .node.database.pool.query<{ kind: string }>(
      'select kind from log_entry where exchange = $1 order by index',
      [exchange],
    );
  return rows.map(({ kind }) => kind);
};

describe('a request sent twice', () => {
  test('is answered once and given again, word for word, recorded as a replay', async () => {
    const body = question();
    const first = await ask(body);
    const second = await ask(body);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual({ ...first.body, replayed: true });
    const [{ exchange }] = first.body['exchanges'] as [{ exchange: string }];
    expect(await kinds('hrss-990000', 'adapters', exchange)).toEqual(['disclosure']);
    const { rows } = await province()
      .gateways.get(housing)!
      .node.database.pool.query<{ public: Buffer }>(
        "select public from log_entry where kind = 'outcome' order by index desc limit 1",
      );
    expect(JSON.parse(rows[0]!.public.toString())).toMatchObject({ replayed: true, outcomes: { found: 1 } });
  });

  test('joins the exchange in flight when it comes at the same time', async () => {
    const body = question();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const exchanges = answers.map(
      ({ body: { exchanges } }) => (exchanges as [{ exchange: string }])[0].exchange,
    );
    expect(new Set(exchanges).size).toBe(1);
    expect(answers.filter(({ body: { replayed } }) => replayed).length).toBe(7);
  });

  test('with other content is a conflict', async () => {
    const body = question();
    await ask(body);
    const other = await ask({ ...body, fields: ['payerName'] });
    expect([other.status, other.body['code'], other.body['field']]).toEqual([409, 4090, '/requestId']);
  });

  test('after one that its process did not live to answer is refused, and recorded', async () => {
    const { node } = province().gateways.get(housing)!;
    const body = question();
    const digest = createHash('sha256').update(JSON.stringify(body)).digest();
    await node.database.pool.query(
      `insert into call (requester, request_id, call, body_digest, expires)
       values ($1, $2, gen_random_uuid(), $3, now() + interval '9 minutes')`, // a minute after its deadline
      [housing, body.requestId, digest],
    );
    const before = node.log.health().size;
    const answer = await ask(body);
    expect([answer.status, answer.body['code']]).toEqual([504, 5041]);
    expect((await writtenSince(node, before)).map((entry) => entry.public)).toEqual([
      expect.objectContaining({ kind: 'outcome', reason: 'provider-timeout', outcomes: { refused: 1 } }),
    ]);
  });

  test('after a refusal is asked afresh', async () => {
    const body = question({ region: '990200' });
    await expectAfresh(body, 403, 403);
  });

  test('at the same time as one that is refused is refused too, and waits for no deadline', async () => {
    const body = question({ region: '990200' });
    const answers = await Promise.all([ask(body), ask(body), ask(body)]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  test('after a failure is asked afresh', async () => {
    const { bus } = province();
    const body = question({ deadlineMs: 500 });
    bus.faults.loseRandomly('exchange.request.hrss-990000', 1);
    const first = await ask(body).finally(() => bus.faults.clear());
    expect(first.status).toBe(504);
    const second = await ask(body);
    expect([second.status, second.body['replayed']]).toEqual([200, undefined]);
  });

  test('is given its partial answer again while the grant of the centre that gave none is suspended', async () => {
    await republish(province(), 'fund-990200', (schemes) => {
      for (const { grants } of schemes)
        for (const grant of grants)
          Object.assign(grant, { suspended: { since: '2026-11-21T00:00:00+08:00', reason: '核查' } });
    });
    const everywhere = question({ region: '990000' });
    const askAll = () =>
      call(province(), { agency: 'housing-990000', path: '/v1/queries/PF-01', body: everywhere });
    const first = await askAll();
    expect([first.status, first.body['answer'], first.body['missing']]).toEqual([
      200,
      'partial',
      ['fund-990200'],
    ]);
    const second = await askAll();
    expect([second.status, second.body]).toEqual([200, { ...first.body, replayed: true }]);
  });
});

/** Asks twice; nothing of the first answer is given again. */
async function expectAfresh(body: unknown, ...statuses: [number, number]): Promise<void> {
  const [first, second] = [await ask(body), await ask(body)];
  const exchanges = [first, second].map(
    (answer) => (answer.body['exchanges'] as [{ exchange: string }])[0].exchange,
  );
  expect([first.status, second.status]).toEqual(statuses);
  expect(second.body['replayed']).toBeUndefined();
  expect(exchanges[0]).not.toBe(exchanges[1]);
}
