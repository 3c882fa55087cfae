import { describe, expect, test } from '@jest/globals';
import { AT, province, question, refusal, registryOf } from './node.fixture.js';
import { readHeaders } from './headers.js';
import { ReceiverContexts } from './receiver-contexts.js';
import { Opener, Sealer } from './index.js';

describe('key rotation during traffic', () => {
  test('loses nothing while old and new are held, and a destroyed key opens no more', async () => {
    const { housing, hrss, tax } = province();
    const registry = { ...registryOf([housing, hrss, tax]) };
    const time = { now: AT };
    const clock = () => time.now;
    const sealer = new Sealer({ registry, clock });
    const opener = new Opener({ keys: hrss, registry, clock });
    const seal = async () => {
      const asked = question(housing);
      return { asked, wire: await sealer.seal(asked) };
    };
    const arrive = ({ asked, wire }: Awaited<ReturnType<typeof seal>>) =>
      refusal(() => opener.open(asked.topic, wire));

    const before = [await seal(), await seal()];
    expect(await arrive(before[0]!)).toBe('accepted');
    hrss.make(2);
    registry.current = registryOf([housing, hrss, tax], 2).current;
    const between = await seal();
    time.now += 1;
    const after = await seal();
    const keys = [before[1]!, between, after].map(({ wire }) => wire.headers['receiver-key']);
    expect(keys).toEqual(['hrss-9901/hpke/1', 'hrss-9901/hpke/2', 'hrss-9901/hpke/2']);
    expect(await Promise.all([before[1]!, between, after].map(arrive))).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);

    hrss.destroy(1);
    expect(await Promise.all([...before, after].map(arrive))).toEqual([
      'envelope-changed receiver-key',
      'envelope-changed receiver-key',
      'accepted',
    ]);
  });

  test('what was derived under a destroyed key goes with it, should its name ever come back', async () => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing);
    const [at, wire] = [opener(hrss), await sealer.seal(asked)];
    const arrive = () => refusal(() => at.open(asked.topic, wire));
    expect(await arrive()).toBe('accepted');
    hrss.destroy(1);
    expect(await arrive()).toBe('envelope-changed receiver-key');
    hrss.make(1);
    expect(await arrive()).toBe('envelope-changed');
  });

  test('a context is derived once: by who comes first, and not again once a message has opened with it', async () => {
    const { housing, hrss, sealer } = province();
    const routing = readHeaders((await sealer.seal(question(housing))).headers);
    const contexts = new ReceiverContexts(hrss);
    const [one, other] = await Promise.all([contexts.keyFor(routing), contexts.keyFor(routing)]);
    contexts.keep(routing, one);
    expect([other === one, (await contexts.keyFor(routing)) === one]).toEqual([true, true]);
  });

  test('many messages of a context that is new to the receiver open at once', async () => {
    const { housing, hrss, sealer, opener } = province();
    const at = opener(hrss);
    const sent = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const asked = question(housing);
        return { asked, wire: await sealer.seal(asked) };
      }),
    );
    const opened = await Promise.all(sent.map(({ asked, wire }) => at.open(asked.topic, wire)));
    expect(opened.map(({ exchange }) => exchange)).toEqual(sent.map(({ asked }) => asked.exchange));
  });
});
