import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { useApart } from '../support/apart.js';
import { harmed } from '../support/history.js';
import { Load } from '../support/load.js';
import { ASKER, expectSettled, OTHER, PROVIDER } from './scene.js';

jest.setTimeout(300_000);

const BROKERS = [1, 2, 3] as const;
const AWAY_MS = 20_000;

const province = useApart({
  agencies: [ASKER, PROVIDER, OTHER],
  brokers: 3,
  secure: false,
  instancesOf: () => ({ gateways: 1, adapters: 1 }),
});

test('a broker, leader of a third of all partitions, killed -9 mid-query and back fails no question', async () => {
  const load = new Load(province(), { askers: { social: 4, fund: 2 }, deadlineMs: 60_000 });
  await load.answers(12);
  await province().kafka.kill(1);
  await load.answers(30, 'social');
  await province().kafka.start(1);
  await load.answers(12, 'fund');
  const history = await load.stop();
  const { endings } = await expectSettled(province(), history);
  expect(endings).toEqual({ answered: history.length });
  expect(harmed(history, { except: [] })).toEqual([]);
});

test('all brokers gone for twenty seconds and back: every question waits for them and is answered', async () => {
  const load = new Load(province(), {
    askers: { social: 4, fund: 2 },
    deadlineMs: 120_000,
    patienceMs: 90_000,
  });
  await load.answers(12);
  const from = Date.now();
  await Promise.all(BROKERS.map((broker) => province().kafka.kill(broker)));
  await sleep(AWAY_MS);
  await Promise.all(BROKERS.map((broker) => province().kafka.start(broker)));
  await load.answers(12, 'social');
  await load.answers(12, 'fund');
  const history = await load.stop();
  const { endings } = await expectSettled(province(), history);
  expect(endings).toEqual({ answered: history.length });
  expect(
    history.filter(({ begun, ms }) => begun < from + AWAY_MS && begun + ms > from + AWAY_MS),
  ).not.toEqual([]);
});
