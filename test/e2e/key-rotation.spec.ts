import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PROVINCE } from '#apps/demo';
import { messageHeaders, topics } from '#messaging';
import {
  acceptRegistration,
  compileRegistry,
  registration,
  signRegistry,
  type KeyStore,
  type OwnKey,
  type RegisteredKey,
} from '#registry';
import { openBundle, schemeKeyName } from '#sharing';
import { noteSigner, noteVerifier } from '#tlog';
import { call, question } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const hrss = 'hrss-990000';
const housing = 'housing-990100';
/** The key that the asker's systems sign with, unless it is the newest of its store. */
let signing: OwnKey | undefined;

async function ask(): Promise<number> {
  const path = '/v1/queries/HR-SI-01';
  const { status } = await call(province(), {
    agency: housing,
    path,
    body: question(),
    ...(signing && { key: signing }),
  });
  return status;
}

/** Registers keys of an agency with the province, which signs and publishes its next registry. */
async function register(agency: string, made: readonly RegisteredKey[]): Promise<void> {
  const { keys, gateways, contracts, bus } = province();
  const { number } = gateways.get(agency)!.node.registry.current;
  const own = store(agency);
  const endorser = own.current('http-signature', Date.now())!;
  const known = [...keys.stores.values()].flatMap((other) =>
    other.keys().map(({ privateKey: _private, ...registered }) => registered),
  );
  const accepted = made.map(({ id }) => acceptRegistration(registration(own.key(id)!, endorser), known));
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

let timer: NodeJS.Timeout | undefined;

/** Asks from now on, every 20 ms. @returns what ends it, and gives the statuses of all */
function asking(): () => Promise<number[]> {
  const statuses: Promise<number>[] = [];
  timer = setInterval(() => statuses.push(ask()), 20);
  return async () => {
    clearInterval(timer);
    return Promise.all(statuses);
  };
}

afterEach(() => clearInterval(timer));

async function expectNoneFailed(answered: Promise<number[]>): Promise<void> {
  const statuses = await answered;
  expect(statuses.length).toBeGreaterThan(10);
  expect(new Set(statuses)).toEqual(new Set([200]));
}

beforeAll(() => liftQuotas(province(), hrss));

describe('a key that is rotated while questions are asked fails none of them', () => {
  test('HPKE key of the provider', async () => {
    const asked = asking();
    const made = store(hrss).rotate('hpke', Date.now(), 60_000);
    await register(hrss, [made]);
    await sleep(500);
    await expectNoneFailed(asked());
    expect(registryAt(housing).hpkeKeys(hrss, Date.now())[0]!.id).toBe(made.id);
  });

  test('HTTP-signature key of the asker, whose systems change over during the overlap; it counts no more after its end', async () => {
    const old = store(housing).current('http-signature', Date.now())!;
    signing = old;
    const asked = asking();
    const made = store(housing).rotate('http-signature', Date.now(), 2_000);
    await register(housing, [store(housing).key(old.id)!, made]);
    await sleep(300); // both are registered
    signing = made;
    await sleep(2_000);
    await expectNoneFailed(asked());
    expect(registryAt(housing).signatureKey(made.id, Date.now())?.id).toBe(made.id);
    signing = old;
    expect(await ask()).toBe(401);
    signing = undefined;
  });

  test('scheme key of the provider, who publishes its bundle again', async () => {
    const asked = asking();
    const old = store(hrss).current('scheme', Date.now())!;
    const made = store(hrss).rotate('scheme', Date.now(), 1_000);
    await register(hrss, [store(hrss).key(old.id)!, made]);
    await liftQuotas(province(), hrss);
    await sleep(1_200); // the old one has ended
    await expectNoneFailed(asked());
    const { note } = province().gateways.get(housing)!.node.bundles.active(hrss)!;
    const verifiers = [noteVerifier(schemeKeyName(hrss), Buffer.from(made.publicKey, 'base64url'))];
    expect(openBundle(note, { provider: hrss, verifiers }).provider).toBe(hrss);
    expect(await ask()).toBe(200);
  });
});

function store(agency: string): KeyStore {
  return province().keys.stores.get(agency)!;
}

function registryAt(agency: string) {
  return province().gateways.get(agency)!.node.registry.current;
}
