import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls';
import { type ISocketFactory, type ISocketFactoryArgs } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/**
 * Opens the sockets of a kafkajs client, as kafkajs does it by itself, or by `open`. Every send that gives up on a broker
 * makes kafkajs call `unref` on that broker's socket, and Node gives one that has no connection a listener for each call:
 * from the eleventh on it would warn of a leak. They go with the socket, so there is none.
 */
export function socketsBy(open: ISocketFactory = openSocket): ISocketFactory {
  return (args) => open(args).setMaxListeners(0);
}

/** kafkajs gives `null` where there is no TLS. */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const secure = ssl as ConnectionOptions | null | undefined;
  const socket = secure
    ? connectSecurely({ host, port, ...(!isIP(host) && { servername: host }), ...secure }, onConnect)
    : connect({ host, port }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}
