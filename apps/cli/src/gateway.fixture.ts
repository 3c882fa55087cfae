import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifyRequest } from '#identity';
import { Problem } from '#problem';
import { type RegistryView } from '#registry';
import { NOW } from './cli.fixture.js';

/** A request whose signature holds. */
export interface Asked {
  url: string;
  body: string;
  agency: string;
}

export interface TestGateway {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** A server that checks signatures as a gateway does, answers what `answer` gives, and in problems what it throws. */
export async function startTestGateway(
  registry: () => RegistryView,
  answer: (asked: Asked) => unknown,
): Promise<TestGateway> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void take(request, response));
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const rawBody = await buffer(request);
    const { method = '', url = '', headers } = request;
    try {
      const message = { method, target: url, headers, rawBody };
      const { agency } = verifyRequest(message, { registry: registry(), now: NOW, authority: host() });
      const one = { url, body: rawBody.toString(), agency };
      asked.push(one);
      const body = JSON.stringify(answer(one));
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } catch (error) {
      const problem = Problem.from(error);
      response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify(problem.toDocument()));
    }
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://${host()}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
