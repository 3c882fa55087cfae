import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { type LateRoom, type WireMessage } from '#messaging';

import {
  echo,
  eventually,
  problemOf,
  question,
  text,
  type InRoom,
  type RequestHandler,
} from './transport-room.js';

function put<T>(late: T[], reply: T): LateRoom {
  late.push(reply);
  return 'taken';
}

/** Answers nobody before it is told to. */
function held(): { handler: RequestHandler; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const handler: RequestHandler = async (message, context) => {
    await promise;
    return echo(message, context);
  };
  return { handler, release: resolve };
}

export function lateCases(room: InRoom): void {
  describe('a reply that comes too late', () => {
    test('ends no question and is handed over, byte by byte', async () => {
      const { handler, release } = held();
      await room().serve(handler);
      const late: WireMessage[] = [];
      const client = await room().client({ onLate: (reply) => put(late, reply) });
      const asked = question('too slow', 120);
      expect(await problemOf(room().ask(client, asked))).toBe('provider-timeout');
      expect(late).toEqual([]);
      release();
      await eventually(() => late.length === 1);
      expect([late[0]!.key, text(late[0]!)]).toEqual([asked.key, 'too slow']);
      expect(client.counts).toMatchObject({ answered: 0, late: 1, lateDropped: 0 });
    });

    test('and has no body is counted and not handed over', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await room().serve(async () => {
        await promise;
        throw new Problem('overloaded');
      });
      const late: WireMessage[] = [];
      const client = await room().client({ onLate: (reply) => put(late, reply) });
      expect(await problemOf(room().ask(client, question('refused', 120)))).toBe('provider-timeout');
      resolve();
      await eventually(() => client.counts.late === 1);
      await sleep(50);
      expect(late).toEqual([]);
    });

    test('is handed over once it was accepted, when its question ended meanwhile', async () => {
      await room().serve(echo);
      const late: string[] = [];
      const client = await room().client({ onLate: (reply) => put(late, text(reply)) });
      const accept = async (reply: WireMessage): Promise<string> => {
        await sleep(700);
        return text(reply);
      };
      const message = question('looked at for long', 400);
      const asked = new Promise<string>((resolve) => {
        client.send<string>(room().request, { message, accept }).subscribe({
          next: resolve,
          error: (error: Problem) => resolve(error.problem),
        });
      });
      expect(await asked).toBe('provider-timeout');
      await eventually(() => late.length === 1);
      expect(late).toEqual(['looked at for long']);
    });

    test('and finds no room is counted and dropped, and delays nobody’s answer', async () => {
      const { handler, release } = held();
      await room().serve((message, context) =>
        text(message) === 'late' ? handler(message, context) : echo(message, context),
      );
      let offered = 0;
      const onLate = (): LateRoom => (++offered > 15 ? 'taken' : offered > 5 ? 'full' : 'crowded');
      const client = await room().client({ onLate });
      const asked = Array.from({ length: 20 }, () => problemOf(room().ask(client, question('late', 120))));
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['provider-timeout']));
      release();
      const numbers = Array.from({ length: 50 }, (_, index) => String(index));
      const answers = await Promise.all(numbers.map((number) => room().ask(client, question(number))));
      expect(answers.map(text)).toEqual(numbers);
      await eventually(() => client.counts.late === 20);
      expect([offered, client.counts.lateDropped]).toEqual([20, 15]);
    });

    test('because nobody read when it came is handed to the one who reads next and looks back, and the first answer after it is not lost', async () => {
      const { handler, release } = held();
      await room().serve((message, context) =>
        text(message).startsWith('lost') ? handler(message, context) : echo(message, context),
      );
      const since = Date.now() - 1_000;
      const before = await room().client({ drainMs: 0 });
      const asked = ['lost 1', 'lost 2', 'lost 3'].map((body) =>
        problemOf(room().ask(before, question(body))),
      );
      await eventually(() => before.counts.sent === 3);
      await before.close();
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['shutting-down']));
      release();
      while ((await room().recorded(room().reply)).length < 3) await sleep(20);

      const late: string[] = [];
      const reply = { topic: room().reply, partition: 0, since };
      let refused = 0;
      const onLate = (one: WireMessage): LateRoom => (refused++ > 2 ? put(late, text(one)) : 'full'); // at first
      const after = await room().client({ reply, onLate });
      expect(text(await room().ask(after, question('first', 5_000)))).toBe('first');
      await eventually(() => late.length >= 3, 15_000);
      expect([...new Set(late)].sort()).toEqual(['lost 1', 'lost 2', 'lost 3']);
      expect(after.counts).toMatchObject({ answered: 1, duplicate: 0, lateDropped: 0 });
    });

    test('and finds those of its exchange too many is dropped and counted, and keeps none behind it waiting', async () => {
      await room().serve(echo);
      const before = await room().client();
      const answer = await room().ask(before, question('crowded'));
      await before.close();
      await sleep(30);
      const since = Date.now();
      const behind = { ...answer, value: Buffer.from('behind') };
      const all = [answer, answer, answer, behind].map((reply) => ({ ...reply, partition: 0 }));
      await room().broker.publish(room().reply, all);
      const late: string[] = [];
      const onLate = (one: WireMessage): LateRoom =>
        text(one) === 'crowded' ? 'crowded' : put(late, text(one));
      const after = await room().client({ reply: { topic: room().reply, partition: 0, since }, onLate });
      await after.connect();
      await eventually(() => late.length > 0, 15_000);
      expect([late, after.counts.lateDropped]).toEqual([['behind'], 3]);
    });

    test('and came before the time that is looked back to, or when nobody looks back, is nobody’s', async () => {
      await room().serve(echo);
      const before = await room().client();
      expect(text(await room().ask(before, question('long ago')))).toBe('long ago');
      await before.close();
      await sleep(30);
      const late: string[] = [];
      const reply = { topic: room().reply, partition: 0, since: Date.now() };
      const onLate = (one: WireMessage): LateRoom => put(late, text(one));
      for (const options of [{ reply, onLate }, { onLate }]) {
        const client = await room().client(options);
        expect(text(await room().ask(client, question('now')))).toBe('now');
        await sleep(300);
        await client.close();
      }
      expect(late.filter((body) => body === 'long ago')).toEqual([]);
    });

    test('because the broker was away until then is sent when it is back', async () => {
      const { handler, release } = held();
      const server = await room().serve(handler);
      const late: string[] = [];
      const client = await room().client({ onLate: (reply) => put(late, text(reply)) });
      const asked = problemOf(room().ask(client, question('through the outage', 1_200)));
      await eventually(() => server.counts.taken === 1);
      await room().harness.stop();
      try {
        release();
        expect(await asked).toBe('provider-timeout');
        await sleep(300);
        expect(server.counts).toMatchObject({ answered: 0, replyLost: 0 });
        expect(server.inFlight).toBe(0);
      } finally {
        await room().harness.start();
      }
      await eventually(() => late.length > 0, 15_000);
      expect(new Set(late)).toEqual(new Set(['through the outage']));
      expect(server.counts).toMatchObject({ answered: 1, replyLost: 0 });
    });
  });
}
