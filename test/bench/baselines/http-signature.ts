import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { type SignWith } from '../load/job.js';

const INPUT =
  /^sig=(\("@method" "@authority" "@path" "content-type" "content-digest"\);created=(\d+);nonce="([\w-]+)";keyid="[^"]+";alg="ed25519";tag="[\w-]+")$/;
const WINDOW_MS = 60_000;

/** Checks exactly the form of signature that the client makes (RFC 9421), by hand: digest, time, signature, nonce not seen. */
export class SignatureCheck {
  private seen = new Set<string>();
  private seenBefore = new Set<string>();
  private turned = Date.now();

  constructor(private readonly key: KeyObject) {}

  /** SHA-256 of the signature. @throws Error for whatever does not hold */
  verify(path: string, headers: IncomingHttpHeaders, body: Buffer): Buffer {
    const bodyDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    const match = INPUT.exec(String(headers['signature-input']));
    if (headers['content-digest'] !== bodyDigest || !match) throw new Error('digest or form');
    const [, params, created, nonce] = match as unknown as [string, string, string, string];
    if (Math.abs(Date.now() - Number(created) * 1000) > WINDOW_MS || this.isSeen(nonce))
      throw new Error('time');
    const base = `"@method": POST\n"@authority": ${headers.host}\n"@path": ${path}\n"content-type": ${headers['content-type']}\n"content-digest": ${bodyDigest}\n"@signature-params": ${params}`;
    const signature = Buffer.from(String(headers['signature']).slice(5, -1), 'base64');
    if (!verify(null, Buffer.from(base), this.key, signature)) throw new Error('signature');
    return createHash('sha256').update(signature).digest();
  }

  /** Twice the window is remembered, at most. */
  private isSeen(nonce: string): boolean {
    if (Date.now() - this.turned > 2 * WINDOW_MS) {
      this.seenBefore = this.seen;
      this.seen = new Set();
      this.turned = Date.now();
    }
    if (this.seen.has(nonce) || this.seenBefore.has(nonce)) return true;
    this.seen.add(nonce);
    return false;
  }
}

/** PEM, for who checks. */
export function publicKeyOf({ privateKey }: SignWith): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
