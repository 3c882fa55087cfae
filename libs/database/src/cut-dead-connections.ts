import { type Pool, type PoolClient } from 'pg';
import { isConnectionLost } from './connection-lost.js';

/**
 * Cuts connections from which no answer will come. A client that is given back as broken would else be ended politely: on a
 * pipelined connection node-postgres waits for the answers under way, which a peer that is gone never gives, and the socket
 * stays, and with it what the server's session holds. When a connection was lost, those that lie idle went the same way: a
 * firewall that forgot one flow has forgotten the others, and each would cost another statement its whole time.
 */
export function cutDeadConnections(pool: Pool): void {
  const idle = new Set<PoolClient>();
  const notIdle = (client: PoolClient): void => void idle.delete(client);
  pool.on('acquire', notIdle);
  pool.on('remove', notIdle);
  pool.on('release', (error: unknown, client) => {
    const isLost = isConnectionLost(error);
    if (isLost || error === true) cut(client);
    if (isLost) idle.forEach(loseIdle);
    if (!error) idle.add(client);
  });
}

/** Told as any loss is, before the socket itself tells: the pool takes it out at once, and hands it to nobody. */
function loseIdle(client: PoolClient): void {
  client.emit('error', new Error('Connection terminated with another one'));
  cut(client);
}

function cut({ connection }: PoolClient): void {
  connection.stream.destroy();
}
