import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** So many ports of the loopback that nobody listens on now. A process that is started again is found where it was. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(async (server) => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return (server.address() as AddressInfo).port;
      }),
    );
  } finally {
    for (const server of servers) server.close();
  }
}
