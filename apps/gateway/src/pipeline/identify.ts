import { proveRequest, type Proved, type ReceivedRequest } from '#identity';
import { Problem } from '#problem';
import { type GatewayParts } from '../parts.js';
import { type Asker } from './call.js';

/**
 * Who asks? The agency whose registered key signed the request (RFC 9421), once: a header's word counts for nothing, a
 * signature is spent when it is used. A gateway serves the systems of its own agency only.
 */
export async function identify(
  gateway: GatewayParts,
  request: ReceivedRequest,
  body?: Buffer,
): Promise<Asker> {
  try {
    return own(gateway, await proveRequest(proverOf(gateway), request, body));
  } catch (error) {
    const { problem, status } = Problem.from(error);
    if (status < 500) gateway.node.security.record({ code: problem, topic: 'http' });
    throw error;
  }
}

function proverOf({ node, replay, authorities }: GatewayParts): Parameters<typeof proveRequest>[0] {
  return { registry: node.registry, clock: node.clock, replay, authorities };
}

function own({ node }: GatewayParts, { agency, keyId, sigHash }: Proved): Asker {
  if (agency.id !== node.agency.id) throw new Problem('not-entitled', { detail: 'key of another agency' });
  return { agency, keyId, sigHash };
}
