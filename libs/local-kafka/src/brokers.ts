import { createConnection } from 'node:net';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { brokersUp, type KafkaConnection } from './answering.js';
import { brokerFiles, type Cluster } from './cluster.js';
import { type Kafka } from './format.js';
import { type Guard } from './guard.js';
import { javaArguments } from './java.js';

/** What the brokers of one cluster are run by. */
export interface Running {
  cluster: Cluster;
  kafka: Kafka;
  guard: Guard;
  /** How broker 1, 2 … alone is asked whether it is ready. */
  connection(broker: number): KafkaConnection;
  /** Loopback port for clients of broker 1, 2 … */
  port(broker: number): number;
}

/** Seconds on a machine with nothing else to do; a broker that is alive and still at it is not a broker that failed. */
const START_MS = 120_000;
const POLL_MS = 20;

/** Starts one prepared broker; resolves when it answers and says that all of `expected` are up. */
export async function startBroker(
  running: Running,
  broker: number,
  expected: readonly number[],
): Promise<void> {
  const { cluster, kafka, guard } = running;
  if (guard.pid(broker) !== undefined) return untilReady(running, broker, expected);
  const files = brokerFiles(cluster, broker);
  const args = javaArguments(kafka.lib, files.log, '512m', 'kafka.Kafka', files.properties);
  guard.start(broker, { command: kafka.java, args, out: files.out });
  await untilReady(running, broker, expected);
}

async function untilReady(running: Running, broker: number, expected: readonly number[]): Promise<void> {
  let reason: unknown;
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (running.guard.pid(broker) === undefined)
      throw await notReady(running, broker, 'ended while starting');
    if (!(await listens(running.port(broker)))) continue;
    const up = await brokersUp(running.connection(broker)).catch((error: unknown): number[] => {
      reason = error;
      return [];
    });
    if (expected.every((id) => up.includes(id))) return;
  }
  throw await notReady(running, broker, 'did not start in time', reason);
}

async function listens(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // not yet
  } finally {
    socket.destroy();
  }
}

async function notReady(
  { cluster }: Running,
  broker: number,
  what: string,
  cause?: unknown,
): Promise<Problem> {
  const lines = await lastLines(cluster, broker);
  return new Problem('transport-unavailable', { detail: `Kafka broker ${broker} ${what}: ${lines}`, cause });
}

/** What went wrong, as the JVM or the broker said it last. */
export async function lastLines(cluster: Pick<Cluster, 'dir'>, broker: number): Promise<string> {
  const { out, log } = brokerFiles(cluster, broker);
  const texts = await Promise.all([log, out].map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts
    .map((text) => text.trim().split('\n').slice(-12).join('\n'))
    .join('\n')
    .slice(-3_000);
}
