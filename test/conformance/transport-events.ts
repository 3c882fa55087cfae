import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from '@jest/globals';
import {
  DEAD_HEADER,
  messageHeaders,
  topicSpecs,
  topics,
  type TopicSpec,
  type WireMessage,
} from '#messaging';

import { eventually, problemOf, text, type Room, type InRoom } from './transport-room.js';

function event(subject: string, body: string): WireMessage {
  const headers = messageHeaders({ source: 'requester/gateway/0', type: 'log.tail', subject });
  return { key: subject, headers, value: Buffer.from(body) };
}

async function topicOf(room: Room, spec: TopicSpec): Promise<string> {
  const name = `${room.name}.${spec.name}`;
  await room.broker.createTopics([{ ...spec, name }, topicSpecs.deadLetter(name)]);
  return name;
}

export function eventCases(room: InRoom): void {
  describe('events', () => {
    test('one key’s events are handled in order, one at a time, and poison does not stop them', async () => {
      const topic = await topicOf(room(), topicSpecs.tail());
      const seen: string[] = [];
      let now = 0;
      const server = await room().serve(
        async (message) => {
          expect(++now).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, 2));
          now--;
          if (text(message) === '3') throw new TypeError('a bug');
          seen.push(text(message));
        },
        { routes: { 'log.tail': { topic, group: 'monitor' } } },
      );
      const client = await room().client();
      for (const body of ['1', '2', '3', '4', '5']) {
        await firstValueFrom(client.emit(topic, event('origin/gateway/0', body)), {
          defaultValue: undefined,
        });
      }
      await eventually(() => seen.length === 4);
      expect(seen).toEqual(['1', '2', '4', '5']);
      expect(server.counts).toMatchObject({ taken: 5, dead: 1 });
      const letters = await room().recorded(topics.deadLetter(topic));
      expect(letters.map(({ headers }) => headers[DEAD_HEADER.problem])).toEqual(['internal']);
    });

    test('an event that was in hand when the server closed is not lost', async () => {
      const topic = await topicOf(room(), topicSpecs.tail());
      const seen: string[] = [];
      const routes = { 'log.tail': { topic, group: 'monitor' } };
      const first = await room().serve(
        async (message) => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          seen.push(text(message));
        },
        { routes },
      );
      const bodies = ['1', '2', '3', '4', '5', '6'];
      await room().broker.publish(
        topic,
        bodies.map((body) => event('origin/gateway/0', body)),
      );
      await eventually(() => seen.length === 1);
      await first.close();
      expect(seen.length).toBeLessThan(6);
      await room().serve((message) => void seen.push(text(message)), { routes });
      await eventually(() => seen.length === 6);
      expect(seen).toEqual(bodies);
    });

    test('an event that waited for room when the server closed is not lost', async () => {
      const topic = await topicOf(room(), topicSpecs.tail());
      const seen: string[] = [];
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const routes = { 'log.tail': { topic, group: 'monitor' } };
      const first = await room().serve(() => released, { routes, concurrency: 1 });
      const both = ['1', '2'].map((body, partition) => ({ ...event('origin/gateway/0', body), partition }));
      await room().broker.publish(topic, both);
      await eventually(() => first.inFlight === 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const closing = first.close();
      release();
      await closing;
      expect(first.counts).toMatchObject({ taken: 1, dead: 0 });
      await room().serve((message) => void seen.push(text(message)), { routes });
      await eventually(() => seen.length === 1);
    });

    test('a compacted topic gives a newcomer the latest of every key before it is ready, then what follows', async () => {
      const topic = await topicOf(room(), topicSpecs.bundle());
      for (const [key, body] of [
        ['a', '1'],
        ['b', '1'],
        ['a', '2'],
        ['a', '3'],
      ] as const) {
        await room().broker.publish(topic, [event(key, body)]);
      }
      const routes = { 'sharing.bundle': { topic, replay: true as const } };
      const latest = [new Map<string, string>(), new Map<string, string>()];
      for (const each of latest) {
        await room().serve((message) => void each.set(message.key, text(message)), { routes });
        expect([...each].sort()).toEqual([
          ['a', '3'],
          ['b', '1'],
        ]);
      }
      await room().broker.publish(topic, [event('b', '2')]);
      await eventually(() => latest.every((each) => each.get('b') === '2'));
    });

    test('an event with a malformed header, or no message at all, is not sent', async () => {
      const topic = await topicOf(room(), topicSpecs.tail());
      const client = await room().client();
      const bad = event('origin/gateway/0', 'x');
      delete bad.headers.ce_id;
      expect(await problemOf(firstValueFrom(client.emit(topic, bad)))).toBe('envelope-changed');
      expect(await problemOf(firstValueFrom(client.emit(topic, { value: 7 })))).toBe('internal');
      expect(await room().recorded(topic)).toEqual([]);
    });
  });
}
