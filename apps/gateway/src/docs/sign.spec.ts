import { type webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { projectRoot } from '#config';
import { signRequest } from '#identity';
import { KeyStore, type OwnKey, type RotatedUse } from '#registry';

/** The script that the try-it page runs in a browser: Node has the same Web Crypto. */
interface Script {
  whyUnable(): Promise<string | undefined>;
  readKey(
    text: string,
    now?: number,
  ): Promise<{ id: string; agency: string; privateKey: webcrypto.CryptoKey }>;
  signatureHeaders(request: object): Promise<Record<string, string>>;
}

const NOW = Date.parse('2026-06-01T08:00:00.000Z');
let script: Script;
beforeAll(async () => {
  const path = join(projectRoot(), 'apps', 'gateway', 'docs-page', 'sign.js');
  script = (await import(pathToFileURL(path).href)) as Script;
});

/** A new key and its file, as the key store writes it. */
function keyOf(use: RotatedUse = 'http-signature', to?: string): { own: OwnKey; text: string } {
  const dir = mkdtempSync(join(tmpdir(), 'keys-'));
  const end = to === undefined ? undefined : Date.parse(to);
  const own = new KeyStore(dir, 'housing-990100').make(use, Date.parse('2026-01-01T00:00:00.000Z'), end);
  const text = readFileSync(join(dir, 'keys', `${use}.000001.json`), 'utf8');
  rmSync(dir, { recursive: true });
  return { own, text };
}

/** A key file with something else in it. */
const changed = (
  change: (file: { key: Record<string, unknown>; jwk: Record<string, unknown> }) => void,
): string => {
  const file = JSON.parse(keyOf().text) as Parameters<typeof change>[0];
  change(file);
  return JSON.stringify(file);
};

describe('a key file in the browser', () => {
  test.each([
    ['text', () => 'no key', '这不是密钥文件：内容不是 JSON。'],
    ['null', () => 'null', '这不是密钥库的密钥文件：应含 key 与 jwk 两部分。'],
    [
      'a scheme key',
      () => keyOf('scheme').text,
      '这是方案签署密钥，不能用来签请求。请选择文件名中含 http-signature 的密钥文件。',
    ],
    [
      'an unknown use',
      () => changed(({ key }) => (key['use'] = 'toString')),
      '这不是请求签名密钥。请选择文件名中含 http-signature 的密钥文件。',
    ],
    [
      'an id that breaks out of its quotes',
      () => changed(({ key }) => (key['id'] = 'a/http-signature/1";x="')),
      '密钥文件中的密钥编号不合规，文件可能被改动或损坏。',
    ],
    [
      'an id of another agency',
      () => changed(({ key }) => (key['agency'] = 'hrss-990000')),
      '密钥文件中的密钥编号不合规，文件可能被改动或损坏。',
    ],
    ['no private half', () => changed(({ jwk }) => delete jwk['d']), '密钥文件中没有 Ed25519 私钥。'],
    [
      'a private half that is none',
      () => changed(({ jwk }) => (jwk['d'] = 'AAAA')),
      '密钥文件中的私钥无法读取，文件可能被改动或损坏。',
    ],
    [
      'another public half',
      () => changed(({ key }) => (key['publicKey'] = keyOf().own.publicKey)),
      '密钥文件中的私钥与其登记的公钥不是一对，文件可能被改动或损坏。',
    ],
    [
      'no moment from which it holds',
      () => changed(({ key }) => delete key['from']),
      '此密钥尚未生效，或文件中没有生效时间。请检查本机时钟。',
    ],
    [
      'a key that ended',
      () => keyOf('http-signature', '2026-06-01T08:00:00.000Z').text,
      '此密钥已到期，请选择较新的密钥。',
    ],
  ])('is refused in Chinese: %s', async (_what, text, said) => {
    await expect(script.readKey(text(), NOW)).rejects.toThrow(new Error(said));
  });

  test('gives a key that nobody can read out again', async () => {
    const { id, agency, privateKey } = await script.readKey(keyOf().text, NOW);
    expect([id, agency]).toEqual(['housing-990100/http-signature/1', 'housing-990100']);
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
  });
});

describe('a signature made in the browser', () => {
  test('is possible here', async () => {
    expect(await script.whyUnable()).toBeUndefined();
  });

  test('is byte for byte the one that libs/identity makes', async () => {
    const { own, text } = keyOf();
    const key = await script.readKey(text, NOW);
    const requests = fc.record({
      method: fc.constantFrom('GET', 'post'),
      path: fc.webPath(),
      query: fc.option(fc.webQueryParameters(), { nil: undefined }),
      body: fc.string({ unit: 'grapheme' }),
      nonce: fc.uint8Array({ minLength: 16, maxLength: 64 }),
      now: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(requests, async ({ path, query, ...request }) => {
        const url = `http://Node.example:8080/v1${path}${query === undefined ? '' : `?${query}`}`;
        const expected = signRequest({ ...request, url, keyId: own.id, privateKey: own.privateKey });
        expect(await script.signatureHeaders({ ...request, url, key })).toEqual(expected);
      }),
    );
  });
});
