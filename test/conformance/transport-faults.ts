import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type WireMessage } from '#messaging';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

export function faultCases(room: InRoom): void {
  describe('an unreliable broker', () => {
    test('the first reply after connecting is not lost, however long the broker takes to find the position', async () => {
      await room().serve(echo);
      room().harness.faults.subscribeMs = 60;
      for (const partition of [1, 2, 3, 4, 5]) {
        const client = await room().client({ reply: { topic: room().reply, partition } });
        expect(text(await room().ask(client, question('first', 1_000)))).toBe('first');
      }
    });

    test('a question that arrives twice is answered once; the second reply is ignored', async () => {
      const seen: string[] = [];
      await room().serve((message, context) => {
        seen.push(message.key);
        return echo(message, context);
      });
      room().harness.faults.duplicate(room().request, 1);
      const client = await room().client();
      const asked = question('twice');
      expect(text(await room().ask(client, asked))).toBe('twice');
      await eventually(() => client.counts.duplicate === 1);
      expect(seen).toEqual([asked.key, asked.key]);
      expect(client.counts).toMatchObject({ answered: 1, duplicate: 1, unknown: 0 });
    });

    test('a reply that arrives twice is taken once', async () => {
      await room().serve(echo);
      room().harness.faults.duplicate(room().reply, 1);
      const client = await room().client();
      const emissions: string[] = [];
      client
        .send<WireMessage>(room().request, question('once'))
        .subscribe((reply) => emissions.push(text(reply)));
      await eventually(() => client.counts.duplicate === 1);
      expect(emissions).toEqual(['once']);
    });

    test('replies that overtake each other reach those who asked', async () => {
      await room().serve(echo);
      room().harness.faults.reorder(room().reply, 10);
      const client = await room().client();
      const arrived: string[] = [];
      // One key, hence one partition: without the accident everything would stay in order.
      const key = '00000000-0000-4000-8000-000000000003';
      const asked = Array.from({ length: 40 }, (_, index) => String(index));
      const answers = await Promise.all(
        asked.map(async (number) => {
          const reply = await room().ask(client, question(number, 5_000, key));
          arrived.push(number);
          return text(reply);
        }),
      );
      expect(answers).toEqual(asked);
      expect(arrived).not.toEqual(asked);
    });

    test('a question or reply that the broker lost is sent again, the same bytes, until it is answered', async () => {
      const seen: WireMessage[] = [];
      await room().serve((message, context) => {
        seen.push(message);
        return echo(message, context);
      });
      room().harness.faults.lose(room().request, 2);
      room().harness.faults.lose(room().reply, 1);
      const client = await room().client({ retryMs: 60 });
      expect(text(await room().ask(client, question('insist')))).toBe('insist');
      expect(seen).toEqual([seen[0], seen[0]]);
      expect(client.counts).toMatchObject({ sent: 1, resent: 3, answered: 1 });
      expect(await room().recorded(room().request)).toHaveLength(4);
      await sleep(150);
      expect(client.counts.resent).toBe(3);
    });

    test('without resending, a lost question ends at its deadline', async () => {
      await room().serve(echo);
      room().harness.faults.lose(room().request, 1);
      const client = await room().client();
      expect(await problemOf(room().ask(client, question('gone', 150)))).toBe('provider-timeout');
      expect(text(await room().ask(client, question('next')))).toBe('next');
    });

    test('a broker that is gone and comes back: questions wait for it, work in hand is answered', async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const server = await room().serve(async (message, context) => {
        if (text(message) === 'in hand') await released;
        return echo(message, context);
      });
      const client = await room().client({ retryMs: 40 });
      const hasty = await room().client({ reply: { topic: room().reply, partition: 1 } });
      await client.connect();
      const inHand = room().ask(hasty, question('in hand'));
      await eventually(() => server.inFlight > 0);
      await room().harness.stop();
      try {
        release();
        const during = room().ask(client, question('during'));
        await sleep(150);
        expect([client.pending, hasty.pending]).toEqual([1, 1]);
        await room().harness.start();
        expect((await Promise.all([inHand, during])).map(text)).toEqual(['in hand', 'during']);
      } finally {
        await room().harness.start();
      }
    });

    test('a broker that stays away is named when the deadline comes, or at once without resending', async () => {
      await room().serve(echo);
      const [patient, hasty] = [
        await room().client({ retryMs: 40 }),
        await room().client({ reply: { topic: room().reply, partition: 1 } }),
      ];
      await Promise.all([patient.connect(), hasty.connect()]);
      await room().harness.stop();
      try {
        const begun = Date.now();
        expect(await problemOf(room().ask(hasty, question('now', 5_000)))).toBe('transport-unavailable');
        expect(Date.now() - begun).toBeLessThan(2_000);
        expect(await problemOf(room().ask(patient, question('later', 250)))).toBe('transport-unavailable');
      } finally {
        await room().harness.start();
      }
      expect(text(await room().ask(hasty, question('back')))).toBe('back');
    });
  });
}
