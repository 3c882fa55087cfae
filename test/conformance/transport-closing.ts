import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

export function closingCases(room: InRoom): void {
  describe('an orderly close', () => {
    test('a server answers what it has in hand and takes nothing new; another instance does', async () => {
      let open: (() => void) | undefined;
      const first = await room().serve(async (message, context) => {
        await new Promise<void>((resolve) => (open = resolve));
        return echo(message, context);
      });
      const client = await room().client();
      const inHand = room().ask(client, question('in hand'));
      await eventually(() => open !== undefined);
      const closing = first.close();
      const later = room().ask(client, question('later'));
      await sleep(50);
      open?.();
      await closing;
      expect(text(await inHand)).toBe('in hand');
      expect(first.counts).toMatchObject({ taken: 1, answered: 1, abandoned: 0 });
      await room().serve(echo);
      expect(text(await later)).toBe('later');
    });

    test('what waited for room when the server closed is done by another instance', async () => {
      let open: (() => void) | undefined;
      const first = await room().serve(
        async (message, context) => {
          await new Promise<void>((resolve) => (open = resolve));
          return echo(message, context);
        },
        { concurrency: 1 },
      );
      const client = await room().client();
      const asked = ['1', '2', '3', '4'].map((number) => room().ask(client, question(number)));
      await eventually(() => open !== undefined);
      await sleep(30);
      await room().serve(echo);
      const closing = first.close();
      open?.();
      await closing;
      expect((await Promise.all(asked)).map(text)).toEqual(['1', '2', '3', '4']);
      expect(first.counts.taken).toBe(1);
    });

    test('a handler that does not end is given up and told so', async () => {
      let aborted = false;
      const server = await room().serve(
        async (_, { signal }) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          aborted = true;
        },
        { drainMs: 80 },
      );
      const asked = room().ask(await room().client(), question('hang', 9_000));
      void asked.catch(() => undefined);
      await eventually(() => server.inFlight === 1);
      const begun = Date.now();
      await server.close();
      expect(Date.now() - begun).toBeLessThan(500);
      expect(server.counts.abandoned).toBe(1);
      await eventually(() => aborted);
    });

    test('a client waits for the replies in flight and refuses new questions', async () => {
      await room().serve(async (message, context) => {
        await sleep(80);
        return echo(message, context);
      });
      const client = await room().client({ drainMs: 2_000 });
      await client.connect();
      const inFlight = room().ask(client, question('in flight'));
      await eventually(() => client.pending === 1);
      const closing = client.close();
      expect(await problemOf(client.connect())).toBe('shutting-down');
      expect(await problemOf(room().ask(client, question('new')))).toBe('shutting-down');
      expect(text(await inFlight)).toBe('in flight');
      await closing;
    });

    test('a client that waited long enough ends what is left with `shutting-down`', async () => {
      await room().serve(() => undefined);
      const client = await room().client({ drainMs: 80 });
      const asked = room().ask(client, question('unanswered'));
      const ended = problemOf(asked);
      await eventually(() => client.pending === 1);
      await client.close();
      expect(await ended).toBe('shutting-down');
    });

    test('idle, server and client close within a second', async () => {
      const server = await room().serve(echo);
      const client = await room().client();
      await room().ask(client, question('warm'));
      const begun = Date.now();
      await Promise.all([server.close(), client.close()]);
      await Promise.all([server.close(), client.close()]);
      expect(Date.now() - begun).toBeLessThan(1_000);
    });
  });
}
