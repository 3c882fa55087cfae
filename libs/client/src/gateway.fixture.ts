import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifyRequest, type Identity } from '#identity';
import { Problem, type ProblemName } from '#problem';
import { compileRegistry, exportPublicKey, openRegistry, signRegistry } from '#registry';
import { noteSigner, noteVerifier } from '#tlog';

const FROM = '2026-01-01T00:00:00.000Z';
const province = generateKeyPairSync('ed25519').privateKey;
const system = generateKeyPairSync('ed25519').privateKey;

/** The asking system's registered key. */
export const key = { keyId: 'housing-990100/http-signature/1', privateKey: system };

const registry = openRegistry(
  signRegistry(
    compileRegistry({
      number: 1,
      issuedAt: FROM,
      agencies: [
        {
          id: 'housing-990100',
          class: 'housing',
          name: '测试市住建局',
          uscc: '',
          region: '990100',
          provides: [],
          contact: { office: '', phone: '' },
        },
      ],
      keys: [
        {
          id: key.keyId,
          agency: 'housing-990100',
          use: 'http-signature',
          algorithm: 'ed25519',
          publicKey: exportPublicKey(system),
          from: FROM,
        },
      ],
    }),
    noteSigner('demo/registry', province),
  ),
  { pinned: noteVerifier('demo/registry', Buffer.from(exportPublicKey(province), 'base64url')) },
);

/** A request that arrived with a signature that holds. */
export interface Seen {
  method: string;
  url: string;
  body: string;
  identity: Identity;
}

/** What a gateway does with the n-th request; `json` and `refuse` help. */
export type Behaviour = (response: ServerResponse, seen: Seen, n: number) => void;

export interface TestGateway {
  url: string;
  seen: Seen[];
  close(): Promise<void>;
}

/** A small HTTP server that believes nothing but signatures, as a gateway does. */
export async function startTestGateway(
  behaviour: Behaviour,
  tls?: { key: string; cert: string },
): Promise<TestGateway> {
  const seen: Seen[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse) => void take(request, response);
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const rawBody = await buffer(request);
    const { method = '', url = '', headers } = request;
    try {
      const identity = verifyRequest(
        { method, target: url, headers, rawBody },
        { registry, now: Date.now(), authority: `127.0.0.1:${port()}` },
      );
      const one = { method, url, body: rawBody.toString(), identity };
      behaviour(response, one, seen.push(one));
    } catch (error) {
      refuse(response, Problem.from(error).problem);
    }
  };
  const port = () => (server.address() as AddressInfo).port;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port()}`,
    seen,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

export function refuse(
  response: ServerResponse,
  name: ProblemName,
  more: { headers?: Record<string, string>; extensions?: Record<string, unknown> } = {},
): void {
  const problem = new Problem(name, { extensions: more.extensions ?? {} });
  response.writeHead(problem.status, { 'content-type': 'application/problem+json', ...more.headers });
  response.end(JSON.stringify(problem.toDocument()));
}
