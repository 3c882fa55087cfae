import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

import { echo, eventually, problemOf, question, type InRoom } from './transport-room.js';

export function deadlineCases(room: InRoom): void {
  describe('deadlines', () => {
    test('a question without an answer ends at its deadline; the reply that comes later is counted and dropped', async () => {
      const waiting = Promise.withResolvers<void>();
      await room().serve(async (message, context) => {
        await waiting.promise;
        return echo(message, context);
      });
      const client = await room().client();
      await client.connect();
      const begun = Date.now();
      expect(await problemOf(room().ask(client, question('too slow', 120)))).toBe('provider-timeout');
      expect(Date.now() - begun).toBeGreaterThanOrEqual(115);
      waiting.resolve();
      await eventually(() => client.counts.late === 1);
      expect({ ...client.counts, pending: client.pending }).toMatchObject({
        timedOut: 1,
        answered: 0,
        pending: 0,
      });
    });

    test('the handler is told when the deadline passes', async () => {
      let aborted = false;
      await room().serve(async (_, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted = true;
      });
      expect(await problemOf(room().ask(await room().client(), question('hang', 150)))).toBe(
        'provider-timeout',
      );
      await eventually(() => aborted);
    });

    test('work that arrives after its deadline is counted and never done', async () => {
      const done: string[] = [];
      const server = await room().serve((message) => void done.push(message.key));
      room().harness.faults.delay(room().request, 200);
      const client = await room().client();
      expect(await problemOf(room().ask(client, question('late', 80)))).toBe('provider-timeout');
      await eventually(() => server.counts.late === 1);
      expect(done).toEqual([]);
      expect(server.counts.taken).toBe(0);
    });

    test('work that waited for room beyond its deadline is never done', async () => {
      const done: string[] = [];
      const slow = async ({ key }: { key: string }) => {
        done.push(key);
        await sleep(300);
      };
      const server = await room().serve(slow, { concurrency: 1 });
      const client = await room().client();
      const [first, second] = [question('first', 1_000), question('second', 1_000)];
      second.headers.deadline = new Date(Date.now() + 150).toISOString();
      const asked = room().ask(client, first);
      void asked.catch(() => undefined);
      await eventually(() => done.length === 1);
      expect(await problemOf(room().ask(client, second))).toBe('provider-timeout');
      await eventually(() => server.counts.late === 1);
      expect(done).toEqual([first.key]);
    });

    test('a question whose deadline has passed is not sent', async () => {
      await room().serve(echo);
      const client = await room().client();
      await client.connect();
      expect(await problemOf(room().ask(client, question('yesterday', -1)))).toBe('provider-timeout');
      expect(await room().recorded(room().request)).toEqual([]);
    });
  });
}
