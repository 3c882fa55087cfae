import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { topics } from '#messaging';
import { forgeQuestion } from '../support/forge.js';
import { liftQuotas } from '../support/publish.js';
import { FUND, HOUSING, HRSS, REQUEST, Scene, until } from '../support/scene.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, entriesOf } from '../support/wire.js';

const province = useProvince({ busHistory: true });
const scene = new Scene(province);
beforeAll(() => liftQuotas(province(), HRSS));

describe('an answer', () => {
  test('is not for an agency that uses the exchange of another, now or after a restart of the provider', async () => {
    const { exchange } = await scene.asked();
    const forged = await forgeQuestion(scene.gateway(FUND), HRSS, { exchange });
    const noted = await codesNoted(scene.provider, () => scene.tap.publish(REQUEST, forged));
    expect(noted).toEqual(['envelope-replayed']);
    const forgotten = await forgottenExchange();
    const later = await forgeQuestion(scene.gateway(FUND), HRSS, { exchange: forgotten });
    expect(await codesNoted(scene.provider, () => scene.tap.publish(REQUEST, later))).toEqual([
      'envelope-replayed',
    ]);
    await scene.expectNoMore(exchange, 1, 1);
    expect(scene.tap.replies(FUND, exchange)).toEqual([]);
    expect(scene.tap.replies(FUND, forgotten)).toEqual([]);
  });

  test('to a question sent again is the same, and is disclosed once', async () => {
    const { exchange, request } = await scene.asked();
    for (let i = 0; i < 3; i++) await scene.tap.publish(REQUEST, request);
    const replies = await until(() => scene.tap.replies(HOUSING, exchange), 4);
    const bodies = await Promise.all(
      replies.map((reply) => scene.gateway(HOUSING).opener.open(topics.reply(HOUSING), reply)),
    );
    expect(new Set(bodies.map(({ body, entry }) => body.toString() + entry.index)).size).toBe(1);
    expect(await entriesOf(scene.provider, 'disclosure', exchange)).toBe(1);
  });

  test('does not come for a question sent again after its deadline', async () => {
    expect((await scene.ask({ deadlineMs: 500 })).status).toBe(200);
    const request = scene.tap.newest(REQUEST);
    await sleep(Date.parse(request.headers['deadline']!) - Date.now() + 20);
    await scene.tap.publish(REQUEST, request);
    await scene.expectNoMore(request.headers['exchange']!, 1, 1);
  });
});

describe('duplicated and reordered delivery', () => {
  test('gives each exchange one disclosure and one answer', async () => {
    const { bus } = province();
    const before = await entriesOf(scene.provider, 'disclosure');
    bus.faults.duplicate(REQUEST, 20);
    bus.faults.duplicate(topics.reply(HOUSING), 40);
    bus.faults.reorder(REQUEST, 7);
    bus.faults.reorder(topics.reply(HOUSING), 5);
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => scene.ask()));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const records = answers.map(({ body }) =>
        JSON.stringify((body['exchanges'] as [{ results: unknown }])[0].results),
      );
      expect(new Set(records).size).toBe(1);
    } finally {
      bus.faults.clear();
    }
    expect((await entriesOf(scene.provider, 'disclosure')) - before).toBe(20);
  });
});

/** An exchange that this provider answered and no longer holds in memory, as after a restart. */
async function forgottenExchange(): Promise<string> {
  expect((await scene.ask({ deadlineMs: 500 })).status).toBe(200);
  const { headers } = scene.tap.newest(REQUEST);
  await sleep(Date.parse(headers['deadline']!) - Date.now() + 5_500); // the adapter sweeps each five seconds
  return headers['exchange']!;
}
