import { defaultMaxListeners, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ISocketFactory } from 'kafkajs';
import { socketsBy } from './sockets.js';

const server = createServer();

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());

const ours: ISocketFactory = ({ host, port, onConnect }) => connect({ host, port }, onConnect);

/** What is left of a socket after what kafkajs does for each send that gives up on a broker: Node warns when there are more than it may have. */
async function afterSends(factory: ISocketFactory): Promise<{ listeners: number; most: number }> {
  const { port } = server.address() as AddressInfo;
  const socket = await new Promise<Socket>((resolve) => {
    const made: Socket = factory({
      ...{ host: '127.0.0.1', port, ssl: null as never },
      onConnect: () => resolve(made),
    });
  });
  socket.destroy();
  await turn();
  for (let sends = 0; sends < 20; sends++) socket.unref();
  return { listeners: socket.listenerCount('connect'), most: socket.getMaxListeners() };
}

test('trap: each send that gives up on a broker leaves a listener on its socket', async () => {
  const { listeners } = await afterSends((args) => ours(args).setMaxListeners(100));
  expect(listeners).toBeGreaterThan(defaultMaxListeners);
});

test('which is no leak, whoever opens the socket: it may have any number', async () => {
  for (const factory of [socketsBy(), socketsBy(ours)]) {
    expect(await afterSends(factory)).toMatchObject({ most: 0 });
  }
});
