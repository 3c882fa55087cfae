import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  BrokerDown,
  InProcessBus,
  type Delivery,
  type InProcessBusOptions,
  type TopicSpec,
} from '../index.js';

const T = 'topic';
const open: InProcessBus[] = [];
const text = ({ value }: { value: Uint8Array }) => Buffer.from(value).toString();
const message = (body: string, key = 'k') => ({ key, headers: { h: body }, value: Buffer.from(body) });
const bodies = (count: number) => Array.from({ length: count }, (_, index) => String(index));

async function busWith(
  spec: Partial<TopicSpec> = {},
  options: InProcessBusOptions = {},
): Promise<InProcessBus> {
  const bus = new InProcessBus({ history: true, ...options });
  open.push(bus);
  await bus.createTopics([
    {
      name: T,
      partitions: 1,
      retentionMs: 60_000,
      cleanup: 'delete',
      maxMessageBytes: 1_000,
      key: 'k',
      ...spec,
    },
  ]);
  return bus;
}

async function settled(list: unknown[], length: number): Promise<void> {
  for (let tries = 0; list.length < length && tries < 300; tries++) await sleep(5);
  await sleep(10);
}

afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close();
});

describe('bytes', () => {
  test('are copied on publish and on each delivery, and only key, headers and value travel', async () => {
    const bus = await busWith();
    const [one, two]: [Delivery[], Delivery[]] = [[], []];
    for (const [group, seen] of [
      ['a', one],
      ['b', two],
    ] as const) {
      await bus.subscribe({ topic: T, group }, (delivery) => {
        seen.push({ ...delivery, value: Uint8Array.from(delivery.value), headers: { ...delivery.headers } });
        delivery.value.fill(0);
        delivery.headers.h = 'changed';
      });
    }
    const sent = Object.assign(message('body'), { other: 'stays at home' });
    const publishing = bus.publish(T, [sent]);
    sent.value.fill(0);
    sent.headers.h = 'changed';
    await publishing;
    await settled(two, 1);
    const expected = {
      topic: T,
      partition: 0,
      offset: '0',
      key: 'k',
      headers: { h: 'body' },
      value: new Uint8Array(Buffer.from('body')),
    };
    expect([one, two]).toEqual([[expected], [expected]]);
    expect(bus.history(T)).toEqual([
      { key: 'k', headers: { h: 'body' }, value: new Uint8Array(Buffer.from('body')) },
    ]);
  });

  test('never arrive in the turn of the one who sends them', async () => {
    const bus = await busWith();
    const order: string[] = [];
    await bus.subscribe({ topic: T, group: 'g' }, () => void order.push('delivered'));
    const publishing = bus.publish(T, [message('x')]).then(() => order.push('published'));
    order.push('called');
    await publishing;
    await settled(order, 3);
    expect(order).toEqual(['called', 'published', 'delivered']);
  });

  test('are not kept for inspection unless asked for', async () => {
    const bus = await busWith({}, { history: false });
    expect(() => bus.history(T)).toThrow('keeps no history');
  });
});

describe('groups', () => {
  test('share partitions, each record going to one member; another group gets all of them', async () => {
    const bus = await busWith({ partitions: 4 });
    const shares: string[][] = [[], [], []];
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void shares[0]!.push(text(delivery)));
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void shares[1]!.push(text(delivery)));
    await bus.subscribe({ topic: T, group: 'other' }, (delivery) => void shares[2]!.push(text(delivery)));
    await bus.publish(
      T,
      bodies(40).map((body) => message(body, body)),
    );
    await settled(shares[2]!, 40);
    expect([...shares[0]!, ...shares[1]!].sort()).toEqual(bodies(40).sort());
    expect(shares.map(({ length }) => length > 0)).toEqual([true, true, true]);
    expect([...shares[2]!].sort()).toEqual(bodies(40).sort());
  });

  test('go on where they left off, and what nobody took waits', async () => {
    const bus = await busWith();
    const seen: string[] = [];
    const first = await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await bus.publish(T, [message('1'), message('2')]);
    await settled(seen, 2);
    await first.close();
    await bus.publish(T, [message('3')]);
    await sleep(20);
    expect(seen).toEqual(['1', '2']);
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await settled(seen, 3);
    expect(seen).toEqual(['1', '2', '3']);
  });

  test('get a record again that a handler threw on, before the next one', async () => {
    const bus = await busWith();
    const seen: string[] = [];
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => {
      seen.push(text(delivery));
      if (seen.length < 3) throw new TypeError('not yet');
    });
    await bus.publish(T, [message('1'), message('2')]);
    await settled(seen, 4);
    expect(seen).toEqual(['1', '1', '1', '2']);
  });

  test('a member that closes finishes what it has in hand first', async () => {
    const bus = await busWith();
    const done: string[] = [];
    const member = await bus.subscribe({ topic: T, group: 'g' }, async (delivery) => {
      await sleep(40);
      done.push(text(delivery));
    });
    await bus.publish(T, [message('1'), message('2')]);
    await sleep(15);
    await member.close();
    expect(done).toEqual(['1']);
  });
});

describe('a full backlog', () => {
  test('makes publishers wait until the reader has caught up', async () => {
    const bus = await busWith({}, { backlog: 5 });
    const seen: string[] = [];
    let release: (() => void) | undefined;
    await bus.subscribe({ topic: T, group: 'g' }, async (delivery) => {
      if (seen.length === 0) await new Promise<void>((resolve) => (release = resolve));
      seen.push(text(delivery));
    });
    let published = false;
    const publishing = bus
      .publish(
        T,
        bodies(12).map((body) => message(body)),
      )
      .then(() => (published = true));
    await sleep(40);
    expect(published).toBe(false);
    expect(bus.history(T)).toHaveLength(5);
    release?.();
    await publishing;
    await settled(seen, 12);
    expect(seen).toEqual(bodies(12));
  });

  test('is `overloaded` for a publisher that has waited long enough', async () => {
    const bus = await busWith({}, { backlog: 2, publishTimeoutMs: 40 });
    await bus.subscribe({ topic: T, group: 'g' }, () => new Promise(() => undefined));
    await bus.publish(T, [message('1'), message('2')]);
    await expect(bus.publish(T, [message('3')])).rejects.toMatchObject({ problem: 'overloaded' });
  });

  test('of a group that is away holds nobody up: the oldest records go', async () => {
    const bus = await busWith({}, { backlog: 3 });
    const seen: string[] = [];
    const away = await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await away.close();
    await bus.publish(
      T,
      bodies(10).map((body) => message(body)),
    );
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await settled(seen, 3);
    expect(seen).toEqual(['7', '8', '9']);
  });
});

describe('retention', () => {
  test('forgets what is older, and nothing younger', async () => {
    const bus = await busWith({ retentionMs: 60 });
    await bus.publish(T, [message('old')]);
    await sleep(80);
    await bus.publish(T, [message('young')]);
    const seen: string[] = [];
    await bus.subscribe({ topic: T, group: 'late' }, (delivery) => void seen.push(text(delivery)));
    await settled(seen, 1);
    expect(seen).toEqual(['young']);
  });

  test('of a compacted topic is the latest record of every key', async () => {
    const bus = await busWith({ cleanup: 'compact', retentionMs: Infinity });
    await bus.publish(T, [message('1', 'a'), message('1', 'b'), message('2', 'a')]);
    const seen: string[] = [];
    const replay = await bus.subscribe(
      { topic: T, replay: true },
      (record) => void seen.push(record.key + text(record)),
    );
    await replay.caughtUp();
    expect(seen).toEqual(['b1', 'a2']);
  });

  test('of a topic that is not compacted is no replay', async () => {
    const bus = await busWith();
    const replay = bus.subscribe({ topic: T, replay: true }, () => undefined);
    await expect(replay).rejects.toMatchObject({ problem: 'transport-unavailable', field: T });
  });
});

describe('an outage', () => {
  test('refuses every call and delivers nothing; what was acknowledged arrives afterwards', async () => {
    const bus = await busWith();
    const seen: string[] = [];
    await bus.publish(T, [message('before')]);
    bus.stop();
    const calls = [
      bus.publish(T, [message('x')]),
      bus.partitions(T),
      bus.createTopics([]),
      bus.subscribe({ topic: T, group: 'g' }, () => undefined),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(BrokerDown) });
    }
    bus.start();
    await bus.subscribe({ topic: T, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    await settled(seen, 1);
    bus.stop();
    await sleep(20);
    bus.start();
    await bus.publish(T, [message('after')]);
    await settled(seen, 2);
    expect(seen).toEqual(['before', 'after']);
  });
});
