import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type KafkaMessage } from 'kafkajs';
import { type DeliveryHandler } from '../broker.js';
import { Lane } from './lane.js';
import { START, type Place } from './places.js';

const record = (offset: number, at = offset): KafkaMessage => ({
  ...{ offset: String(offset), timestamp: String(at), attributes: 0, key: null, headers: {} },
  value: Buffer.from(String(at)),
});
const records = (...offsets: number[]) => offsets.map((offset) => record(offset));

/** A lane, what it handed out, and what it made of its partition's fetching. */
async function laneAt(place: Place, handler?: DeliveryHandler) {
  const seen: string[] = [];
  const did: string[] = [];
  const valve = {
    pause: () => void did.push('pause'),
    resume: () => void did.push('resume'),
    rewind: (_: number, remade: boolean) => void did.push(remade ? 'remade' : 'again'),
  };
  const take: DeliveryHandler = (delivery) => {
    seen.push(Buffer.from(delivery.value).toString());
    return handler?.(delivery);
  };
  const lane = new Lane('t', 0, place, take, valve, Promise.resolve());
  await lane.idle();
  return { lane, seen, did };
}

describe('a lane', () => {
  test('hands out what is new to it, and knows the last record taken', async () => {
    const { lane, seen, did } = await laneAt({ next: 5, last: { offset: 4, timestamp: '4' } });
    expect(lane.from).toBe(4);
    lane.push(records(4, 5, 6), 7, 9);
    expect(seen).toEqual(['5', '6']);
    expect(did).toEqual([]);
    expect(lane.place).toEqual({ next: 7, last: { offset: 6, timestamp: '6' } });
    expect([lane.from, lane.lag]).toEqual([7, 2]);
  });

  test('takes nothing of a log that ends before what it has read, and begins that one again', async () => {
    const { lane, seen, did } = await laneAt({ next: 50 });
    lane.push(records(1, 2), 3, 3);
    expect([seen, did, lane.place]).toEqual([[], ['remade'], { next: 0 }]);
    lane.push(records(0, 1, 2), 3, 3);
    expect([seen, lane.place.next]).toEqual([['0', '1', '2'], 3]);
  });

  test('trap: knows another log by the record in the last one’s place, however long it is', async () => {
    const { lane, seen, did } = await laneAt({ next: 5, last: { offset: 4, timestamp: '4' } });
    lane.push([record(4, 1_004), record(5, 1_005)], 6, 9);
    expect([seen, did]).toEqual([[], ['remade']]);
    lane.push([record(0, 1_000), record(1, 1_001)], 2, 9);
    expect(seen).toEqual(['1000', '1001']);
  });

  test('begins again without alarm where compaction has removed the last record taken', async () => {
    const { lane, seen, did } = await laneAt({ next: 5, last: { offset: 4, timestamp: '4' } });
    lane.push(records(7), 8, 8);
    expect([seen, did]).toEqual([[], ['again']]);
    lane.push(records(0, 7), 8, 8);
    expect([seen, did]).toEqual([['0', '7'], ['again']]);
  });

  test('trap: what waits of a log that is gone is handed out first, and counts for no position', async () => {
    const gate = Promise.withResolvers<void>();
    const { lane, seen } = await laneAt(START, () => gate.promise);
    lane.push(records(0, 1, 2), 3, 3);
    lane.push([record(0, 100)], 1, 1); // noticed: read again from the beginning
    lane.push([record(0, 100)], 1, 1);
    expect([seen, lane.place]).toEqual([['0'], { next: 0 }]);
    gate.resolve();
    await sleep(10);
    expect(seen).toEqual(['0', '1', '2', '100']);
    expect(lane.place).toEqual({ next: 1, last: { offset: 0, timestamp: '100' } });
  });

  test.each<[string, (heavy: Buffer) => Partial<KafkaMessage>]>([
    ['value', (heavy) => ({ value: heavy })],
    ['key', (heavy) => ({ key: heavy })],
    ['headers', (heavy) => ({ headers: { junk: heavy, name: 'x' } })],
    ['headers under one name', (heavy) => ({ headers: { junk: [heavy, 'x'] } })],
    ['very many headers', ({ length }) => ({ headers: { junk: Array<string>(length / 128).fill('') } })],
  ])('trap: is not fetched any more when some MiB wait in it, though all in %s', async (_, part) => {
    const gate = Promise.withResolvers<void>();
    const { lane, seen, did } = await laneAt(START, () => gate.promise);
    const heavy = Buffer.alloc(1024 * 1024);
    let pushed = 0;
    for (; did.length === 0 && pushed < 100; pushed++)
      lane.push([{ ...record(pushed), ...part(heavy) } as KafkaMessage], pushed + 1, 100);
    expect([pushed, did]).toEqual([4, ['pause']]);
    gate.resolve();
    await sleep(10);
    expect([seen.length, did]).toEqual([4, ['pause', 'resume']]);
  });

  test('tells how long the same record has been in hand, and nothing when none is', async () => {
    const gate = Promise.withResolvers<void>();
    const { lane } = await laneAt(START, () => gate.promise);
    expect(lane.standstillMs).toBe(0);
    lane.push(records(0), 1, 1);
    await sleep(30);
    expect(lane.standstillMs).toBeGreaterThan(20);
    expect(lane.lag).toBe(1);
    gate.resolve();
    await lane.idle();
    expect([lane.standstillMs, lane.lag]).toEqual([0, 0]);
  });
});
