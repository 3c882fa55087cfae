import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type BrokerPorts } from './broker-properties.js';

/** Below where systems take ports for outgoing connections (32768 on Linux): a broker that is down keeps its port free. */
const FROM = 15_000;
const TO = 32_000;

/** Free loopback ports for each broker; `clients` fixes those that clients see. */
export async function choosePorts(brokers: number, clients?: readonly number[]): Promise<BrokerPorts[]> {
  const taken = new Set(clients);
  const next = async () => {
    for (;;) {
      const port = randomInt(FROM, TO);
      if (!taken.has(port) && (await isFree(port))) return taken.add(port) && port;
    }
  };
  const ports: BrokerPorts[] = [];
  for (let i = 0; i < brokers; i += 1) {
    const client = clients?.[i] ?? (await next());
    ports.push({ client, controller: await next(), internal: await next() });
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return true;
  } catch {
    return false; // in use, which is an answer
  } finally {
    probe.close();
  }
}
