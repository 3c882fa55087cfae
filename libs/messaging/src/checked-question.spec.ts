import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type ProblemName } from '#problem';
import {
  ExchangeClient,
  HEADER,
  InProcessBus,
  messageHeaders,
  provinceTopics,
  topics,
  type WireMessage,
} from './index.js';

const [REQUEST, REPLY] = [topics.request('hrss'), topics.reply('housing')];

describe('a question that only an accepted reply can end', () => {
  let bus: InProcessBus;
  let client: ExchangeClient;

  beforeEach(async () => {
    bus = new InProcessBus({ history: true });
    await bus.createTopics(provinceTopics({ providers: ['hrss'], requesters: ['housing'] }));
    client = new ExchangeClient({ broker: bus, reply: { topic: REPLY, partition: 0 }, drainMs: 0 });
    await client.connect();
  });
  afterEach(async () => {
    await client.close();
    await bus.close();
  });

  /** Takes only the reply that says `true`, after a while, as a signature is verified. */
  const accept = async ({ value }: WireMessage): Promise<{ said: string } | undefined> => {
    const said = Buffer.from(value).toString();
    await sleep(said === 'slow' ? 300 : 5);
    if (said === 'break') throw new Problem('database-unavailable');
    return said === 'true' || said === 'slow' ? { said } : undefined;
  };
  const ask = (forMs = 600): Promise<unknown> => {
    const deadline = new Date(Date.now() + forMs);
    const headers = messageHeaders({
      source: 'housing/gateway/0',
      type: 'exchange.request',
      subject: 'housing',
      deadline,
    });
    const message = { key: 'k', headers, value: Buffer.from('?') };
    return firstValueFrom(client.send<unknown>(REQUEST, { message, accept })).catch(
      (error: unknown) => Problem.from(error).problem,
    );
  };
  const reply = async (body: string, problem?: ProblemName): Promise<void> => {
    while (bus.history(REQUEST).length === 0) await sleep(2);
    const headers = {
      ...messageHeaders({ source: 'hrss/adapter/0', type: 'exchange.reply', subject: 'housing' }),
      [HEADER.correlationId]: bus.history(REQUEST).at(-1)!.headers[HEADER.correlationId]!,
      ...(problem && { [HEADER.problem]: problem }),
    };
    await bus.publish(REPLY, [{ key: 'k', headers, value: Buffer.from(body), partition: 0 }]);
  };

  test('waits past a forged first reply for the true one, and gives what was made of it', async () => {
    const answer = ask();
    for (const body of ['forged', 'forged', 'true', 'true']) await reply(body);
    expect(await answer).toEqual({ said: 'true' });
    await sleep(20);
    expect(client.counts).toMatchObject({ answered: 1, rejected: 2, malformed: 0 });
    expect(client.pending).toBe(0);
  });

  test('is told of no answer at its deadline when nothing came that could be accepted', async () => {
    const answer = ask(150);
    await reply('forged');
    expect(await answer).toBe('provider-timeout');
    expect(client.counts).toMatchObject({ answered: 0, rejected: 1, timedOut: 1 });
  });

  test('is not ended by a problem that nobody signed, and is told of it when nothing better came', async () => {
    const answered = ask();
    await reply('', 'overloaded');
    await reply('true');
    expect(await answered).toEqual({ said: 'true' });
    const started = Date.now();
    const unanswered = ask(200);
    await sleep(10);
    await reply('', 'log-unavailable');
    expect(await unanswered).toBe('log-unavailable');
    expect(Date.now() - started).toBeGreaterThanOrEqual(195);
  });

  test('ends once when the deadline comes while a reply is looked at', async () => {
    const answer = ask(100);
    await reply('slow');
    expect(await answer).toBe('provider-timeout');
    await sleep(300);
    expect(client.counts).toMatchObject({ answered: 0, timedOut: 1 });
  });

  test('ends at once when looking at a reply fails', async () => {
    const answer = ask();
    await reply('break');
    expect(await answer).toBe('database-unavailable');
  });
});
