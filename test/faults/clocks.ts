import { describe, expect, test } from '@jest/globals';
import { harmed } from '../support/history.js';
import { ask, Load } from '../support/load.js';
import { ASKER, expectSettled, PROVIDER, restart, skewed, type Scene } from './scene.js';

const FIVE_MINUTES = 5 * 60_000;
const DEADLINE_MS = 4_000;
const SKEWS = [
  ['five minutes ahead', FIVE_MINUTES],
  ['five minutes behind', -FIVE_MINUTES],
] as const;

/** One process's clock is wrong. Needs the provider to have one adapter only: the first. */
export function describeClocks(scene: Scene): void {
  const { province } = scene;

  describe.each(SKEWS)('a process whose clock is %s,', (_which, ms) => {
    test('a gateway, refuses every signature with its code; the other gateway answers', async () => {
      const name = `${ASKER}.gateway.1`;
      await restart(scene, name, skewed(ms));
      const [right, wrong] = province().gatewaysOf(ASKER);
      const by = (url: string) => ({ keys: province().keys, gatewaysOf: () => [url] });
      const [answered, refused] = [await ask(by(right!), 'social'), await ask(by(wrong!), 'social')];
      await restart(scene, name);
      const again = await ask(by(wrong!), 'social');
      expect([answered.ending, refused.ending, again.ending]).toEqual(['answered', 'clock-skew', 'answered']);
      await expectSettled(province(), [answered, refused, again]);
    });

    test('an adapter, gives coded refusals or answers that hold, and harms no other agency', async () => {
      const name = `${PROVIDER}.adapter.0`;
      await restart(scene, name, skewed(ms));
      const load = new Load(province(), { askers: { social: 2, fund: 2 }, deadlineMs: DEADLINE_MS });
      await load.answers(12, 'fund');
      const history = await load.stop();
      await restart(scene, name);
      const after = await ask(province(), 'social', { deadlineMs: 20_000 });
      const { endings } = await expectSettled(province(), [...history, after]);
      const allowed = ['answered', 'provider-timeout'];
      expect(Object.keys(endings).filter((ending) => !allowed.includes(ending))).toEqual([]);
      expect(after.ending).toBe('answered');
      expect(harmed(history, { except: [PROVIDER] })).toEqual([]);
    });
  });
}
