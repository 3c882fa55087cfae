import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How bytes get through: at once, not at all, or a few at a time. Refused: nobody takes a connection. */
export type Road = 'open' | 'closed' | 'dripping' | 'refused';

const DRIP_BYTES = 8;
const DRIP_MS = 100;

/**
 * A way to a server, for one that hangs or drips: what a network, a firewall or a wedged machine does to a connection. What is
 * held back goes on, in order, once the road is open again.
 */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private readonly forgotten = new WeakSet<Socket>();
  private road: Road = 'open';
  private changed = Promise.withResolvers<void>();

  private constructor(private readonly server: Server) {}

  /** Opens a way to an address; `target` may be told later: it is asked at each connection. */
  static async open(target: () => { host: string; port: number }): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('connection', (client) => proxy.join(client, target()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same URL by way of this proxy. */
  urlOf(url: string): string {
    const own = new URL(url);
    [own.hostname, own.port] = ['127.0.0.1', String(this.port)];
    return own.href;
  }

  set(road: Road): void {
    this.road = road;
    this.changed.resolve();
    this.changed = Promise.withResolvers();
    if (road === 'refused') for (const socket of this.sockets) socket.destroy();
  }

  /** A firewall forgets the flows under way: nothing of them goes on, neither end is told, not even of the other's end; new ones work. */
  forget(): void {
    for (const socket of this.sockets) this.forgotten.add(socket);
  }

  async close(): Promise<void> {
    this.set('refused');
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, { host, port }: { host: string; port: number }): void {
    if (this.road === 'refused') return void client.destroy();
    const server = connect(port, host);
    this.pass(client, server);
    this.pass(server, client);
  }

  private pass(from: Socket, to: Socket): void {
    this.sockets.add(from);
    let before: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes) => {
      from.pause(); // one piece at a time: what is held is not kept here
      before = before
        .then(() => (this.forgotten.has(from) ? undefined : this.carry(bytes, to)))
        .finally(() => from.resume());
    });
    const told = (end: () => void): void => {
      if (!this.forgotten.has(from)) end();
    };
    from.on('error', () => told(() => to.destroy()));
    from.on('end', () => void before.then(() => told(() => to.end())));
    from.on('close', () => {
      this.sockets.delete(from);
      told(() => to.destroy());
    });
  }

  private async carry(bytes: Buffer, to: Socket): Promise<void> {
    for (let at = 0; at < bytes.length && !to.destroyed;) {
      if (this.road === 'closed') await this.changed.promise;
      else if (this.road === 'dripping') {
        await Promise.race([sleep(DRIP_MS), this.changed.promise]);
        to.write(bytes.subarray(at, (at += DRIP_BYTES)));
      } else {
        to.write(bytes.subarray(at));
        return;
      }
    }
  }
}
