import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '#observability';
import {
  acceptRegistration,
  compileRegistry,
  exportPublicKey,
  HPKE_GRACE_MS,
  HPKE_LIFE_MS,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
  type RegisteredKey,
} from '#registry';
import { noteSigner, noteVerifier } from '#tlog';
import { careForKeys } from './key-care.js';

const START = Date.parse('2026-06-01T00:00:00.000Z');
const HOUR = 60 * 60_000;
const root = generateKeyPairSync('ed25519').privateKey;
const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(root), 'base64url'));

let dir: string;
let store: KeyStore;
let registry: RegistryHolder;
let care: { stop(): void } | undefined;
let lines: { level: string; msg: string; key?: string }[];
const logger = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line) as never) });

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  dir = mkdtempSync(join(tmpdir(), 'key-care-'));
  chmodSync(dir, 0o700);
  lines = [];
  store = new KeyStore(dir, 'fund');
  store.make('http-signature', START);
  store.make('hpke', START);
  registry = new RegistryHolder(note(1, store.keys().map(publicPart)), pinned);
});

afterEach(() => {
  care?.stop();
  jest.useRealTimers();
  rmSync(dir, { recursive: true });
});

function note(number: number, keys: RegisteredKey[]): string {
  const contact = { office: '', phone: '' };
  const fund = { id: 'fund', class: 'fund', name: '', uscc: '', region: '990000', contact } as const;
  const compiled = compileRegistry({
    number,
    issuedAt: new Date(START).toISOString(),
    agencies: [{ ...fund, provides: [] }],
    keys,
  });
  return signRegistry(compiled, noteSigner('p/registry', root));
}

/** A process of the node, with a store of its own on the same directory. */
function begin(): KeyStore {
  const keys = new KeyStore(dir, 'fund');
  care = careForKeys({ keys, registry, dir, clock: Date.now, logger });
  return keys;
}

const files = (): string[] =>
  existsSync(join(dir, 'registrations')) ? readdirSync(join(dir, 'registrations')) : [];
const warned = (): string[] =>
  lines.filter(({ msg }) => msg === 'HPKE key is due and not registered').map(({ key }) => key!);

describe('a running node', () => {
  test('makes its next HPKE key a day ahead and writes what the province has to register', () => {
    const keys = begin();
    jest.advanceTimersByTime(HPKE_LIFE_MS - 25 * HOUR);
    expect([keys.keys('hpke').length, files()]).toEqual([1, []]);
    jest.advanceTimersByTime(HOUR);
    expect(files()).toEqual(['fund.hpke.1.note', 'fund.hpke.2.note']);
    const known = store.keys('http-signature').map(publicPart);
    const applied = files().map((file) =>
      acceptRegistration(readFileSync(join(dir, 'registrations', file), 'utf8'), known),
    );
    expect(applied).toEqual(keys.keys('hpke').map(publicPart));
    expect(applied.map(({ id, from, to }) => [id, from, to])).toEqual([
      ['fund/hpke/1', '2026-06-01T00:00:00.000Z', '2026-06-08T00:20:00.000Z'],
      ['fund/hpke/2', '2026-06-08T00:00:00.000Z', undefined],
    ]);
  });

  test('warns each hour from when the key is due until a registry has it, and then has nothing to register', () => {
    const keys = begin();
    jest.advanceTimersByTime(HPKE_LIFE_MS - HOUR);
    expect(warned()).toEqual([]);
    jest.advanceTimersByTime(2 * HOUR);
    expect(warned()).toEqual(['fund/hpke/2', 'fund/hpke/2']);
    registry.offer(note(2, [...store.keys('http-signature'), ...keys.keys('hpke')].map(publicPart)));
    jest.advanceTimersByTime(HOUR);
    expect([warned().length, files()]).toEqual([2, []]);
  });

  test('goes on with the old key while the new one is not registered, and destroys it afterwards', () => {
    const keys = begin();
    jest.advanceTimersByTime(HPKE_LIFE_MS + 2 * HPKE_GRACE_MS + HOUR);
    expect(keys.keys('hpke').map(({ id }) => id)).toEqual(['fund/hpke/1', 'fund/hpke/2']);
    registry.offer(note(2, [...store.keys('http-signature'), ...keys.keys('hpke')].map(publicPart)));
    expect(keys.keys('hpke').map(({ id }) => id)).toEqual(['fund/hpke/2']);
    expect(files()).toEqual([]);
  });

  test('of two processes makes one key between them, also when both were down when it was due', () => {
    jest.setSystemTime(START + HPKE_LIFE_MS + HOUR);
    const one = begin();
    care!.stop();
    const other = begin();
    const ids = ['fund/hpke/1', 'fund/hpke/2'];
    expect([one.keys('hpke').map(({ id }) => id), other.keys('hpke').map(({ id }) => id)]).toEqual([
      ids,
      ids,
    ]);
  });

  test('without a key that may vouch for it says that its keys cannot be tended', () => {
    store.destroy('fund/http-signature/1');
    jest.setSystemTime(START + HPKE_LIFE_MS);
    begin();
    expect([files(), lines.map(({ msg }) => msg).at(-1)]).toEqual([[], 'keys cannot be tended']);
  });
});
