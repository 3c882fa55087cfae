import { describe, expect, test } from '@jest/globals';
import { readBooks } from '../support/books.js';
import { harmed } from '../support/history.js';
import { ask, Load } from '../support/load.js';
import { claimant, expectSettled, OTHER, PROVIDER, type Scene } from './scene.js';

/** Longer than a killed member holds its partitions. */
const DEADLINE_MS = 30_000;
const ASKERS = { social: 4, fund: 2 };

/** Adapters that share their agency's questions come and go, orderly or not. Leaves the first one alone. */
export function describeAdapters({ province, source }: Scene): void {
  const adapter = (ordinal: number): string => `${PROVIDER}.adapter.${ordinal}`;

  describe('of several adapters, one', () => {
    test('killed -9 while it works loses no question: the others answer, each once', async () => {
      const load = new Load(province(), { askers: ASKERS, deadlineMs: DEADLINE_MS });
      await load.answers(12);
      const from = Date.now();
      await province().child(adapter(1)).kill();
      await load.answers(12, 'social');
      await province().start(adapter(1));
      await load.answers(12, 'social');
      const history = await load.stop();
      const { endings } = await expectSettled(province(), history);
      expect(endings).toEqual({ answered: history.length });
      expect(harmed(history, { except: [PROVIDER], from })).toEqual([]);
    });

    test('killed -9 between its claim and its disclosure is replaced by another, which discloses once', async () => {
      source().set('closed');
      const asking = ask(province(), 'social', { deadlineMs: DEADLINE_MS });
      const origin = await claimant(province());
      const name = origin.replaceAll('/', '.');
      await province().child(name).kill();
      source().set('open');
      const asked = await asking;
      await province().start(name);
      const { endings } = await expectSettled(province(), [asked]);
      expect(endings).toEqual({ answered: 1 });
      const trail = (await readBooks(province())).get(asked.answer!.exchanges[0]!.exchange)!;
      const logs = trail.disclosures.map((entry) => entry.origin);
      expect([logs.length, logs.includes(origin)]).toEqual([1, false]);
    });
  });

  test('adapters scaled from one to three and back under load fail no question of anybody', async () => {
    const load = new Load(province(), { askers: ASKERS, deadlineMs: DEADLINE_MS });
    const others = [1, 2].map(adapter);
    await Promise.all(others.map((name) => province().child(name).stop()));
    await load.answers(12, 'social');
    await Promise.all(others.map((name) => province().start(name)));
    await load.answers(12, 'social');
    await Promise.all(others.map((name) => province().child(name).stop()));
    await load.answers(12, 'social');
    const history = await load.stop();
    const { endings } = await expectSettled(province(), history);
    expect(endings).toEqual({ answered: history.length });
    expect(new Set(history.map(({ provider }) => provider))).toEqual(new Set([PROVIDER, OTHER]));
    expect(harmed(history, { except: [] })).toEqual([]);
  });
}
