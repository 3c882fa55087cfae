import { describe, expect, test } from '@jest/globals';
import { PROVINCE } from '#apps/demo';
import { messageHeaders, topics } from '#messaging';
import {
  acceptRegistration,
  compileRegistry,
  registration,
  signRegistry,
  type RegisteredKey,
} from '#registry';
import { noteSigner } from '#tlog';
import { call, question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const hrss = 'hrss-990000';
const housing = 'housing-990100';
const ask = () =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body: question() }).then(
    ({ status }) => status,
  );

/** Registers keys of an agency with the province, which signs and publishes its next registry. */
async function register(agency: string, made: readonly RegisteredKey[]): Promise<void> {
  const { keys, gateways, contracts, bus } = province();
  const { number } = gateways.get(agency)!.node.registry.current;
  const store = keys.stores.get(agency)!;
  const endorser = store.current('http-signature', Date.now())!;
  const known = [...keys.stores.values()].flatMap((other) =>
    other.keys().map(({ privateKey: _private, ...registered }) => registered),
  );
  const accepted = made.map(({ id }) => acceptRegistration(registration(store.key(id)!, endorser), known));
  const ids = new Set(accepted.map(({ id }) => id));
  const registry = compileRegistry({
    number: number + 1,
    issuedAt: new Date().toISOString(),
    agencies: [...contracts.agencies.values()],
    keys: [...known.filter(({ id, use }) => !ids.has(id) && use !== 'registry'), ...accepted],
  });
  const registrar = keys.stores.get(PROVINCE)!.current('registry', Date.now())!;
  const note = signRegistry(registry, noteSigner(`${PROVINCE}/registry`, registrar.privateKey));
  const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
  await bus.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
}

describe('a key that is rotated while questions are asked', () => {
  test('fails none of them: HPKE key of the provider', async () => {
    const statuses: Promise<number>[] = [];
    const asking = setInterval(() => statuses.push(ask()), 20);
    const store = province().keys.stores.get(hrss)!;
    const made = store.rotate('hpke', Date.now(), 60_000);
    await register(hrss, [made]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    clearInterval(asking);
    const answered = await Promise.all(statuses);
    expect(answered.length).toBeGreaterThan(10);
    expect(new Set(answered)).toEqual(new Set([200]));
    const { node } = province().gateways.get(housing)!;
    expect(node.registry.current.hpkeKeys(hrss, Date.now())[0]!.id).toBe(made.id);
  });

  test('counts from then on: HTTP-signature key of the asker, and the old one no more after its end', async () => {
    const store = province().keys.stores.get(housing)!;
    const old = store.current('http-signature', Date.now())!;
    const made = store.rotate('http-signature', Date.now(), 200);
    await register(housing, [store.key(old.id)!, made]);
    expect(await ask()).toBe(200); // signed with the new key
    await new Promise((resolve) => setTimeout(resolve, 300));
    const view = province().gateways.get(housing)!.node.registry.current;
    expect([view.signatureKey(old.id, Date.now()), view.signatureKey(made.id, Date.now())?.id]).toEqual([
      undefined,
      made.id,
    ]);
  });
});
