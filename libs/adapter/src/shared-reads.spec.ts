import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openPool } from '#database';
import { type Problem } from '#problem';
import { useDatabaseUrl } from '#testing';
import { SharedReads, type KeyedRow, type Keys } from './shared-reads.js';
import { SourcePool } from './source-pool.js';

const url = useDatabaseUrl();
/** Everybody is known who has a number; a number that is no number fails the statement. */
const ECHO = `select extract(epoch from now())::float8 as "~asOf", known.place as "~key", known.number, $4::text as given
  from (select) nothing left join (
    select * from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (kind, number, normal, place)
     where number::int > 0) known on true order by known.place desc`;
const SLOW = `select extract(epoch from now())::float8 as "~asOf", null as "~key" from (select count(*) from unnest($1::text[], $2::text[], $3::text[])) n, pg_sleep(60)`;

interface Row extends KeyedRow {
  number: string;
  given: string;
}

let pool: SourcePool;
let reads: SharedReads;
let statements: number;
let watch: ReturnType<typeof openPool>;

beforeAll(() => {
  watch = openPool({ url: url(), name: 'watch' });
});
afterAll(() => watch.end());
beforeEach(() => {
  pool = new SourcePool(url(), 'spec-shared', 4);
  statements = 0;
  reads = new SharedReads({
    read<T extends object>(sql: string, values: readonly unknown[], signal: AbortSignal) {
      statements += 1;
      return pool.read<T>(sql, values, signal);
    },
  });
});
afterEach(() => pool.close());

const keysOf = (numbers: readonly string[]): Keys => [numbers.map(() => '01'), numbers, numbers];
const patient = () => AbortSignal.timeout(10_000);
const ask = (numbers: readonly string[], given = 'a', signal = patient()) =>
  reads.find<Row>(ECHO, keysOf(numbers), [given], signal);
const told = async (found: ReturnType<typeof ask>) =>
  (await found).rows.map((row) => [row['~key'], row.number, row.given]);

describe('questions of one moment', () => {
  test('that ask the same view for the same go to the source as one statement, and each gets its own rows in their order', async () => {
    const answers = await Promise.all([told(ask(['7', '8'])), told(ask(['0'])), told(ask(['8', '0', '9']))]);
    expect(answers).toEqual([
      [
        ['2', '8', 'a'],
        ['1', '7', 'a'],
      ],
      [],
      [
        ['3', '9', 'a'],
        ['1', '8', 'a'],
      ],
    ]);
    expect(statements).toBe(1);
  });

  test('that give other parameters, or have too many keys together, go apart', async () => {
    await Promise.all([ask(['1'], 'a'), ask(['1'], 'b')]);
    expect(statements).toBe(2);
    const many = Array.from({ length: 600 }, (_, n) => String(n + 1));
    const answers = await Promise.all([ask(many), ask(many)]);
    expect(answers.map(({ rows }) => rows.length)).toEqual([600, 600]);
    expect(statements).toBe(4);
  });

  test('are told each what it would be told alone, whoever asks beside it', async () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9 }).map(String), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers, { minLength: 1, maxLength: 8 }), async (questions) => {
        const together = await Promise.all(questions.map((question) => told(ask(question))));
        for (const [n, question] of questions.entries())
          expect(together[n]).toEqual(await told(ask(question)));
      }),
      { numRuns: 30 },
    );
  });

  test('do not fail for what one of them asks', async () => {
    const said = await Promise.all(
      [['1'], ['not a number'], ['2']].map((numbers) =>
        told(ask(numbers)).catch((error: unknown) => (error as Problem).problem),
      ),
    );
    expect(said).toEqual([[['1', '1', 'a']], 'source-unavailable', [['1', '2', 'a']]]);
  });
});

describe('a question that is given up', () => {
  const sleeping = async () =>
    (
      await watch.query(
        "select from pg_stat_activity where application_name = 'spec-shared' and state = 'active' and query like '%pg_sleep%'",
      )
    ).rowCount;
  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await holds()); tries += 1) {
      if (tries > 500) throw new Error('waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  test('ends at once, and its statement when nobody waits for it any more', async () => {
    const givers = [new AbortController(), new AbortController()];
    const [first, second] = givers.map(({ signal }) =>
      reads.find(SLOW, keysOf(['1']), [], signal).catch((error: unknown) => (error as Problem).problem),
    );
    await until(async () => (await sleeping()) === 1);
    givers[0]!.abort();
    expect(await first).toBe('source-timeout');
    expect(await sleeping()).toBe(1);
    givers[1]!.abort();
    expect(await second).toBe('source-timeout');
    await until(async () => (await sleeping()) === 0);
    expect(statements).toBe(1);
  });
});
