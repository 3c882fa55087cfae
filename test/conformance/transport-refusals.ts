import { EMPTY, firstValueFrom } from 'rxjs';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { ExchangeServer, HEADER, topicSpecs, topics } from '#messaging';

import { echo, eventually, problemOf, question, text, type InRoom } from './transport-room.js';

export function refusalCases(room: InRoom): void {
  describe('refusals', () => {
    test('a Problem that a handler throws reaches the asker by name alone', async () => {
      const server = await room().serve(() => {
        throw new Problem('log-unavailable', { detail: 'not for others' });
      });
      const client = await room().client();
      const failure = await room()
        .ask(client, question('no log'))
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Problem);
      expect((failure as Problem).toDocument()).toEqual(new Problem('log-unavailable').toDocument());
      await eventually(() => server.counts.refused === 1); // the asker may have it before the server knows that it was taken
      expect(server.counts.dead).toBe(0);
    });

    test('a handler that returns nothing sends nothing', async () => {
      const server = await room().serve(() => undefined);
      expect(await problemOf(room().ask(await room().client(), question('?', 150)))).toBe('provider-timeout');
      expect(server.counts).toMatchObject({ unanswered: 1, dead: 0 });
      expect(await room().recorded(room().reply)).toEqual([]);
    });

    test('an unknown topic is named, to asker, reader and server alike', async () => {
      const nowhere = topics.request(`${room().name}-nobody`);
      const client = await room().client();
      const asked = firstValueFrom(client.send(nowhere, question('hello')));
      await expect(asked).rejects.toMatchObject({ problem: 'transport-unavailable', field: nowhere });
      const read = room().broker.subscribe({ topic: nowhere, group: 'g' }, () => undefined);
      await expect(read).rejects.toMatchObject({ problem: 'transport-unavailable', field: nowhere });
      const routes = { 'exchange.request': { topic: nowhere, group: 'g' } };
      await expect(room().serve(echo, { routes })).rejects.toMatchObject({
        field: topics.deadLetter(nowhere),
      });
    });

    test('a message over the topic’s limit is refused, and the next one passes', async () => {
      await room().serve(echo);
      const client = await room().client();
      const { maxMessageBytes } = topicSpecs.request('any');
      expect(await problemOf(room().ask(client, question(new Uint8Array(maxMessageBytes))))).toBe(
        'body-too-large',
      );
      const fits = new Uint8Array(maxMessageBytes - 4_096).fill(7);
      expect(Buffer.from((await room().ask(client, question(fits))).value).equals(fits)).toBe(true);
    });

    test('a reply over the limit is told to the asker as the provider’s fault', async () => {
      const { maxMessageBytes } = topicSpecs.reply('any');
      await room().serve(({ key }) => ({ key, headers: {}, value: new Uint8Array(maxMessageBytes) }));
      expect(await problemOf(room().ask(await room().client(), question('all of it')))).toBe(
        'provider-contract',
      );
    });

    test('a second instance with the same reply partition is refused until the first has left', async () => {
      await room().serve(echo);
      const [first, second] = [await room().client(), await room().client()];
      await first.connect();
      expect(await problemOf(second.connect())).toBe('partition-taken');
      expect(await problemOf(room().ask(second, question('mine?')))).toBe('partition-taken');
      expect(text(await room().ask(first, question('mine')))).toBe('mine');
      await first.close();
      expect(text(await room().ask(second, question('now mine')))).toBe('now mine');
    });

    test('a reply partition that the topic does not have is refused', async () => {
      const client = await room().client({ reply: { topic: room().reply, partition: 32 } });
      await expect(client.connect()).rejects.toMatchObject({
        problem: 'transport-unavailable',
        field: room().reply,
      });
    });

    test('a question without a deadline, or with one over ten minutes, is not sent', async () => {
      const client = await room().client();
      const [none, far] = [question('none'), question('far', 601_000)];
      delete none.headers[HEADER.deadline];
      expect(await problemOf(room().ask(client, none))).toBe('envelope-changed');
      expect(await problemOf(room().ask(client, far))).toBe('envelope-expired');
      expect(await room().recorded(room().request)).toEqual([]);
    });

    test('a topic that is there with other settings stops the start', async () => {
      const spec = topicSpecs.request(`${room().name}-provider`);
      await room().broker.createTopics([spec]);
      const other = room().broker.createTopics([{ ...spec, partitions: spec.partitions + 1 }]);
      await expect(other).rejects.toMatchObject({
        problem: 'transport-unavailable',
        field: spec.name,
        detail: expect.stringContaining('partitions'),
      });
    });

    test('a route without a handler, or a handler without a route, stops the start', async () => {
      const route = { topic: room().request, group: 'g' };
      const halves = (server: ExchangeServer) => new Promise((resolve) => server.listen(resolve));
      const broker = room().broker;
      const routeOnly = new ExchangeServer({ broker, source: 'p/adapter/0', routes: { lonely: route } });
      await expect(halves(routeOnly)).resolves.toMatchObject({ message: expect.stringContaining('lonely') });
      const handlerOnly = new ExchangeServer({ broker, source: 'p/adapter/0', routes: {} });
      handlerOnly.addHandler('unrouted', () => Promise.resolve(EMPTY));
      await expect(halves(handlerOnly)).resolves.toMatchObject({
        message: expect.stringContaining('unrouted'),
      });
    });
  });
}
