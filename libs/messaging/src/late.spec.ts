import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { InProcessBus, topicSpecs } from './index.js';
import { LateSends } from './late-sends.js';
import { type WireMessage } from './message.js';
import { noCounts } from './server-counts.js';
import { type TransportReport } from './transport-report.js';

const MIB = 1024 * 1024;
const reply = (name: string, bytes = 1): WireMessage => ({
  key: name,
  headers: {},
  value: new Uint8Array(bytes),
});

describe('replies sent after their deadline', () => {
  async function bench() {
    const bus = new InProcessBus({ history: true });
    await bus.createTopics([topicSpecs.reply('housing')]);
    const [reports, stop]: [TransportReport[], AbortController] = [[], new AbortController()];
    const counts = noCounts();
    const report = (one: TransportReport): void => void reports.push(one);
    const sends = new LateSends({ broker: bus, counts, report, stopping: stop.signal });
    const topic = topicSpecs.reply('housing').name;
    const offer = (name: string, deadline = Date.now(), bytes = 1): boolean =>
      sends.offer(topic, { ...reply(name, bytes), partition: 0 }, deadline);
    const sent = (): string[] => bus.history(topic).map(({ key }) => key);
    return { bus, counts, reports, stop, offer, sent };
  }

  test('go out in their order when the broker is back', async () => {
    const { bus, counts, offer, sent } = await bench();
    bus.stop();
    const names = Array.from({ length: 20 }, (_, index) => String(index));
    for (const name of names) expect(offer(name)).toBe(true);
    await sleep(100);
    expect([sent(), counts.answered]).toEqual([[], 0]);
    bus.start();
    await sleep(700);
    expect([sent(), counts.answered, counts.replyLost]).toEqual([names, 20, 0]);
  });

  test('are lost, and told, ten minutes after it or when the server stops, and none is taken then', async () => {
    const { bus, counts, reports, stop, offer } = await bench();
    bus.stop();
    offer('long ago', Date.now() - 600_000);
    await sleep(50);
    expect([counts.replyLost, reports.map(({ step }) => step)]).toEqual([1, ['reply-lost']]);
    offer('now');
    stop.abort();
    await sleep(100);
    expect([counts.replyLost, offer('too late')]).toEqual([2, false]);
  });

  test('wait for room, when the broker has none, as for the broker', async () => {
    const { name } = topicSpecs.reply('housing');
    const bus = new InProcessBus({ history: true, backlog: 1, publishTimeoutMs: 20 });
    await bus.createTopics([topicSpecs.reply('housing')]);
    const counts = noCounts();
    const stop = new AbortController();
    const sends = new LateSends({ broker: bus, counts, report: () => undefined, stopping: stop.signal });
    const hang = Promise.withResolvers<void>();
    await bus.subscribe({ topic: name, partition: 0 }, () => hang.promise);
    for (const body of ['1', '2', '3']) sends.offer(name, { ...reply(body), partition: 0 }, Date.now());
    await sleep(200);
    expect([bus.history(name).length, counts.replyLost]).toEqual([1, 0]);
    hang.resolve();
    await sleep(700);
    expect([bus.history(name).map(({ key }) => key), counts.answered]).toEqual([['1', '2', '3'], 3]);
    stop.abort();
  });

  test('are bounded in number and in bytes', async () => {
    const { bus, stop, offer } = await bench();
    bus.stop();
    expect(offer('heavy', Date.now(), 33 * MIB)).toBe(false);
    expect(offer('x'.repeat(33 * MIB))).toBe(false);
    const taken = Array.from({ length: 1_001 }, (_, index) => offer(String(index)));
    expect([taken.filter(Boolean).length, taken.at(-1)]).toEqual([1_000, false]);
    stop.abort();
  });
});
