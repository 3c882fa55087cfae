import { type FastifyRequest } from 'fastify';
import { verifyRequest } from '#identity';
import { type Agency } from '#registry';
import { Problem } from '#problem';
import { type AuditParts } from './parts.js';

/** Who reads, proved by a registered key. */
export interface Reader {
  agency: Agency;
  keyId: string;
  /** The node's own agency. */
  isOwner: boolean;
  /** Named by the owner as one who may search. */
  isAuditor: boolean;
  /** The agency that mirrors the logs: class `data`. */
  isMonitor: boolean;
}

/**
 * Who reads? The agency whose registered key signed this request (RFC 9421), once.
 * @throws Problem `signature-invalid`, `clock-skew`, `key-unknown`, `digest-mismatch`, `signature-replayed`, `log-unavailable`
 */
export async function identifyReader(
  audit: AuditParts,
  request: FastifyRequest,
  body?: Buffer,
): Promise<Reader> {
  const registry = audit.registry.current;
  const identity = verifyRequest(
    {
      method: request.method,
      target: request.url,
      headers: request.headers,
      rawBody: body ?? Buffer.alloc(0),
    },
    { registry, now: audit.clock(), authority: audit.authorities },
  );
  const agency = registry.agency(identity.agency);
  if (!agency) throw new Problem('key-unknown', { field: 'signature-input' });
  await audit.replay.use(identity);
  return {
    agency,
    keyId: identity.keyId,
    isOwner: agency.id === audit.agency,
    isAuditor: audit.auditors.has(agency.id),
    isMonitor: agency.class === 'data',
  };
}
