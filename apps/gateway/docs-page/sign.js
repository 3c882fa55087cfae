/* global crypto, TextEncoder, btoa */
// Signs a request in the browser as libs/identity verifies it (RFC 9421, Ed25519, Content-Digest of RFC 9530). The
// private key is imported as not extractable and is kept nowhere else.

/** @typedef {{id: string, agency: string, to?: string, privateKey: CryptoKey}} SigningKey */

const ED25519 = { name: 'Ed25519' };
const TAG = 'exchange-gateway';
const KEY_ID = /^[a-z0-9-]+\/http-signature\/[0-9]+$/;

/** Why signing is not possible here, in Chinese; undefined when it is. */
export async function whyUnable() {
  if (!globalThis.crypto?.subtle)
    return '浏览器只在安全连接（HTTPS 或本机地址）上提供签名功能。请改用 HTTPS 地址打开本页，或使用命令行 ask。';
  try {
    await crypto.subtle.generateKey(ED25519, false, ['sign', 'verify']);
    return undefined;
  } catch {
    return '此浏览器不支持 Ed25519 签名。请使用较新的 Chrome、Edge（137 以上）、Firefox（129 以上）或 Safari（17 以上），或使用命令行 ask。';
  }
}

/**
 * Reads a key file as the key store writes it: `{key: {id, agency, use, publicKey, …}, jwk}`.
 * @param {string} text
 * @returns {Promise<SigningKey>}
 * @throws {Error} whose message tells in Chinese what is wrong, never holding anything of the file
 */
export async function readKey(text, now = Date.now()) {
  const { key, jwk } = documentOf(text);
  refuseOtherUse(key);
  refuseOutOfForce(key, now);
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.d !== 'string')
    throw new Error('密钥文件中没有 Ed25519 私钥。');
  const privateKey = await importPrivate(jwk);
  if (!(await belongTogether(privateKey, key.publicKey)))
    throw new Error('密钥文件中的私钥与其登记的公钥不是一对，文件可能被改动或损坏。');
  return { id: key.id, agency: key.agency, privateKey, ...(key.to && { to: key.to }) };
}

/**
 * The headers to send with a request, changed in nothing; each signature is good for a minute and for one use.
 * @param {{method: string, url: string, body?: string, contentType?: string, key: SigningKey, now?: number, nonce?: Uint8Array}} request
 * @returns {Promise<Record<string, string>>}
 */
export async function signatureHeaders(request) {
  const { method, body = '', contentType = 'application/json', key } = request;
  const url = new URL(request.url);
  const content =
    body === '' ? {} : { 'content-type': contentType, 'content-digest': await contentDigest(body) };
  const components = {
    '@method': method.toUpperCase(),
    '@authority': url.host,
    '@path': url.pathname,
    ...(url.search && { '@query': url.search }),
    ...content,
  };
  const names = Object.keys(components).map((name) => `"${name}"`);
  const covered = `(${names.join(' ')})${parameters(request)}`;
  const lines = Object.entries(components).map(([name, value]) => `"${name}": ${value}`);
  const base = [...lines, `"@signature-params": ${covered}`].join('\n');
  const signature = await crypto.subtle.sign(ED25519, key.privateKey, utf8(base));
  return { ...content, 'signature-input': `sig=${covered}`, signature: `sig=:${base64(signature)}:` };
}

function parameters({ key, now = Date.now(), nonce = crypto.getRandomValues(new Uint8Array(16)) }) {
  const random = base64(nonce).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `;created=${Math.floor(now / 1000)};nonce="${random}";keyid="${key.id}";alg="ed25519";tag="${TAG}"`;
}

async function contentDigest(body) {
  return `sha-256=:${base64(await crypto.subtle.digest('SHA-256', utf8(body)))}:`;
}

function documentOf(text) {
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('这不是密钥文件：内容不是 JSON。');
  }
  const { key, jwk } = document ?? {};
  if (typeof key !== 'object' || key === null || typeof jwk !== 'object' || jwk === null)
    throw new Error('这不是密钥库的密钥文件：应含 key 与 jwk 两部分。');
  return { key, jwk };
}

const USES = { scheme: '方案签署密钥', log: '日志密钥', hpke: '加密密钥', registry: '登记册密钥' };

function refuseOtherUse({ id, use, agency }) {
  if (use !== 'http-signature') {
    const what = Object.hasOwn(USES, use) ? `这是${USES[use]}，不能用来签请求。` : '这不是请求签名密钥。';
    throw new Error(`${what}请选择文件名中含 http-signature 的密钥文件。`);
  }
  if (typeof id !== 'string' || !KEY_ID.test(id) || id.split('/')[0] !== agency)
    throw new Error('密钥文件中的密钥编号不合规，文件可能被改动或损坏。');
}

function refuseOutOfForce({ from, to }, now) {
  if (!(Date.parse(from) <= now)) throw new Error('此密钥尚未生效，或文件中没有生效时间。请检查本机时钟。');
  if (to !== undefined && !(now < Date.parse(to))) throw new Error('此密钥已到期，请选择较新的密钥。');
}

async function importPrivate({ kty, crv, d, x }) {
  try {
    return await crypto.subtle.importKey('jwk', { kty, crv, d, x }, ED25519, false, ['sign']);
  } catch {
    throw new Error('密钥文件中的私钥无法读取，文件可能被改动或损坏。');
  }
}

/** Whether the registered public half verifies what the private half signs. */
async function belongTogether(privateKey, publicKey) {
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey };
    const verifier = await crypto.subtle.importKey('jwk', jwk, ED25519, false, ['verify']);
    const challenge = crypto.getRandomValues(new Uint8Array(32));
    const signature = await crypto.subtle.sign(ED25519, privateKey, challenge);
    return await crypto.subtle.verify(ED25519, verifier, signature, challenge);
  } catch {
    return false; // a public half that is not one belongs to nothing
  }
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
