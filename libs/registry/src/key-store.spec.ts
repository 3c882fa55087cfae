import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { noteSigner, noteVerifier, signNote } from '#tlog';
import {
  acceptRegistration,
  compileRegistry,
  destroyEndedHpke,
  exportPublicKey,
  HPKE_GRACE_MS,
  HPKE_LIFE_MS,
  importPublicKey,
  KeyStore,
  openRegistry,
  publicPart,
  registration,
  rotateHpke,
  signRegistry,
  type RegisteredKey,
} from './index.js';

const AT = Date.parse('2026-06-01T00:00:00.000Z');
const HOUR = 3_600_000;
let dir: string;

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'key-store-')), 'node');
});
afterEach(() => {
  rmSync(join(dir, '..'), { recursive: true });
});

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}

function viewOf(keys: RegisteredKey[]) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const agencies = [
    {
      id: 'fund',
      class: 'fund' as const,
      name: '',
      uscc: '',
      region: '990100',
      provides: [],
      contact: { office: '', phone: '' },
    },
  ];
  const registry = compileRegistry({ number: 1, issuedAt: '2026-06-01T00:00:00.000Z', agencies, keys });
  const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(privateKey), 'base64url'));
  return openRegistry(signRegistry(registry, noteSigner('p/registry', privateKey)), { pinned });
}

describe('a key store', () => {
  test.each<[string, () => void]>([
    ['a directory open to its group', () => chmodSync(join(dir, 'keys'), 0o750)],
    ['a file others may read', () => chmodSync(join(dir, 'keys', 'scheme.000001.json'), 0o604)],
    ['a file that is no key', () => writeFileSync(join(dir, 'keys', 'x'), '{', { mode: 0o600 })],
    ['the key of another agency', () => writeFileSync(join(dir, 'keys', 'x'), foreignKey(), { mode: 0o600 })],
  ])('refuses %s', (_what, spoil) => {
    new KeyStore(dir, 'fund').make('scheme', AT);
    spoil();
    expect(problemOf(() => new KeyStore(dir, 'fund'))).toBe('key-store');
  });

  function foreignKey(): string {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = {
      id: 'tax/scheme/1',
      agency: 'tax',
      use: 'scheme',
      algorithm: 'ed25519',
      publicKey: exportPublicKey(privateKey),
      from: '2026-06-01T00:00:00.000Z',
    };
    return JSON.stringify({ key, jwk: privateKey.export({ format: 'jwk' }) });
  }

  test('writes files that only their owner can read, and no leftovers', () => {
    const store = new KeyStore(dir, 'fund');
    store.make('http-signature', AT);
    store.logKey('fund/gateway/0', AT);
    store.secret('epoch', { create: true });
    const modes = ['keys', 'secrets'].flatMap((sub) => [
      statSync(join(dir, sub)).mode & 0o777,
      ...readdirSync(join(dir, sub)).map((name) => statSync(join(dir, sub, name)).mode & 0o777),
    ]);
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o700, 0o600]);
    expect(readdirSync(join(dir, 'keys'))).toEqual([
      'fund.gateway.0.000001.json',
      'http-signature.000001.json',
    ]);
  });

  test('gives the same keys and secrets to every process that opens it', () => {
    const store = new KeyStore(dir, 'fund');
    const signature = store.ensure('http-signature', AT);
    const log = store.logKey('fund/gateway/0', AT);
    const other = new KeyStore(dir, 'fund');
    expect(publicPart(other.ensure('http-signature', AT))).toEqual(publicPart(signature));
    expect(publicPart(other.logKey('fund/gateway/0', AT))).toEqual(publicPart(log));
    const [seal, epoch, next] = [
      store.secret('seal', { create: true }),
      store.secret('epoch', { create: true }),
      store.secret('epoch', { create: true, n: 2 }),
    ];
    expect([other.secret('seal'), other.secret('epoch', { create: true })]).toEqual([seal, epoch]);
    expect(new Set([seal, epoch, next].map(String)).size).toBe(3);
  });

  test('makes no secret that is missing unless it is told that it may', () => {
    const store = new KeyStore(dir, 'fund');
    expect(problemOf(() => store.secret('epoch'))).toBe('key-store');
    expect(readdirSync(join(dir, 'secrets'))).toEqual([]);
  });

  test('two processes that make the same generation at once get one key', () => {
    const [one, other] = [new KeyStore(dir, 'fund'), new KeyStore(dir, 'fund')];
    expect(publicPart(one.make('scheme', AT))).toEqual(publicPart(other.make('scheme', AT + 1)));
  });

  test('makes keys whose public half verifies what the private half signs', () => {
    const { privateKey, publicKey, algorithm } = new KeyStore(dir, 'fund').make('scheme', AT);
    const signature = sign(null, Buffer.from('x'), privateKey);
    expect(verify(null, Buffer.from('x'), importPublicKey(algorithm, publicKey), signature)).toBe(true);
  });

  test('rotates with an overlap in which both keys are in force', () => {
    const store = new KeyStore(dir, 'fund');
    const first = store.make('http-signature', AT);
    const second = store.rotate('http-signature', AT + HOUR, 10 * 60_000);
    expect([first.id, second.id]).toEqual(['fund/http-signature/1', 'fund/http-signature/2']);
    const view = viewOf(new KeyStore(dir, 'fund').keys().map(publicPart));
    const valid = (at: number) => [first, second].map(({ id }) => view.signatureKey(id, at) !== undefined);
    expect([valid(AT), valid(AT + HOUR), valid(AT + HOUR + 10 * 60_000)]).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
    expect(store.current('http-signature', AT + HOUR)?.id).toBe(second.id);
  });

  test('makes the next key of a log beside the one that signs, and closes that where the log says', () => {
    const store = new KeyStore(dir, 'fund');
    const origin = 'fund/gateway/0';
    const first = store.logKey(origin, AT);
    const second = store.nextLogKey(origin, AT + HOUR);
    expect(store.nextLogKey(origin, AT + 2 * HOUR).publicKey).toBe(second.publicKey);
    const raw = [first, second].map(({ publicKey }) => Buffer.from(publicKey, 'base64url'));
    const registered = () => viewOf(new KeyStore(dir, 'fund').keys().map(publicPart)).logKeys(origin);
    expect(registered()).toEqual([
      { publicKey: raw[0], fromSize: 0 },
      { publicKey: raw[1], fromSize: 1 },
    ]);
    store.changeLogKey(first, second, 99);
    expect(registered()).toEqual([
      { publicKey: raw[0], fromSize: 0, toSize: 99 },
      { publicKey: raw[1], fromSize: 100 },
    ]);
    expect(store.logKeys(origin, AT).map(({ publicKey }) => publicKey)).toEqual([
      first.publicKey,
      second.publicKey,
    ]);
    expect(store.nextLogKey(origin, AT).fromSize).toBe(101);
  });

  test('makes no next key of a log that has none, and none for another agency’s log', () => {
    const store = new KeyStore(dir, 'fund');
    expect(problemOf(() => store.nextLogKey('fund/gateway/0', AT))).toBe('key-store');
    expect(problemOf(() => store.logKey('tax/gateway/0', AT))).toBe('key-store');
  });

  test('leaves nothing behind of a destroyed key', () => {
    const store = new KeyStore(dir, 'fund');
    const { id } = store.make('hpke', AT);
    expect(store.hpkeKey(id)?.asymmetricKeyType).toBe('x25519');
    store.destroy(id);
    expect([
      store.hpkeKey(id),
      new KeyStore(dir, 'fund').hpkeKey(id),
      readdirSync(join(dir, 'keys')),
    ]).toEqual([undefined, undefined, []]);
  });

  test('hands out no signing key as an HPKE key', () => {
    const store = new KeyStore(dir, 'fund');
    expect(store.hpkeKey(store.make('scheme', AT).id)).toBeUndefined();
  });

  test('refuses a damaged secret', () => {
    mkdirSync(join(dir, 'secrets'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, 'secrets', 'epoch.1'), 'short\n', { mode: 0o600 });
    expect(problemOf(() => new KeyStore(dir, 'fund').secret('epoch'))).toBe('key-store');
  });
});

describe('weekly HPKE rotation', () => {
  test('makes the next key a day ahead, in force when the week is over, and nothing in between', () => {
    const store = new KeyStore(dir, 'fund');
    const first = rotateHpke(store, AT, 24 * HOUR);
    expect(rotateHpke(store, AT + HPKE_LIFE_MS - 25 * HOUR, 24 * HOUR)).toBeUndefined();
    const second = rotateHpke(store, AT + HPKE_LIFE_MS - 24 * HOUR, 24 * HOUR);
    expect([first?.id, second?.id, second?.from]).toEqual([
      'fund/hpke/1',
      'fund/hpke/2',
      '2026-06-08T00:00:00.000Z',
    ]);
    expect(store.key('fund/hpke/1')?.to).toBe('2026-06-08T00:20:00.000Z');
  });

  test('destroys a key only when its grace is over and no registry offers it any more', () => {
    const store = new KeyStore(dir, 'fund');
    rotateHpke(store, AT, 0);
    const stale = viewOf(store.keys().map(publicPart));
    rotateHpke(store, AT + HPKE_LIFE_MS, 0);
    const fresh = viewOf(store.keys().map(publicPart));
    const over = AT + HPKE_LIFE_MS + 2 * HPKE_GRACE_MS;
    expect([
      destroyEndedHpke(store, over - 1, fresh),
      destroyEndedHpke(store, over, stale),
      destroyEndedHpke(store, over, fresh),
      store.keys('hpke').map(({ id }) => id),
    ]).toEqual([[], [], ['fund/hpke/1'], ['fund/hpke/2']]);
  });
});

describe('registering a key', () => {
  const open = () => new KeyStore(dir, 'fund');

  test('gives back the key applied for, without its private half', () => {
    const key = open().make('http-signature', AT);
    const document = registration(key);
    expect(acceptRegistration(document)).toEqual(publicPart(key));
    expect(document).not.toContain(key.privateKey.export({ format: 'jwk' }).d);
  });

  test('needs an endorsement once the agency has a signature key, and for every X25519 key', () => {
    const store = open();
    const signature = store.make('http-signature', AT);
    const [scheme, hpke] = [store.make('scheme', AT), store.make('hpke', AT)];
    const known = [publicPart(signature)];
    expect(acceptRegistration(registration(scheme, signature), known)).toEqual(publicPart(scheme));
    expect(acceptRegistration(registration(hpke, signature), known)).toEqual(publicPart(hpke));
    expect(problemOf(() => acceptRegistration(registration(scheme), known))).toBe('registry-signature');
    expect(problemOf(() => acceptRegistration(registration(hpke, signature)))).toBe('registry-signature');
    expect(problemOf(() => registration(hpke))).toBe('registry-invalid');
  });

  test('refuses a key put forward by someone who does not hold it', () => {
    const mine = open().make('scheme', AT);
    const theirs = { ...mine, publicKey: exportPublicKey(generateKeyPairSync('ed25519').publicKey) };
    expect(problemOf(() => acceptRegistration(registration(theirs)))).toBe('registry-signature');
  });

  test('refuses a document that goes on after the application, though its key signed all of it', () => {
    const key = open().make('scheme', AT);
    const document = registration(key);
    const text = document.slice(0, document.indexOf('\n\n') + 1);
    const longer = signNote(`${text}\nand more\n`, noteSigner(key.id, key.privateKey));
    expect(problemOf(() => acceptRegistration(longer))).toBe('registry-invalid');
  });

  test('refuses a text put in front of a document that somebody else signed', () => {
    const store = open();
    const [mine, other] = [registration(store.make('scheme', AT)), registration(store.make('registry', AT))];
    const spliced = `${other.slice(0, other.indexOf('\n\n') + 2)}${mine}`;
    expect(problemOf(() => acceptRegistration(spliced))).toMatch(/^registry-(signature|invalid)$/);
  });

  test.each(['', 'null\n\n', '{}\n\n', '{"key":{},"kind":"key-registration/v1"}\n\n'])(
    'refuses %j',
    (document) => {
      expect(problemOf(() => acceptRegistration(document))).toBe('registry-invalid');
    },
  );
});
