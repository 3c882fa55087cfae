import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { InProcessBus, topicSpecs } from './index.js';
import { LateReplies } from './late-replies.js';
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

describe('late replies', () => {
  test('are looked at a few at a time, beyond what may wait none is kept, and there is room again', async () => {
    const [begun, failed]: [string[], unknown[]] = [[], []];
    let hang = Promise.withResolvers<void>();
    const handler = async ({ key }: WireMessage): Promise<void> => {
      begun.push(key);
      await hang.promise;
    };
    const late = new LateReplies(handler, (error) => void failed.push(error));
    const offered = Array.from({ length: 10 }, (_, i) => late.offer(reply(String(i), 4 * MIB)));
    expect(offered).toEqual([...Array<boolean>(7).fill(true), false, false, false]);
    await sleep(5);
    expect(begun).toEqual(['0', '1', '2', '3']);
    hang.reject(new Error('one that fails harms no other'));
    hang = Promise.withResolvers();
    hang.resolve();
    await sleep(5);
    expect([begun.length, failed.length]).toEqual([7, 4]);
    expect(late.offer(reply('again', 31 * MIB))).toBe(true);
    await late.close();
    await expect(late.put(reply('closed'))).rejects.toMatchObject({ problem: 'shutting-down' });
  });

  test('that are read from before wait for their turn, and are told apart', async () => {
    const seen: [string, boolean][] = [];
    const hang = Promise.withResolvers<void>();
    const handler = async ({ key }: WireMessage, earlier: boolean): Promise<void> => {
      seen.push([key, earlier]);
      await hang.promise;
    };
    const late = new LateReplies(handler, () => undefined);
    for (const name of ['0', '1', '2', '3']) late.offer(reply(name));
    let taken = false;
    const put = late.put(reply('before')).then(() => (taken = true));
    await sleep(5);
    expect(taken).toBe(false);
    hang.resolve();
    await put;
    expect(seen.at(-1)).toEqual(['before', true]);
    expect(seen[0]).toEqual(['0', false]);
  });
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

  test('are bounded in number and in bytes', async () => {
    const { bus, stop, offer } = await bench();
    bus.stop();
    expect(offer('heavy', Date.now(), 33 * MIB)).toBe(false);
    const taken = Array.from({ length: 1_001 }, (_, index) => offer(String(index)));
    expect([taken.filter(Boolean).length, taken.at(-1)]).toEqual([1_000, false]);
    stop.abort();
  });
});
