import { Problem } from '#problem';
import { type Agency, type RegistryView } from '#registry';
import { claimedKey } from './claimed-key.js';
import { type SignedMessage } from './message.js';
import { type ReplayGuard } from './replay-guard.js';
import { verifyRequest, type Identity } from './verify-request.js';

/** What a server that answers to signed requests knows. */
export interface Prover {
  registry: { readonly current: RegistryView };
  replay: ReplayGuard;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** `host[:port]` values under which it is addressed. */
  authorities: readonly string[];
  /** Told of a request that proves nobody, and which registered agency it claims to be from; not of a failure of ours. */
  onRefused?: (problem: Problem, claimed: string | undefined) => void;
}

/** A request as Fastify has it. */
export interface ReceivedRequest {
  method: string;
  /** Path and query exactly as received. */
  url: string;
  headers: SignedMessage['headers'];
}

/** Who sent it, with everything that is registered of that agency. */
export interface Proved extends Omit<Identity, 'agency'> {
  agency: Agency;
}

/**
 * Who sent this request? The agency whose registered key signed it, once: the signature is verified and spent.
 * @throws Problem `signature-invalid`, `clock-skew`, `key-unknown`, `digest-mismatch`, `signature-replayed`, `log-unavailable`
 */
export async function proveRequest(
  prover: Prover,
  request: ReceivedRequest,
  rawBody: Uint8Array = new Uint8Array(),
): Promise<Proved> {
  try {
    return await prove(prover, request, rawBody);
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.status < 500) prover.onRefused?.(problem, claimedBy(prover, request));
    throw error;
  }
}

async function prove(
  { registry, replay, clock, authorities }: Prover,
  { method, url, headers }: ReceivedRequest,
  rawBody: Uint8Array,
): Promise<Proved> {
  const view = registry.current;
  const message = { method, target: url, headers, rawBody };
  const identity = verifyRequest(message, { registry: view, now: clock(), authority: authorities });
  const agency = view.agency(identity.agency);
  if (!agency) throw new Problem('key-unknown', { field: 'signature-input' });
  await replay.use(identity);
  return { ...identity, agency };
}

/** Whom a key id names that proved nothing: an agency of the registry, or nobody; the id itself is the sender's text. */
function claimedBy({ registry }: Prover, { headers }: ReceivedRequest): string | undefined {
  const keyId = claimedKey(headers);
  return keyId === undefined ? undefined : registry.current.agencyNamedBy(keyId);
}
