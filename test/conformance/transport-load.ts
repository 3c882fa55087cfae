import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

const numbers = (length: number) => Array.from({ length }, (_, index) => String(index));

export function loadCases(room: InRoom): void {
  describe('load', () => {
    test('60 handlers of 50 ms run side by side, not one after the other', async () => {
      await room().serve(async (message, context) => {
        await sleep(50);
        return echo(message, context);
      });
      const client = await room().client();
      await client.connect();
      const begun = Date.now();
      // One key: even one partition's messages do not wait for each other.
      const key = '00000000-0000-4000-8000-000000000001';
      const answers = await Promise.all(
        numbers(60).map((number) => room().ask(client, question(number, 5_000, key))),
      );
      expect(Date.now() - begun).toBeLessThan(600);
      expect(answers.map(text)).toEqual(numbers(60));
    });

    test('beyond its limit the server stops taking, and goes on when there is room', async () => {
      let [now, most] = [0, 0];
      const server = await room().serve(
        async (message, context) => {
          most = Math.max(most, ++now);
          await sleep(10);
          now--;
          return echo(message, context);
        },
        { concurrency: 4 },
      );
      const client = await room().client();
      const answers = await Promise.all(numbers(60).map((number) => room().ask(client, question(number))));
      expect(answers.map(text)).toEqual(numbers(60));
      expect(most).toBe(4);
      await eventually(() => server.inFlight === 0);
    });

    test('beyond its limit the client refuses, and asks again when there is room', async () => {
      const open: (() => void)[] = [];
      await room().serve(async (message, context) => {
        await new Promise<void>((resolve) => open.push(resolve));
        return echo(message, context);
      });
      const client = await room().client({ maxPending: 3 });
      await client.connect();
      const asked = numbers(3).map((number) => room().ask(client, question(number)));
      await eventually(() => client.pending === 3);
      expect(await problemOf(room().ask(client, question('one too many')))).toBe('overloaded');
      await eventually(() => open.length === 3);
      for (const resolve of open.splice(0)) resolve();
      expect((await Promise.all(asked)).map(text)).toEqual(numbers(3));
      const next = room().ask(client, question('room again'));
      await eventually(() => open.length === 1);
      open[0]?.();
      expect(text(await next)).toBe('room again');
    });

    test('from one instance to three and back, no question is lost', async () => {
      const shares = [0, 0, 0];
      const instance = (index: number) =>
        room().serve(async (message, context) => {
          shares[index] = (shares[index] ?? 0) + 1;
          await sleep(3);
          return echo(message, context);
        });
      const client = await room().client();
      await client.connect();
      const asked: Promise<string>[] = [];
      let asking = true;
      const load = (async () => {
        for (let count = 0; asking; count++) {
          const answer = room().ask(client, question(String(count), 15_000));
          asked.push(answer.then(text));
          await sleep(1);
        }
      })();
      const first = await instance(0);
      await eventually(() => shares[0]! > 20);
      const others = [await instance(1), await instance(2)];
      await eventually(() => shares[1]! > 20 && shares[2]! > 20, 10_000);
      await Promise.all(others.map((server) => server.close()));
      const before = shares[0]!;
      await eventually(() => shares[0]! > before + 20, 10_000);
      asking = false;
      await load;
      expect(await Promise.all(asked)).toEqual(asked.map((_, index) => String(index)));
      await first.close();
    });
  });
}
