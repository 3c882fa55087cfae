import { proveRequest, type ReceivedRequest } from '#identity';
import { type Agency } from '#registry';
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

/** Who reads? The agency whose registered key signed this request, once. @throws Problem as `proveRequest` does */
export async function identifyReader(
  audit: AuditParts,
  request: ReceivedRequest,
  body?: Buffer,
): Promise<Reader> {
  const { agency, keyId } = await proveRequest(audit, request, body);
  return {
    agency,
    keyId,
    isOwner: agency.id === audit.agency,
    isAuditor: audit.auditors.has(agency.id),
    isMonitor: agency.class === 'data',
  };
}
