import { type ProblemName } from '#problem';
import { type GatewayError } from './gateway-error.js';

/** What to do after a failed attempt. */
export interface Retry {
  /** Milliseconds that this address wants to be left alone; Infinity: for the rest of the call. */
  waitMs: number;
}

/** Faults of one gateway process that another, or the same one later, does not have. Everything else is an answer. */
const PASSING: ReadonlySet<ProblemName> = new Set<ProblemName>([
  'log-unavailable',
  'log-fenced',
  'log-behind-edge',
  'shutting-down',
  'overloaded',
  'transport-unavailable',
  'database-unavailable',
  'gateway-unreachable',
  'gateway-timeout',
]);

/**
 * Whether an attempt may be made again, with the same request id: only when the gateway had trouble of its own. An exchange
 * that took place (its document lists it) has been recorded, and its end is the answer.
 * @returns undefined when the error is the caller's to have
 */
export function retryAfter(error: GatewayError): Retry | undefined {
  const { problem, document } = error;
  if (problem === undefined || !PASSING.has(problem) || 'exchanges' in document) return undefined;
  const wait = document['retryAfter'];
  return { waitMs: isPermanent(error) ? Infinity : typeof wait === 'number' ? wait * 1000 : 0 };
}

/** A certificate that is not trusted and a name that does not exist do not mend within a call. */
function isPermanent({ problem, detail = '' }: GatewayError): boolean {
  return problem === 'gateway-unreachable' && (isTlsFault(detail) || detail === 'ENOTFOUND');
}

/** Codes of OpenSSL's verification and of `node:tls`. */
export function isTlsFault(code: string): boolean {
  return /^ERR_(TLS|SSL)|CERT|SELF_SIGNED|ISSUER|LEAF_SIGNATURE|CRL_/.test(code);
}

/** `Retry-After` (RFC 9110 §10.2.3) in seconds from `now`; undefined when there is none that can be read. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}
