import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  compileRegistry,
  exportPublicKey,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
} from '#registry';
import { noteSigner, noteVerifier } from '#tlog';
import { keyDaysLeft } from './key-days-left.js';

const START = Date.parse('2026-06-01T00:00:00.000Z');
const DAY = 86_400_000;
const root = generateKeyPairSync('ed25519').privateKey;
const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(root), 'base64url'));
const fund = {
  ...({ id: 'fund', class: 'fund', name: '', uscc: '', region: '990000' } as const),
  contact: { office: '', phone: '' },
};

describe('the days that registered keys will do', () => {
  let dir: string;
  let keys: KeyStore;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'key-days-'));
    chmodSync(dir, 0o700);
    keys = new KeyStore(dir, 'fund');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** With the keys made so far registered. */
  function registered(provides: string[] = []): RegistryHolder {
    const agencies = [{ ...fund, provides }];
    const known = keys.keys().map(publicPart);
    const compiled = compileRegistry({
      ...{ number: 1, issuedAt: new Date(START).toISOString(), agencies, keys: known },
    });
    return new RegistryHolder(signRegistry(compiled, noteSigner('p/registry', root)), pinned);
  }
  const left = (registry: RegistryHolder, days = 0) =>
    keyDaysLeft({
      ...{ keys, registry, agency: registry.current.agency('fund')!, clock: () => START + days * DAY },
    });

  test('are none without a key in force', () => {
    expect(left(registered())).toEqual({ 'http-signature': 0, hpke: 0 });
  });

  test('are those of one key after the other', () => {
    keys.make('http-signature', START, START + 30 * DAY);
    keys.make('hpke', START, START + 8 * DAY);
    keys.make('hpke', START + 7 * DAY, START + 15 * DAY);
    const registry = registered();
    expect(left(registry)).toEqual({ 'http-signature': 30, hpke: 15 });
    expect(left(registry, 10)).toEqual({ 'http-signature': 20, hpke: 5 });
    expect(left(registry, 40)).toEqual({ 'http-signature': 0, hpke: 0 });
  });

  test('do not count a key that is made and not registered', () => {
    keys.make('hpke', START, START + 8 * DAY);
    const registry = registered();
    keys.make('hpke', START + 7 * DAY, START + 15 * DAY);
    expect(left(registry)).toMatchObject({ hpke: 8 });
  });

  test('are not told of keys that have no end, and of a scheme key only where there is a scheme', () => {
    keys.make('http-signature', START);
    keys.make('hpke', START);
    expect(left(registered())).toEqual({});
    expect(left(registered(['PF-01']))).toEqual({ scheme: 0 });
  });
});
