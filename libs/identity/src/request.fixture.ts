import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { Problem } from '#problem';
import { compileRegistry, exportPublicKey, openRegistry, signRegistry, type RegisteredKey } from '#registry';
import { noteSigner, noteVerifier } from '#tlog';
import { signRequest, verifyRequest, type SignedMessage } from './index.js';

export const NOW = Date.parse('2026-06-01T08:00:00.500Z');
export const URL_ = 'https://gateway.housing.example/v1/queries/HR-SI-01?dry=1';
export const body = '{"requestId":"5f0c1f0e-6e0b-4f0e-9c55-2f8a4e1c7a10"}';
export const keys = {
  housing: pair(),
  tax: pair(),
  past: pair(),
  future: pair(),
  revoked: pair(),
  scheme: pair(),
};

function pair(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

function registered(id: string, key: KeyObject, over: Partial<RegisteredKey> = {}): RegisteredKey {
  const [agency, use] = id.split('/') as [string, RegisteredKey['use']];
  return {
    id,
    agency,
    use,
    algorithm: 'ed25519',
    publicKey: exportPublicKey(key),
    from: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

const registry = (() => {
  const province = pair();
  const agency = (id: string) => ({
    id,
    class: 'housing' as const,
    name: '',
    uscc: '',
    region: '990100',
    provides: [],
    contact: { office: '', phone: '' },
  });
  const compiled = compileRegistry({
    number: 1,
    issuedAt: '2026-05-01T00:00:00.000Z',
    agencies: [agency('housing'), agency('tax')],
    keys: [
      registered('housing/http-signature/1', keys.housing),
      registered('tax/http-signature/1', keys.tax),
      registered('housing/http-signature/2', keys.past, { to: '2026-06-01T08:00:00.500Z' }),
      registered('housing/http-signature/3', keys.future, { from: '2026-06-01T08:00:00.501Z' }),
      registered('housing/http-signature/4', keys.revoked, { revokedAt: '2026-06-01T08:00:00.000Z' }),
      registered('housing/scheme/1', keys.scheme),
    ],
  });
  const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(province), 'base64url'));
  return openRegistry(signRegistry(compiled, noteSigner('p/registry', province)), { pinned });
})();

/** A request as the gateway gets it; `over` changes how it is signed, `change` what arrives. */
export function request(
  over: Partial<Parameters<typeof signRequest>[0]> = {},
  change: Partial<SignedMessage> = {},
): SignedMessage {
  const signed = {
    method: 'POST',
    url: URL_,
    body,
    keyId: 'housing/http-signature/1',
    privateKey: keys.housing,
    now: NOW,
    ...over,
  };
  const url = new URL(signed.url);
  return {
    method: signed.method,
    target: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...signRequest(signed) },
    rawBody: Buffer.from(signed.body ?? ''),
    ...change,
  };
}

export function withHeaders(
  message: SignedMessage,
  headers: Record<string, string | string[] | undefined>,
): SignedMessage {
  return { ...message, headers: { ...message.headers, ...headers } };
}

export function editInput(edit: (input: string) => string): SignedMessage {
  const message = request();
  return withHeaders(message, { 'signature-input': edit(message.headers['signature-input'] as string) });
}

/** Signs whatever base a hostile or careless client makes for the given input. */
export function handSigned(input: string, lines: string[], key: KeyObject = keys.housing): SignedMessage {
  const base = [...lines, `"@signature-params": ${input}`].join('\n');
  const signature = sign(null, Buffer.from(base), key).toString('base64');
  return withHeaders(request(), { 'signature-input': `sig=${input}`, signature: `sig=:${signature}:` });
}

/** Verifies as the gateway of the housing bureau, which has two addresses. */
export const verifyAt = (message: SignedMessage, now = NOW) =>
  verifyRequest(message, { registry, now, authority: ['gateway.housing.example', '10.0.0.1:8443'] });

/** `<problem> <field>`, or `accepted`. */
export function refused(message: SignedMessage, now = NOW): string {
  try {
    verifyAt(message, now);
  } catch (error) {
    if (error instanceof Problem) return `${error.problem} ${error.field}`;
    throw error;
  }
  return 'accepted';
}
