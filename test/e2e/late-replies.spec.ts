import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Pool } from 'pg';
import { askMonitor } from '#apps/demo';
import { openPool } from '#database';
import { parsePublicLine } from '#evidence';
import { forgeQuestion } from '../support/forge.js';
import { call, question, type Answer } from '../support/http.js';
import {
  DEADLINE_MS,
  eventually,
  exchangeOf,
  housing,
  hrss,
  lateRoom,
  linesOf,
  REPLY,
  REQUEST,
} from '../support/late-room.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince({ busHistory: true, retryMs: 500 });
const { node, ask, acknowledged, lateReplies, restarted } = lateRoom(province);
beforeAll(() => liftQuotas(province(), hrss));
afterEach(() => province().bus.faults.clear());

interface Reconciliation {
  pending: number;
  difference: number;
}

/** All exchanges match, those that are not due yet too. */
const reconciled = (): Promise<true> =>
  eventually(async () => {
    const { pending, difference } = await askMonitor<Reconciliation>(province(), '/v1/reconciliation');
    return pending + difference === 0 || undefined;
  });

describe('a disclosure that comes after its deadline', () => {
  afterEach(reconciled);

  test('is told to nobody, acknowledged once, and no difference any more', async () => {
    const before = await lateReplies();
    province().bus.faults.delay(REPLY, DEADLINE_MS + 700);
    const answer = await ask({ deadlineMs: DEADLINE_MS });
    expect([answer.status, answer.body['code']]).toEqual([504, 5041]);
    const exchange = exchangeOf(answer);
    const [intent, outcome, acknowledgement, ...more] = await acknowledged(exchange);
    const [disclosure] = await linesOf(province().adapters.get(hrss)!.node, exchange);
    expect(more).toEqual([]);
    expect(outcome).toMatchObject({ outcomes: { unavailable: 1 }, reason: 'provider-timeout' });
    expect(outcome!.answer).toBeUndefined();
    const { v, kind, origin, exchange: same, from, to, deadline, query, region, bundle, subjects } = outcome!;
    expect(acknowledgement).toEqual({
      ...{ v, kind, origin, exchange: same, from, to, deadline, query, region, bundle, subjects },
      ...{ outcomes: { unavailable: 1 }, reason: 'provider-timeout', late: true },
      ...{ parent: intent!.leaf, answer: disclosure!.leaf },
      ...{ at: expect.any(String), priv: expect.any(String), leaf: expect.any(String) },
    });
    await sleep(DEADLINE_MS); // the question was sent again, and answered again
    expect(await linesOf(node(housing), exchange)).toHaveLength(3);
    const { acknowledged: counted = 0 } = await lateReplies();
    expect(counted - (before['acknowledged'] ?? 0)).toBe(1);
  });

  test('is given to nobody who asks again: the exchange stays closed, the same request is asked afresh', async () => {
    province().bus.faults.delay(REPLY, DEADLINE_MS + 300);
    const body = question({ deadlineMs: DEADLINE_MS });
    const again = (): Promise<Answer> =>
      call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body });
    const first = await again();
    expect(first.status).toBe(504);
    await acknowledged(exchangeOf(first));
    province().bus.faults.clear();
    const state = await call(province(), { agency: housing, path: `/v1/exchanges/${exchangeOf(first)}` });
    expect(state.body).toMatchObject({
      ...{ state: 'closed', outcomes: { unavailable: 1 }, reason: 'provider-timeout' },
    });
    const { rows } = await node(housing).database.pool.query(
      'select answer from call where request_id = $1',
      [body.requestId],
    );
    expect(rows).toEqual([]);
    const second = await again();
    expect([second.status, second.body['replayed']]).toEqual([200, undefined]);
    expect(exchangeOf(second)).not.toBe(exchangeOf(first));
  });

  test('is acknowledged by the gateway that was started after it had come', async () => {
    province().bus.faults.delay(REPLY, DEADLINE_MS + 1_500);
    const answer = await ask({ deadlineMs: DEADLINE_MS });
    expect(answer.status).toBe(504);
    await restarted(async () => {
      await sleep(2_500);
      province().bus.faults.clear();
    });
    const lines = await acknowledged(exchangeOf(answer));
    expect(lines.map(({ kind, late }) => [kind, late])).toEqual([
      ['intent', undefined],
      ['outcome', undefined],
      ['outcome', true],
    ]);
    expect((await ask()).status).toBe(200);
  });

  test('and whose exchange a crash left open is acknowledged when the sweeper has closed it', async () => {
    const forMs = 1_500;
    const deadline = new Date(Date.now() + forMs).toISOString();
    const asked = await forgeQuestion(node(housing), hrss, { deadline });
    await province().bus.publish(REQUEST, [asked]);
    await restarted(() => Promise.resolve());
    const lines = await acknowledged(asked.headers['exchange']!);
    expect(lines.slice(1).map(({ outcomes, reason, late }) => [outcomes, reason, late])).toEqual([
      [{ unknown: 1 }, 'unknown', undefined],
      [{ unknown: 1 }, 'unknown', true],
    ]);
  });
});

describe('a disclosure that came in time', () => {
  afterEach(reconciled);

  test('to an exchange that was closed as unknown meanwhile is acknowledged, and not given', async () => {
    province().bus.faults.delay(REPLY, 800);
    const asking = ask({ deadlineMs: 5_000 });
    const { exchange, ...intent } = await eventually(async () => {
      const { rows } = await node(housing).database.pool.query<{ public: Buffer; leaf: Buffer }>(
        `select public, leaf from log_entry i where kind = 'intent'
          and not exists (select from log_entry o where o.exchange = i.exchange and o.kind = 'outcome')`,
      );
      const [row] = rows;
      return row && { ...parsePublicLine(row.public), leaf: row.leaf.toString('base64url') };
    });
    const { from, to, deadline, query, region, bundle, subjects, leaf: parent } = intent;
    await node(housing).log.append({
      ...{ kind: 'outcome', exchange, from, to, parent, reason: 'unknown', outcomes: { unknown: 1 } },
      ...{ deadline: deadline!, query: query!, region: region!, bundle: bundle!, subjects: subjects! },
    });
    const answer = await asking;
    expect([answer.status, exchangeOf(answer)]).toEqual([504, exchange]);
    expect((await acknowledged(exchange)).map(({ late }) => late)).toEqual([undefined, undefined, true]);
  });

  test('and whose outcome the log could not take until its deadline is acknowledged when it can', async () => {
    const exchange = await withoutSpaceFor("new.kind = 'outcome'", async (pool) => {
      const answer = await ask({ deadlineMs: 2_500 });
      expect(answer.status).toBe(503);
      const { rows } = await pool.query<{ exchange: string }>(
        "select exchange from log_entry where kind = 'intent' order by index desc limit 1",
      );
      return rows[0]!.exchange;
    });
    const lines = await acknowledged(exchange);
    expect(lines.map(({ outcomes, late }) => [outcomes, late])).toEqual([
      [undefined, undefined],
      [{ unknown: 1 }, undefined],
      [{ unknown: 1 }, true],
    ]);
  });

  test('and whose acknowledgement the log cannot take is told to the operator once, and acknowledged when it can', async () => {
    const told = (): number =>
      province().logLines.filter((line) => line.includes('late disclosures cannot be recorded')).length;
    const before = told();
    province().bus.faults.delay(REPLY, DEADLINE_MS + 300);
    const exchange = await withoutSpaceFor(`position('"late":true'::bytea in new.public) > 0`, async () => {
      const answer = await ask({ deadlineMs: DEADLINE_MS });
      await sleep(4_000);
      return exchangeOf(answer);
    });
    expect(await linesOf(node(housing), exchange)).toHaveLength(2);
    expect(await acknowledged(exchange)).toHaveLength(3);
    expect(told() - before).toBe(1);
  });
});

/** Does work while the asker's database refuses some entries. */
async function withoutSpaceFor<T>(entries: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const name = new URL(province().databases.nodeUrl(housing)).pathname.slice(1);
  const pool = openPool({ url: province().databases.postgres.url(name), name: 'late-replies-spec' });
  try {
    await pool.query(`
      create function no_space() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger no_space before insert on log_entry for each row when (${entries}) execute function no_space()`);
    return await work(pool);
  } finally {
    await pool.query('drop function if exists no_space() cascade');
    await pool.end();
  }
}
