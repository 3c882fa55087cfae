import { proveRequest, type ReceivedRequest } from '#identity';
import { Problem, type ProblemName } from '#problem';
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
  const { agency, keyId, sigHash } = await proveRequest(proverOf(gateway), request, body);
  if (agency.id === gateway.node.agency.id) return { agency, keyId, sigHash };
  note(gateway, 'not-entitled', agency.id);
  throw new Problem('not-entitled', { detail: 'key of another agency' });
}

function proverOf(gateway: GatewayParts): Parameters<typeof proveRequest>[0] {
  const { node, replay, authorities } = gateway;
  const onRefused = ({ problem }: Problem, claimed: string | undefined) => note(gateway, problem, claimed);
  return { registry: node.registry, clock: node.clock, replay, authorities, onRefused };
}

function note({ node }: GatewayParts, code: ProblemName, claimed: string | undefined): void {
  node.security.record({ code, topic: 'http', ...(claimed !== undefined && { claimed }) });
}
