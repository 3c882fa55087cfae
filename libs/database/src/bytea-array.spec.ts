import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { useDatabase } from '#testing';
import { byteaArray } from './bytea-array.js';

const item = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null, freq: 5 });

describe('an array of bytes as a parameter', () => {
  const database = useDatabase([]);

  async function received(array: Buffer): Promise<(Buffer | null)[]> {
    const { rows } = await database().pool.query<{ item: Buffer | null }>(
      'select item from unnest($1::bytea[]) with ordinality as one (item, n) order by n',
      [array],
    );
    return rows.map(({ item: one }) => one);
  }

  test('arrives as it was given, nulls, empty ones and none at all too', async () => {
    const lists = fc.asyncProperty(fc.array(item, { maxLength: 40 }), async (items) => {
      const expected = items.map((one) => (one === null ? null : Buffer.from(one)));
      expect(await received(byteaArray(items))).toEqual(expected);
    });
    await fc.assert(lists, { numRuns: 200 });
  });

  test('is refused where another type is asked for', async () => {
    const text = database().pool.query('select $1::text[]', [byteaArray([Buffer.from('a')])]);
    await expect(text).rejects.toMatchObject({ code: '42804' });
  });
});
