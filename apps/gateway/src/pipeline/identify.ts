import { Problem } from '#problem';
import { verifyRequest } from '#identity';
import { type GatewayParts } from '../parts.js';
import { type Asker, type IncomingQuery } from './call.js';

type SignedRequest = Pick<IncomingQuery, 'method' | 'target' | 'headers' | 'body' | 'receivedAt'>;

/**
 * Who asks? The agency whose registered key signed the request (RFC 9421), once: a header's word counts for nothing, a
 * signature is spent when it is used. A gateway serves the systems of its own agency only.
 */
export async function identify(gateway: GatewayParts, request: SignedRequest): Promise<Asker> {
  try {
    return await prove(gateway, request);
  } catch (error) {
    const { problem, status } = Problem.from(error);
    if (status < 500) gateway.node.security.record({ code: problem, topic: 'http' });
    throw error;
  }
}

async function prove(gateway: GatewayParts, request: SignedRequest): Promise<Asker> {
  const { node } = gateway;
  const identity = verifyRequest(
    { method: request.method, target: request.target, headers: request.headers, rawBody: request.body },
    { registry: node.registry.current, now: request.receivedAt, authority: gateway.authorities },
  );
  if (identity.agency !== node.agency.id)
    throw new Problem('not-entitled', { detail: 'key of another agency' });
  await gateway.replay.use(identity);
  return { agency: node.agency, keyId: identity.keyId, sigHash: identity.sigHash };
}

/** The same proof for a request that reads: state, quotas, receipts. */
export async function identifyReader(
  gateway: GatewayParts,
  request: { method: string; url: string; headers: IncomingQuery['headers'] },
): Promise<Asker> {
  return identify(gateway, {
    method: request.method,
    target: request.url,
    headers: request.headers,
    body: Buffer.alloc(0),
    receivedAt: gateway.node.clock(),
  });
}
