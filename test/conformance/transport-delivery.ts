import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { HEADER, parseReplyHeaders, parseTraceparent, type WireMessage } from '#messaging';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

const BODIES = [
  '{"value":7,"note":"x"}',
  '{"key":"k","a":1}',
  '{"key":"k","value":"v","headers":{"h":"1"},"other":true}',
  '42',
  '"[1,2]"',
  '[1,2]',
  'null',
  '{"a":',
  '',
];

export function deliveryCases(room: InRoom): void {
  describe('question and answer', () => {
    test('each of 200 questions asked at once gets its own answer, whatever order they are done in', async () => {
      await room().serve(async (message, context) => {
        await sleep(Number(text(message)) % 7);
        return echo(message, context);
      });
      const client = await room().client();
      const numbers = Array.from({ length: 200 }, (_, index) => String(index));
      const answers = await Promise.all(numbers.map((number) => room().ask(client, question(number))));
      expect(answers.map(text)).toEqual(numbers);
      expect(client.counts).toEqual({
        sent: 200,
        resent: 0,
        answered: 200,
        rejected: 0,
        timedOut: 0,
        duplicate: 0,
        late: 0,
        unknown: 0,
        lateDropped: 0,
        malformed: 0,
      });
    });

    test.each(BODIES)('the body %j arrives and returns byte by byte', async (body) => {
      const seen: Buffer[] = [];
      await room().serve((message, context) => {
        seen.push(Buffer.from(message.value));
        return echo(message, context);
      });
      const answer = await room().ask(await room().client(), question(body));
      expect([...seen, Buffer.from(answer.value)]).toEqual([Buffer.from(body), Buffer.from(body)]);
    });

    test('all byte values arrive and return', async () => {
      await room().serve(echo);
      const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
      const answer = await room().ask(await room().client(), question(bytes));
      expect(Buffer.from(answer.value).equals(bytes)).toBe(true);
    });

    test('the handler gets key and headers as sent, the asker keeps its message as it was', async () => {
      const seen: WireMessage[] = [];
      await room().serve((message, context) => {
        seen.push(message);
        message.value.fill(0);
        return echo(message, context);
      });
      const asked = question('untouched');
      const before = structuredClone(asked.headers);
      await room().ask(await room().client(), asked);
      expect({ headers: asked.headers, text: text(asked) }).toEqual({ headers: before, text: 'untouched' });
      expect(seen.map(({ key, headers }) => ({ key, headers }))).toEqual([
        {
          key: asked.key,
          headers: {
            ...before,
            [HEADER.correlationId]: expect.stringMatching(/^[0-9a-f-]{36}$/),
            [HEADER.replyTopic]: room().reply,
            [HEADER.replyPartition]: '0',
          },
        },
      ]);
    });

    test('what the sender does to its message after sending changes nothing', async () => {
      const seen: string[] = [];
      await room().serve((message) => void seen.push(`${text(message)} ${message.headers[HEADER.source]}`));
      const sent = question('as sent', 300);
      const routing = {
        [HEADER.correlationId]: sent.key,
        [HEADER.replyTopic]: room().reply,
        [HEADER.replyPartition]: '0',
      };
      const message: WireMessage = { ...sent, headers: { ...sent.headers, ...routing } };
      const publishing = room().broker.publish(room().request, [message]);
      message.value.fill(0);
      message.headers[HEADER.source] = 'changed';
      await publishing;
      await eventually(() => seen.length === 1);

      room().harness.faults.lose(room().request, 1);
      const client = await room().client({ retryMs: 50 });
      const again = question('as sent', 300);
      const asked = room().ask(client, again);
      await eventually(() => client.counts.sent === 1);
      again.value.fill(0);
      again.headers[HEADER.source] = 'changed';
      expect(await problemOf(asked)).toBe('provider-timeout');
      expect(new Set(seen)).toEqual(new Set(['as sent requester/gateway/0']));
      expect(seen.length).toBeGreaterThan(1);
    });

    test('the reply keeps the correlation id, carries CloudEvents attributes and continues the trace', async () => {
      let correlation: string | undefined;
      await room().serve((message, context) => {
        correlation = message.headers[HEADER.correlationId];
        return { ...(echo(message, context) as WireMessage), headers: { [HEADER.correlationId]: 'forged' } };
      });
      const asked = question('trace me');
      const { headers } = await room().ask(await room().client(), asked);
      expect(parseReplyHeaders(headers)).toEqual({
        id: expect.any(String),
        source: `${room().name}-provider/adapter/0`,
        type: 'exchange.request.reply',
        time: expect.any(Number),
        subject: asked.key,
        correlationId: correlation,
      });
      const [sent, back] = [asked.headers, headers].map((each) => parseTraceparent(each[HEADER.traceparent]));
      expect(back?.traceId).toBe(sent?.traceId);
      expect(back?.parentId).not.toBe(sent?.parentId);
    });

    test('two instances on their own reply partitions never get each other’s replies', async () => {
      await room().serve(echo);
      const clients = await Promise.all(
        [3, 7].map((partition) => room().client({ reply: { topic: room().reply, partition } })),
      );
      const asked = Array.from({ length: 100 }, (_, index) => clients[index % 2]!);
      const answers = await Promise.all(
        asked.map((client, index) => room().ask(client, question(`${index}`))),
      );
      expect(answers.map(text)).toEqual(asked.map((_, index) => String(index)));
      expect(clients.map(({ counts }) => [counts.answered, counts.unknown])).toEqual([
        [50, 0],
        [50, 0],
      ]);
    });
  });
}
