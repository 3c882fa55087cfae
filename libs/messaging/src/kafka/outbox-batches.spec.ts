import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BATCH_BYTES, batchesOf, missingFrom, partsOf, type Item } from './outbox-batches.js';

const call = { left: 1, resolve: () => undefined, reject: () => undefined };
const item = (topic: string, partition: number, bytes = 1): Item => ({
  topic,
  partition,
  bytes,
  call,
  record: { value: null },
});
const items = fc.array(
  fc.record({
    topic: fc.constantFrom('a', 'b'),
    partition: fc.nat(2),
    bytes: fc.oneof(fc.nat(BATCH_BYTES * 2), fc.nat(1_000)),
    call: fc.constant(call),
    record: fc.constant({ value: null }),
  }),
);

describe('what one turn collected', () => {
  test('is cut into batches that hold every record once, in order, and no partition too much in one', () => {
    fc.assert(
      fc.property(items, (all) => {
        const batches = batchesOf(all);
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          for (const part of Map.groupBy(batch, ({ topic, partition }) => `${topic}/${partition}`).values()) {
            const bytes = part.reduce((sum, each) => sum + each.bytes, 0);
            expect(part.length === 1 || bytes <= BATCH_BYTES).toBe(true);
          }
        }
      }),
    );
  });

  test('leaves a record that is too much by itself alone, also behind one of no bytes', () => {
    const [empty, big] = [item('a', 0, 0), item('a', 0, BATCH_BYTES + 1)];
    expect(batchesOf([empty, big])).toEqual([[empty], [big]]);
  });

  test('is taken apart by partition, then in halves, until the one that is refused is alone', () => {
    fc.assert(
      fc.property(items, (all) => {
        fc.pre(all.length > 1);
        const parts = partsOf(all);
        expect(parts.flat()).toHaveLength(all.length);
        expect(parts.every(({ length }) => length > 0 && length < all.length)).toBe(true);
      }),
    );
  });

  test('trap: a partition that no broker acknowledged is sent again, though kafkajs reports success', () => {
    const batch = [item('a', 0), item('a', 1), item('b', 0)];
    const acknowledged = [{ topicName: 'a', partition: 0, errorCode: 0 }];
    expect(missingFrom(acknowledged, batch)).toEqual([batch[1], batch[2]]);
    expect(missingFrom([...acknowledged, { topicName: 'a', partition: 1, errorCode: 0 }], batch)).toEqual([
      batch[2],
    ]);
  });
});
