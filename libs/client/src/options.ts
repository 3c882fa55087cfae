import { type KeyObject } from 'node:crypto';
import { Problem } from '#problem';
import { type Attempt } from './gateway-error.js';
import { type LogTrust } from './log-trust.js';

export interface ClientOptions {
  /** Addresses of the agency's own gateways, the preferred one first: `https://host[:port]`. */
  gateways: readonly string[];
  /** Registered id of the system's key, `<agency>/http-signature/<n>`. */
  keyId: string;
  /** Ed25519. */
  privateKey: KeyObject;
  /** How long a call may take with all its attempts, milliseconds. Default 30,000. */
  timeoutMs?: number;
  /** How long one gateway may take before the next is tried. Default: the question's own deadline and 2 s. */
  attemptTimeoutMs?: number;
  /** Default: Node's. */
  fetch?: typeof fetch;
  /** Milliseconds since the epoch; signatures are made for it. */
  clock?: () => number;
  /** Plain HTTP carries personal data in the clear: `loopback` (default) lets it no further than this machine. */
  plainHttp?: 'loopback' | 'anywhere';
  /** Checks the receipt of every exchange against `trust`; a call with one that does not hold fails. */
  verify?: boolean;
  trust?: LogTrust;
  /** Told of every attempt that failed and was made again elsewhere or later. */
  onRetry?: (attempt: Attempt) => void;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Addresses in the form that is signed. @throws Problem `config-invalid` naming the option */
export function checkedGateways({ gateways, plainHttp = 'loopback' }: ClientOptions): string[] {
  if (gateways.length === 0) throw invalid('gateways', 'at least one address');
  return gateways.map((address, i) => {
    const field = `gateways/${i}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) throw invalid(field, 'an http(s) address');
    // The path is under the signature: one that a proxy strips would make every signature wrong.
    if (url.href !== `${url.origin}/`) throw invalid(field, 'scheme, host and port only');
    if (url.protocol === 'http:' && plainHttp === 'loopback' && !LOOPBACK.test(url.hostname)) {
      throw invalid(field, 'https, or a loopback address');
    }
    return url.origin;
  });
}

/** @throws Problem `config-invalid` */
export function checkVerification({ verify, trust }: ClientOptions): void {
  if (verify && !trust) throw invalid('trust', 'verifying needs the verifier keys of the logs');
}

function invalid(field: string, detail: string): Problem {
  return new Problem('config-invalid', { field, detail });
}
