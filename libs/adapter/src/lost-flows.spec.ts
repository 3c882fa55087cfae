import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WireMessage } from '#messaging';
import { forgeQuestion } from '../../../test/support/forge.js';
import { Proxy } from '../../../test/support/proxy.js';
import { PROVIDER, useInstances } from './instances.fixture.js';

const instances = useInstances();
let proxy: Proxy;

beforeAll(async () => {
  const direct = instances.providerUrl;
  proxy = await Proxy.open(() => {
    const { hostname: host, port } = new URL(direct());
    return { host, port: Number(port) };
  });
  instances.providerUrl = () => proxy.urlOf(direct());
  instances.lookUp = () =>
    Promise.resolve({ dataTime: new Date(0), findings: new Map([[0, { answer: 'none' }]]) });
});
afterAll(() => proxy.close());

const ask = (): Promise<WireMessage> =>
  forgeQuestion(instances.requester, PROVIDER, { deadline: new Date(Date.now() + 60_000).toISOString() });

test('an adapter whose network has forgotten its connections to PostgreSQL answers again within seconds, nothing lost', async () => {
  const instance = await instances.open(0);
  const first = await Promise.all(Array.from({ length: 8 }, ask));
  expect(new Set(await Promise.all(first.map((one) => instances.told(instance, one))))).toEqual(
    new Set(['none']),
  );

  proxy.forget();
  const begun = performance.now();
  const questions = await Promise.all(Array.from({ length: 8 }, ask));
  const said = await Promise.all(
    questions.map(async (question) => {
      const refusals: string[] = [];
      for (let told = ''; told !== 'none'; await sleep(100))
        refusals.push((told = await instances.told(instance, question)));
      return refusals;
    }),
  );
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(new Set(said.flat())).toEqual(new Set(['log-unavailable', 'none']));
  expect(instance.parts.node.log.health().state).toBe('writing');

  const again = performance.now();
  expect(await instances.told(instance, await ask())).toBe('none');
  expect(performance.now() - again).toBeLessThan(2_000);
}, 60_000);
