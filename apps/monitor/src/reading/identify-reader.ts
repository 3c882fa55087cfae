import { proveRequest, type ReceivedRequest } from '#identity';
import { type MonitorParts } from '../parts.js';

/** Who reads: `everything` for an agency of class `data`, which watches the province; else what it takes part in. */
export interface Reader {
  agency: string;
  everything: boolean;
  /** The agency to which the answer is limited; absent when it is not. */
  only?: string;
}

/** Who reads? The agency whose registered key signed this request, once. @throws Problem as `proveRequest` does */
export async function identifyReader(monitor: MonitorParts, request: ReceivedRequest): Promise<Reader> {
  const { agency } = await proveRequest(monitor, request);
  const everything = agency.class === 'data';
  return { agency: agency.id, everything, ...(!everything && { only: agency.id }) };
}
