import { type FastifyRequest } from 'fastify';
import { verifyRequest } from '#identity';
import { Problem } from '#problem';
import { type MonitorParts } from '../parts.js';

/** Who reads: `everything` for an agency of class `data`, which watches the province; else what it takes part in. */
export interface Reader {
  agency: string;
  everything: boolean;
  /** The agency to which the answer is limited; absent when it is not. */
  only?: string;
}

/**
 * Who reads? The agency whose registered key signed this request (RFC 9421), once.
 * @throws Problem `signature-invalid`, `clock-skew`, `key-unknown`, `digest-mismatch`, `signature-replayed`, `log-unavailable`
 */
export async function identifyReader(monitor: MonitorParts, request: FastifyRequest): Promise<Reader> {
  const registry = monitor.registry.current;
  const identity = verifyRequest(
    { method: request.method, target: request.url, headers: request.headers, rawBody: Buffer.alloc(0) },
    { registry, now: monitor.clock(), authority: monitor.authorities },
  );
  const agency = registry.agency(identity.agency);
  if (!agency) throw new Problem('key-unknown', { field: 'signature-input' });
  await monitor.replay.use(identity);
  const everything = agency.class === 'data';
  return { agency: agency.id, everything, ...(!everything && { only: agency.id }) };
}
