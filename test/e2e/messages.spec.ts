import { beforeAll, describe, expect, test } from '@jest/globals';
import { topics, type WireMessage } from '#messaging';
import { liftQuotas } from '../support/publish.js';
import { FUND, HOUSING, HRSS, REQUEST, Scene } from '../support/scene.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, copyOf, recorrelated } from '../support/wire.js';

const province = useProvince({ busHistory: true });
const scene = new Scene(province);
beforeAll(() => liftQuotas(province(), HRSS));

const changed = (message: WireMessage, at: number): WireMessage => {
  const copy = copyOf(message);
  copy.value[at < 0 ? copy.value.length + at : at]! ^= 1;
  return copy;
};
const withHeader = (message: WireMessage, name: string, text: string): WireMessage => ({
  ...copyOf(message),
  headers: { ...message.headers, [name]: text },
});

describe('a question changed on the way', () => {
  test.each([
    ['one bit of the body', (message: WireMessage) => changed(message, 700), 'envelope-changed'],
    ['one bit of the seal', (message: WireMessage) => changed(message, -1), 'envelope-changed'],
    [
      'its end cut off',
      (message: WireMessage) => ({ ...message, value: message.value.slice(0, -16) }),
      'envelope-changed',
    ],
    [
      'nothing in it',
      (message: WireMessage) => ({ ...message, value: new Uint8Array(0) }),
      'envelope-changed',
    ],
    ['another bundle', (message: WireMessage) => withHeader(message, 'bundle', '9'), 'envelope-changed'],
    [
      'another deadline',
      (message: WireMessage) => withHeader(message, 'deadline', new Date(Date.now() + 60_000).toISOString()),
      'envelope-changed',
    ],
    [
      'a deadline in an hour',
      (message: WireMessage) =>
        withHeader(message, 'deadline', new Date(Date.now() + 3_600_000).toISOString()),
      'envelope-expired',
    ],
    ['another sender', (message: WireMessage) => withHeader(message, 'from', FUND), 'envelope-changed'],
    [
      'another sender, consistently',
      (message: WireMessage) => withHeader(withHeader(message, 'from', FUND), 'ce_source', FUND),
      'envelope-changed',
    ],
    [
      'a sender that nobody knows',
      (message: WireMessage) => withHeader(withHeader(message, 'from', 'ghost-1'), 'ce_source', 'ghost-1'),
      'sender-unknown',
    ],
    ['another receiver', (message: WireMessage) => withHeader(message, 'to', FUND), 'envelope-moved'],
    [
      'a reply topic of another agency',
      (message: WireMessage) => withHeader(message, 'reply-topic', topics.reply(FUND)),
      'envelope-moved',
    ],
    [
      'the reply topic of nobody',
      (message: WireMessage) => withHeader(message, 'reply-topic', 'exchange.reply.ghost'),
      'envelope-moved',
    ],
    [
      'another version',
      (message: WireMessage) => withHeader(message, 'message-version', '2'),
      'envelope-version',
    ],
    [
      'a header with line breaks',
      (message: WireMessage) => withHeader(message, 'ce_source', 'a\r\n{"level":"fatal"}'),
      'envelope-changed',
    ],
    [
      'another kind',
      (message: WireMessage) => withHeader(message, 'ce_type', 'exchange.reply'),
      'envelope-changed',
    ],
  ])('by %s is refused, noted and not answered', async (_what, change, code) => {
    const { exchange, request } = await scene.asked();
    const noted = await codesNoted(scene.provider, () =>
      scene.tap.publish(REQUEST, change(recorrelated(request))),
    );
    expect(noted).toEqual([code]);
    expect(scene.tap.deadLetters(REQUEST).at(-1)!.problem).toBe(code);
    await scene.expectNoMore(exchange, 1, 1);
  });

  test('by the headers of another one is refused both ways', async () => {
    const [one, other] = [await scene.asked(), await scene.asked()];
    const noted = await codesNoted(scene.provider, async () => {
      await scene.tap.publish(REQUEST, { ...one.request, value: other.request.value });
      await scene.tap.publish(REQUEST, { ...other.request, value: one.request.value });
    });
    expect(noted).toEqual(['envelope-changed']);
    await scene.expectNoMore(one.exchange, 1, 1);
    await scene.expectNoMore(other.exchange, 1, 1);
  });

  test('to another provider, or a reply topic, is not opened there', async () => {
    const { exchange, request } = await scene.asked();
    const elsewhere = topics.request('housing-990000');
    const noted = await codesNoted(province().adapters.get('housing-990000')!.node, () =>
      scene.tap.publish(elsewhere, request),
    );
    expect(noted).toEqual(['envelope-moved']);
    await scene.tap.publish(topics.reply(HOUSING), { ...request, partition: 0 } as WireMessage);
    await scene.expectNoMore(exchange, 2, 1);
  });
});

describe('dead letters', () => {
  test('hold no body and nobody', () => {
    const letters = province()
      .bus.topicNames.filter((name) => name.endsWith('.dead'))
      .flatMap((name) => province().bus.history(name));
    expect(letters.length).toBeGreaterThan(15);
    for (const { key, headers, value } of letters) {
      expect(value.byteLength).toBe(0);
      expect([key, ...Object.values(headers)].join(' ')).not.toMatch(
        /(?<![0-9a-f])\d{17}[\dX](?![0-9a-f])|fatal/,
      );
    }
  });
});
