import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';

/** A server that sends everybody on to another one. */
export interface Redirect {
  /** Address of the first. */
  url: string;
  /** Paths that were asked for at the first, in each test anew. */
  asked: string[];
  /** Paths that were asked for at the second: of who does not follow, none. */
  followed: string[];
}

/** Starts both for the calling spec. A 307 has method and body sent again, as they were. */
export function useRedirect(): Redirect {
  const servers: Server[] = [];
  const redirect: Redirect = { url: '', asked: [], followed: [] };
  const start = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  beforeAll(async () => {
    const second = await start(({ url = '' }, response) => {
      redirect.followed.push(url);
      response.end('{}');
    });
    redirect.url = await start(({ url = '' }, response) => {
      redirect.asked.push(url);
      response.writeHead(307, { location: second + url }).end();
    });
  });
  beforeEach(() => {
    for (const paths of [redirect.asked, redirect.followed]) paths.length = 0;
  });
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });
  return redirect;
}
