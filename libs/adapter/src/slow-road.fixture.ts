import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A way to a server on which some bytes take longer than others. */
export interface SlowRoad {
  url: string;
  /** Resolves when the marked bytes have been sent and are held. */
  holding: Promise<void>;
  /** Resolves when they have gone on to the server. */
  passed: Promise<void>;
  close(): Promise<void>;
}

/** Passes everything on at once, but holds what has `mark` in it, and what follows on that connection, for `ms`. */
export async function openSlowRoad(url: string, mark: string, ms: number): Promise<SlowRoad> {
  const { hostname, port } = new URL(url);
  const [holding, passed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    let before: Promise<unknown> = Promise.resolve();
    client.on('data', (bytes) => {
      if (bytes.includes(mark)) {
        holding.resolve();
        before = before.then(() => sleep(ms)).then(passed.resolve);
      }
      before = before.then(() => upstream.write(bytes));
    });
    client.on('end', () => void before.then(() => upstream.end()));
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  [own.hostname, own.port] = ['127.0.0.1', String((server.address() as AddressInfo).port)];
  return {
    url: own.href,
    holding: holding.promise,
    passed: passed.promise,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
