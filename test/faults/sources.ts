import { describe, expect, test } from '@jest/globals';
import { readBooks } from '../support/books.js';
import { harmed } from '../support/history.js';
import { ask, Load } from '../support/load.js';
import { claimant, eventually, expectSettled, PROVIDER, type Scene } from './scene.js';

/** Longer than an adapter waits for its source. */
const DEADLINE_MS = 10_000;
const SHORT_MS = 4_000;
/** What the provider says of a source that takes too long, and of one that it leaves alone until it has recovered. */
const SAID = ['source-timeout', 'source-unavailable'];

/** A provider's own system hangs or drips, or its adapter stands still. */
export function describeSources({ province, source }: Scene): void {
  describe.each(['closed', 'dripping'] as const)('a provider whose source is %s', (road) => {
    test('refuses with its code and is asked again by itself; the other agencies are answered in time', async () => {
      const load = new Load(province(), { askers: { social: 4, fund: 2 }, deadlineMs: DEADLINE_MS });
      await load.answers(8);
      source().set(road);
      const from = Date.now();
      await refused(load, from, 12);
      await load.answers(4, 'fund');
      const to = Date.now();
      source().set('open');
      await load.answers(8, 'social');
      const history = await load.stop();
      await expectSettled(province(), history);
      const during = history.filter(
        ({ provider, begun }) => provider === PROVIDER && begun > from && begun < to,
      );
      const ends = new Set(during.map(({ ending }) => ending));
      expect([...ends].filter((ending) => ending !== 'answered' && !SAID.includes(ending))).toEqual([]);
      expect(harmed(history, { except: [PROVIDER], from })).toEqual([]);
    });
  });

  test('an adapter that stands still until the deadline is over discloses nothing any more', async () => {
    source().set('closed');
    const asking = ask(province(), 'social', { deadlineMs: SHORT_MS });
    const name = (await claimant(province())).replaceAll('/', '.');
    process.kill(province().child(name).pid, 'SIGSTOP');
    const late = await asking;
    source().set('open');
    process.kill(province().child(name).pid, 'SIGCONT');
    const next = await ask(province(), 'social', { deadlineMs: 20_000 });
    await expectSettled(province(), [late, next]);
    expect([late.ending, next.ending]).toEqual(['provider-timeout', 'answered']);
    const { exchange } = (late.refusal!['exchanges'] as { exchange: string }[])[0]!;
    expect((await readBooks(province())).get(exchange)?.disclosures).toEqual([]);
  });

  async function refused(load: Load, from: number, count: number): Promise<void> {
    await eventually(async () => {
      const ends = load.history.filter(({ begun, ending }) => begun > from && SAID.includes(ending));
      return Promise.resolve(ends.length >= count || undefined);
    });
  }
}
