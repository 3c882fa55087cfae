import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type QueryConfig } from 'pg';
import { byteaArray, type Database } from '#database';
import { AnswerCipher } from '#node';
import { useDatabase } from '#testing';
import { KeptAnswers, keptAnswerMigrations } from './kept-answers.js';

const database = useDatabase(keptAnswerMigrations);
const MIB = 1024 * 1024;

test('answers are kept at once in statements of at most 100 answers and 4 MiB', async () => {
  const batches: { count: number; bytes: number }[] = [];
  const { pool } = database();
  const query = (statement: QueryConfig): Promise<unknown> => {
    const [exchanges, , sealed] = statement.values as [string[], Buffer, Buffer];
    const head = byteaArray(exchanges.map(() => Buffer.alloc(0))).length;
    batches.push({ count: exchanges.length, bytes: sealed.length - head });
    return pool.query(statement);
  };
  const counted = { pool: { query } } as unknown as Pick<Database, 'pool'>;
  const kept = new KeptAnswers(counted, new AnswerCipher(Buffer.alloc(32, 7)));
  const keep = (size: number): Promise<void> =>
    kept.keep({
      ...{ exchange: randomUUID(), bodyHash: Buffer.alloc(32), body: Buffer.alloc(size) },
      ...{ bodyNonce: Buffer.alloc(16), until: Date.now() + 60_000 },
    });
  const sizes = [...Array.from({ length: 9 }, () => MIB), ...Array.from({ length: 150 }, () => 10)];
  await Promise.all(sizes.map(keep));
  expect(batches.slice(0, 4).map(({ count }) => count)).toEqual([1, 2, 2, 2]);
  expect(batches.slice(4).reduce((sum, { count }) => sum + count, 0)).toBe(sizes.length - 7);
  expect(Math.max(...batches.map(({ bytes }) => bytes))).toBeLessThanOrEqual(4 * MIB);
  expect(Math.max(...batches.map(({ count }) => count))).toBeLessThanOrEqual(100);
  const { rows } = await pool.query<{ count: string }>('select count(*) from kept_answer');
  expect(rows).toEqual([{ count: String(sizes.length) }]);
});
