import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type TransportReport } from '../index.js';
import {
  bodies,
  broker,
  eventually,
  kafka,
  message,
  mortal,
  text,
  topic,
  useKafka,
} from './kafka.fixture.js';

useKafka();

describe('a group', () => {
  test('gets a record again, after a pause and before the next one, when the handler throws what it likes', async () => {
    const name = await topic();
    const reader = await broker();
    const seen: [string, number][] = [];
    const failures = [
      new TypeError('kills a kafkajs consumer'),
      new RangeError('so does this'),
      'no error at all',
    ];
    await reader.subscribe({ topic: name, group: 'g' }, (delivery) => {
      seen.push([text(delivery), Date.now()]);
      const failure = failures.shift();
      if (failure !== undefined) throw failure as Error;
    });
    await reader.publish(name, [message('1'), message('2')]);
    await eventually(() => seen.length === 5);
    expect(seen.map(([body]) => body)).toEqual(['1', '1', '1', '1', '2']);
    expect(seen[1]![1] - seen[0]![1]).toBeGreaterThanOrEqual(90);
  });

  test('trap: a handler that hangs holds up its partition alone, takes no more memory, and the group goes on', async () => {
    const name = await topic(2);
    const reader = await broker();
    const seen: string[] = [];
    await reader.subscribe({ topic: name, group: 'g' }, (delivery) =>
      delivery.partition === 0 ? new Promise(() => undefined) : void seen.push(text(delivery)),
    );
    const heavy = Buffer.alloc(90_000);
    for (let round = 0; round < 10; round++) {
      await reader.publish(
        name,
        Array.from({ length: 10 }, () => ({ key: 'k', headers: {}, value: heavy, partition: 0 })),
      );
    }
    await sleep(1_500);
    await reader.publish(name, [message('passes', 1)]);
    await eventually(() => seen.length === 1);
    const other = await broker();
    const others: number[] = [];
    await other.subscribe({ topic: name, group: 'g' }, (delivery) => void others.push(delivery.partition));
    for (let number = 0; others.length + seen.length < 20; number++) {
      await reader.publish(name, [message(String(number), 1)]);
    }
    const begun = Date.now();
    await reader.close();
    expect(Date.now() - begun).toBeLessThan(7_000);
    await eventually(() => others.includes(0));
  });

  test('commits each second what was taken: a member killed without goodbye repeats little', async () => {
    const name = await topic();
    const { socketFactory, die } = mortal();
    const victim = await broker({ socketFactory });
    const seen: string[] = [];
    await victim.subscribe({ topic: name, group: 'g' }, (delivery) => void seen.push(text(delivery)));
    const sender = await broker();
    await sender.publish(
      name,
      bodies(0, 50).map((body) => message(body)),
    );
    await eventually(() => seen.length === 50);
    await sleep(1_300);
    await sender.publish(name, [message('late')]);
    await eventually(() => seen.length === 51);
    die();
    const again: string[] = [];
    await (
      await broker()
    ).subscribe({ topic: name, group: 'g' }, (delivery) => void again.push(text(delivery)));
    await sender.publish(name, [message('next')]);
    await eventually(() => again.includes('next'), 8_000);
    expect(again).toEqual(['late', 'next']);
  });

  test('loses nothing and keeps the order of each partition while members come and go under load', async () => {
    const name = await topic(6);
    const sender = await broker();
    const seen: [string, number][] = [];
    const member = async () => {
      const each = await broker();
      return each.subscribe({ topic: name, group: 'g' }, async (delivery) => {
        await sleep(1);
        seen.push([String(delivery.partition), Number(text(delivery))]);
      });
    };
    const first = await member();
    let sent = 0;
    let sending = true;
    const load = (async () => {
      for (; sending; sent++) {
        await sender.publish(
          name,
          bodies(0, 6).map((body) => message(String(sent), Number(body))),
        );
      }
    })();
    await sleep(500);
    const second = await member();
    await sleep(500);
    await first.close();
    await sleep(500);
    sending = false;
    await load;
    const of = (partition: string) => seen.filter(([at]) => at === partition).map(([, number]) => number);
    await eventually(() => bodies(0, 6).every((each) => new Set(of(each)).size === sent), 15_000);
    for (const partition of bodies(0, 6)) {
      const firsts = [...new Set(of(partition))];
      expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    }
    await second.close();
    // Both left in good order: what was handed out once more was in hand when the partition moved.
    expect(seen.length).toBeLessThan(6 * sent + 60);
  });

  test('hands out no record after close was called, and closes within half a second', async () => {
    const name = await topic();
    const reader = await broker();
    let closed = false;
    const after: string[] = [];
    const subscription = await reader.subscribe({ topic: name, group: 'g' }, async (delivery) => {
      if (closed) after.push(text(delivery));
      await sleep(5);
    });
    await reader.publish(
      name,
      bodies(0, 50).map((body) => message(body)),
    );
    await sleep(50);
    const begun = Date.now();
    closed = true;
    await subscription.close();
    expect(Date.now() - begun).toBeLessThan(500);
    expect(after).toEqual([]);
  });
});

describe('trap: a consumer that crashes', () => {
  test('is told, and another one goes on where it stood, in every kind of source', async () => {
    const name = await topic();
    const reports: TransportReport[] = [];
    const { socketFactory, die, revive } = mortal();
    const reader = await broker({ socketFactory, report: (report) => void reports.push(report) });
    const sender = await broker();
    const seen: Record<string, string[]> = { group: [], partition: [], replay: [] };
    const into = (kind: string) => (delivery: { value: Uint8Array }) => void seen[kind]!.push(text(delivery));
    await reader.subscribe({ topic: name, group: 'g' }, into('group'));
    await reader.subscribe({ topic: name, partition: 0 }, into('partition'));
    await reader.subscribe({ topic: name, replay: true }, into('replay'));
    await sender.publish(name, [message('before')]);
    await eventually(() => Object.values(seen).every(({ length }) => length === 1));
    await sleep(1_200);
    die();
    await sender.publish(name, [message('meanwhile')]);
    await eventually(() => reports.length > 2, 15_000);
    revive();
    await sender.publish(name, [message('after')]);
    await eventually(() => Object.values(seen).every((each) => each.includes('after')), 10_000);
    const all = ['before', 'meanwhile', 'after'];
    expect(seen).toEqual({ group: all, partition: all, replay: all });
    expect(new Set(reports.map(({ step, problem }) => `${step} ${problem}`))).toEqual(
      new Set(['reader-restart transport-unavailable']),
    );
  });
});

describe('a broker that is killed and comes back', () => {
  test('loses nothing that was acknowledged; publishers and readers go on by themselves', async () => {
    const name = await topic(3);
    const [sender, reader] = [await broker(), await broker()];
    const seen = new Set<string>();
    await reader.subscribe({ topic: name, group: 'g' }, (delivery) => void seen.add(text(delivery)));
    const acknowledged: string[] = [];
    let sending = true;
    let refused = 0;
    const load = (async () => {
      for (let number = 0; sending; number++, await sleep(3)) {
        const body = String(number);
        await sender.publish(name, [message(body, number % 3)]).then(
          () => acknowledged.push(body),
          () => refused++,
        );
      }
    })();
    await sleep(300);
    await kafka.kill(1);
    await sleep(500);
    await kafka.start(1);
    const before = acknowledged.length;
    await eventually(() => acknowledged.length > before + 50, 15_000);
    sending = false;
    await load;
    await eventually(() => acknowledged.every((body) => seen.has(body)), 20_000);
    expect(refused).toBeGreaterThan(0);
  });
});
