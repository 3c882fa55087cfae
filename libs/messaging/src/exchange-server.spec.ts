import { Controller, type INestMicroservice } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, of } from 'rxjs';
import { Problem } from '#problem';
import {
  ExchangeClient,
  ExchangeContext,
  ExchangeServer,
  InProcessBus,
  ProblemRpcFilter,
  messageHeaders,
  provinceTopics,
  topics,
  type TransportReport,
  type WireMessage,
} from './index.js';

const tails: string[] = [];

@Controller()
class AnsweringController {
  @MessagePattern('exchange.request')
  answer(@Payload() message: WireMessage, @Ctx() context: ExchangeContext) {
    if (Buffer.from(message.value).toString() === 'refuse') throw new Problem('source-unavailable');
    if (Buffer.from(message.value).toString() === 'break') throw new TypeError('a bug');
    return of({
      key: message.key,
      headers: {},
      value: Buffer.from(`${context.delivery.topic}: ${message.value.toString()}`),
    });
  }

  @EventPattern('log.tail')
  tail(@Payload() message: WireMessage) {
    if (message.value.byteLength === 0) throw new RangeError('empty');
    tails.push(Buffer.from(message.value).toString());
  }
}

describe('a Nest microservice on ExchangeServer', () => {
  let bus: InProcessBus;
  let server: ExchangeServer;
  let client: ExchangeClient;
  let app: INestMicroservice;
  const reports: TransportReport[] = [];
  /** Replies that the broker had when work on a request began, and when it ended. */
  const replies: number[] = [];

  const question = (body: string, type = 'exchange.request') => ({
    key: 'k',
    headers: messageHeaders({
      source: 'housing/gateway/0',
      type,
      subject: 'housing',
      deadline: new Date(Date.now() + 2_000),
    }),
    value: Buffer.from(body),
  });
  const ask = (body: string) =>
    firstValueFrom(client.send<WireMessage>(topics.request('hrss'), question(body)));

  beforeEach(async () => {
    tails.length = reports.length = replies.length = 0;
    bus = new InProcessBus({ history: true });
    await bus.createTopics(provinceTopics({ providers: ['hrss'], requesters: ['housing'] }));
    server = new ExchangeServer({
      broker: bus,
      source: 'hrss/adapter/0',
      routes: {
        'exchange.request': { topic: topics.request('hrss'), group: 'hrss-adapter' },
        'log.tail': { topic: topics.tail(), group: 'monitor' },
      },
      report: (report) => reports.push(report),
      around: async (_delivery, work) => {
        replies.push(bus.history(topics.reply('housing')).length);
        await work();
        replies.push(bus.history(topics.reply('housing')).length);
      },
    });
    client = new ExchangeClient({ broker: bus, reply: { topic: topics.reply('housing'), partition: 0 } });
  });

  afterEach(async () => {
    await client.close();
    await app.close();
    await bus.close();
  });

  async function start(filter: boolean): Promise<void> {
    const module = await Test.createTestingModule({ controllers: [AnsweringController] }).compile();
    app = module.createNestMicroservice<MicroserviceOptions>({ strategy: server, logger: false });
    if (filter) app.useGlobalFilters(new ProblemRpcFilter());
    await app.listen();
  }

  test('answers through @MessagePattern with an Observable and gets its context', async () => {
    await start(true);
    expect(Buffer.from((await ask('hello')).value).toString()).toMatch(/^exchange\.request\.hrss: /);
    expect(server.counts).toMatchObject({ taken: 1, answered: 1 });
  });

  test('does its work on a request, reply included, inside what is put around it', async () => {
    await start(true);
    await ask('hello');
    await expect(ask('refuse')).rejects.toThrow();
    await app.close();
    expect(replies).toEqual([0, 1, 1, 2]);
  });

  test('a thrown Problem keeps its name, a bug is `internal` and reported by its stack frame', async () => {
    await start(true);
    await expect(ask('refuse')).rejects.toMatchObject({ problem: 'source-unavailable' });
    expect(reports).toEqual([]);
    await expect(ask('break')).rejects.toMatchObject({ problem: 'internal' });
    expect(reports).toEqual([
      {
        step: 'dead-letter',
        topic: topics.request('hrss'),
        problem: 'internal',
        code: 5000,
        where: expect.stringMatching(/^TypeError at .*answer/),
      },
    ]);
  });

  test('without the filter Nest hides the Problem: the question ends in `internal`, not in silence', async () => {
    await start(false);
    await expect(ask('refuse')).rejects.toMatchObject({ problem: 'internal' });
    expect(bus.history(topics.deadLetter(topics.request('hrss')))).toHaveLength(1);
  });

  test('takes events through @EventPattern; a failing one is a dead letter and the next is handled', async () => {
    await start(true);
    for (const body of ['one', '', 'two']) {
      await firstValueFrom(client.emit(topics.tail(), question(body, 'log.tail')), {
        defaultValue: undefined,
      });
    }
    for (let tries = 0; tails.length < 2 && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(tails).toEqual(['one', 'two']);
    expect(bus.history(topics.deadLetter(topics.tail()))).toHaveLength(1);
  });

  test('does not start without its topics', async () => {
    const empty = new ExchangeServer({
      broker: new InProcessBus(),
      source: 'hrss/adapter/0',
      routes: {
        'exchange.request': { topic: topics.request('hrss'), group: 'g' },
        'log.tail': { topic: topics.tail(), group: 'g' },
      },
    });
    app = await NestFactory.createMicroservice<MicroserviceOptions>(class {}, {
      strategy: empty,
      logger: false,
    });
    empty.addHandler('exchange.request', () => Promise.resolve(of()));
    empty.addHandler('log.tail', () => Promise.resolve(of()), true);
    await expect(app.listen()).rejects.toMatchObject({ problem: 'transport-unavailable' });
  });

  test('Nest’s processing hooks run around each message', async () => {
    const hooks: string[] = [];
    server.setOnProcessingStartHook((_, context, done) => {
      hooks.push(`start ${(context as ExchangeContext).delivery.topic}`);
      void done();
    });
    server.setOnProcessingEndHook(() => hooks.push('end'));
    await start(true);
    await ask('hello');
    expect(hooks).toEqual(['start exchange.request.hrss', 'end']);
  });
});
