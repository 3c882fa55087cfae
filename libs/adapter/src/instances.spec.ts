import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type AnswerBody } from '#exchange';
import { topics, type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { forgeQuestion } from '../../../test/support/forge.js';
import { AnsweredExchanges } from './answered-exchanges.js';
import { FOUND, PROVIDER, useInstances, type Instance } from './instances.fixture.js';
import { openQuestion } from './pipeline/open-question.js';
import { ENTRY_ROOM } from './pipeline/reply-room.js';
import { type QueryHandler } from './query-handler.js';
import { Repeats } from './repeats.js';

const instances = useInstances();

let lookUps: number;
beforeEach(() => {
  lookUps = 0;
  behave(() => Promise.resolve(FOUND));
});

function behave(lookUp: () => ReturnType<QueryHandler['lookUp']>): void {
  instances.lookUp = () => {
    lookUps += 1;
    return lookUp();
  };
}

/** A source that answers when it is let to, and tells when it is asked. */
function gate() {
  const [asked, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  behave(async () => {
    asked.resolve();
    await open.promise;
    return FOUND;
  });
  return { asked: asked.promise, open: open.resolve };
}

const ask = (ms = 10_000): Promise<WireMessage> =>
  forgeQuestion(instances.requester, PROVIDER, { deadline: new Date(Date.now() + ms).toISOString() });

const problemOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Problem ? error.problem : String(error)),
  );

async function rowsOf<T>(instance: Instance, sql: string, ...values: unknown[]): Promise<T[]> {
  return (await instance.parts.node.database.pool.query<T & object>(sql, values)).rows;
}

/** Log of each disclosure of an exchange, and how often it was counted. */
async function books(instance: Instance, { headers }: WireMessage): Promise<[string[], number]> {
  const [exchange] = [headers['exchange']];
  const logs = await rowsOf<{ origin: string }>(
    instance,
    `select origin from log_entry where exchange = $1 and kind = 'disclosure'`,
    exchange,
  );
  return [logs.map(({ origin }) => origin), await counted(instance)];
}

async function counted(instance: Instance): Promise<number> {
  const [row] = await rowsOf<{ used: number }>(
    instance,
    'select coalesce(sum(used), 0)::int as used from quota_day',
  );
  return row!.used;
}

/** The replies as their requester reads them: one answer, one entry. */
async function readSame(replies: readonly WireMessage[]): Promise<AnswerBody> {
  const opened = await Promise.all(replies.map((reply) => instances.read(reply)));
  const said = opened.map(({ body, bodyNonce, entry }) =>
    [body, bodyNonce, entry.leaf].map((bytes) => bytes.toString('hex')),
  );
  expect(said).toEqual(said.map(() => said[0]));
  return JSON.parse(opened[0]!.body.toString()) as AnswerBody;
}

/** Ends the connection that holds the lease, as a network does: the process lives on and takes it again. */
async function cutLease({ parts }: Instance): Promise<void> {
  const { rowCount } = await parts.node.database.pool.query(
    `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and granted and (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 6962)`,
    [parts.node.origin],
  );
  expect(rowCount).toBe(1);
}

describe('two instances of an adapter', () => {
  test('that get one question at the same time disclose once, count once and answer alike', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const before = await counted(one);
    for (let round = 0; round < 5; round++) {
      const question = await ask();
      const replies = await Promise.all([one.answer(question), two.answer(question), one.answer(question)]);
      expect(await readSame(replies)).toMatchObject({ answer: 'found', source: PROVIDER });
      const [logs, used] = await books(one, question);
      expect([logs.length, used - before, lookUps]).toEqual([1, round + 1, round + 1]);
    }
  });

  test('give a question asked again, to either, the answer that was recorded', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask();
    const replies = [await one.answer(question), await two.answer(question), await two.answer(question)];
    expect(await readSame(replies)).toMatchObject({ answer: 'found' });
    expect([(await books(one, question))[0], lookUps]).toEqual([[one.parts.node.origin], 1]);
  });

  test('answer no exchange for two intents, whichever of them comes where', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask();
    const exchange = question.headers['exchange']!;
    const { asked, open } = gate();
    const first = one.answer(question);
    await asked;
    const other = await forgeQuestion(instances.bystander, PROVIDER, { exchange });
    expect(await problemOf(two.answer(other))).toBe('envelope-replayed');
    open();
    expect(await readSame([await first])).toMatchObject({ answer: 'found' });
    expect(await problemOf(two.answer(other))).toBe('envelope-replayed');
    expect([(await books(one, question))[0], lookUps]).toEqual([[one.parts.node.origin], 1]);
    expect(await two.parts.node.security.counts()).toEqual({ 'envelope-replayed': 2 });
  });

  test('say the same when the source hangs as long as the question has', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask(3_000);
    const { asked, open } = gate();
    const first = one.answer(question);
    await asked;
    expect(await readSame([await two.answer(question), await first])).toMatchObject({
      answer: 'unavailable',
    });
    open();
    expect((await books(one, question))[0]).toHaveLength(1);
  });

  test('do not wait for each other longer than the question', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask(2_000);
    const { exchange, intent, deadline } = await openQuestion(one.parts, topics.request(PROVIDER), question);
    const exchanges = new AnsweredExchanges(one.parts.node.database, one.parts.node.origin);
    expect(await exchanges.take({ exchange, intentLeaf: intent.leaf, until: deadline })).toBe('own');
    expect(await problemOf(two.answer(question))).toBe('provider-timeout');
    expect([(await books(two, question))[0], lookUps]).toEqual([[], 0]);
  });
});

describe('an instance that took a question and', () => {
  test('ended is replaced by the other one, once, and the question is counted once', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const before = await counted(two);
    const question = await ask();
    const { asked } = gate();
    one.answer(question).catch(() => undefined); // nobody waits for it any more
    await asked;
    await one.parts.node.log.close();
    behave(() => Promise.resolve(FOUND));
    const replies = await Promise.all([two.answer(question), two.answer(question)]);
    expect(await readSame(replies)).toMatchObject({ answer: 'found' });
    const [logs, used] = await books(two, question);
    expect([logs, used - before]).toEqual([[two.parts.node.origin], 1]);
  });

  test('lost its lease for a moment goes on with its work, and still there is one disclosure', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const before = await counted(two);
    const question = await ask();
    const { asked, open } = gate();
    const first = one.answer(question);
    await asked;
    await cutLease(one);
    behave(() => Promise.resolve(FOUND));
    const second = await two.answer(question);
    open();
    expect(await readSame([second, await first])).toMatchObject({ answer: 'found' });
    const [logs, used] = await books(two, question);
    expect([logs, used - before]).toEqual([[two.parts.node.origin], 1]);
  });

  test('recorded it before it was replaced has its answer taken, and nothing is looked up again', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask();
    const first = await one.answer(question);
    await one.close();
    expect(await readSame([first, await two.answer(question)])).toMatchObject({ answer: 'found' });
    expect(lookUps).toBe(1);
  });

  test('was started again answers it itself, and counts it once', async () => {
    const one = await instances.open(0);
    const before = await counted(one);
    const question = await ask();
    const { asked } = gate();
    one.answer(question).catch(() => undefined); // its process is gone
    await asked;
    await one.close();
    behave(() => Promise.resolve(FOUND));
    const again = await instances.open(0);
    const reply = await again.answer(question);
    const third = await instances.open(1);
    expect(await readSame([reply, await third.answer(question)])).toMatchObject({ answer: 'found' });
    const [logs, used] = await books(again, question);
    expect([logs, used - before]).toEqual([[again.parts.node.origin], 1]);
  });

  test('was started again and did not get it again does not hold up the other one', async () => {
    const one = await instances.open(0);
    const question = await ask();
    const { asked } = gate();
    one.answer(question).catch(() => undefined); // its process is gone
    await asked;
    await one.close();
    behave(() => Promise.resolve(FOUND));
    const [, two] = [await instances.open(0), await instances.open(1)];
    const started = Date.now();
    expect(await readSame([await two.answer(question)])).toMatchObject({ answer: 'found' });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('could not record it gives it to the other one', async () => {
    const [one, two] = [await instances.open(0), await instances.open(1)];
    const question = await ask();
    const { log } = one.parts.node;
    const append = jest.spyOn(log, 'append').mockRejectedValueOnce(new Problem('log-unavailable'));
    expect(await problemOf(one.answer(question))).toBe('log-unavailable');
    append.mockRestore();
    const replies = [await two.answer(question), await one.answer(question)];
    expect(await readSame(replies)).toMatchObject({ answer: 'found' });
    expect((await books(one, question))[0]).toEqual([two.parts.node.origin]);
  });
});

test('an answer’s entry takes no more room under the seal than its size class counts on', async () => {
  const one = await instances.open(0);
  const { entry } = await instances.read(await one.answer(await ask()));
  const { fields } = JSON.parse(entry.privateLine!.toString()) as { fields: object };
  const deep = 24 * 32; // the path in a log of sixteen million entries
  const sizes = [entry.publicLine, entry.privateLine!, entry.checkpoint.note].map(({ length }) => length);
  const notes = Buffer.byteLength(JSON.stringify(fields));
  const size = sizes.reduce((sum, length) => sum + length, deep) - notes;
  expect(size).toBeLessThanOrEqual(ENTRY_ROOM - 128);
});

test('a sweep forgets who answered exchanges that are past their time, and no others', async () => {
  const one = await instances.open(0);
  const [question, kept] = [await ask(10_000), await ask(60_000)];
  await one.answer(question);
  await one.answer(kept);
  const { node } = one.parts;
  const later = { ...node, clock: () => Date.parse(question.headers['deadline']!) + 600_001 };
  await new Repeats(later).sweep();
  const rows = await rowsOf<{ exchange: string }>(
    one,
    'select exchange from answered_exchange where exchange = any($1)',
    [question.headers['exchange'], kept.headers['exchange']],
  );
  expect(rows).toEqual([{ exchange: kept.headers['exchange'] }]);
});
