import { mkdtemp } from 'node:fs/promises';
import { connect as tcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import { openKafka, type LocalKafka } from '#local-kafka';
import { openKafkaBroker, type KafkaBroker, type KafkaBrokerOptions, type TopicSpec } from '../index.js';

/** The broker of this spec file, once `useKafka` has started it. */
export let kafka: LocalKafka;
export const open: KafkaBroker[] = [];
export const text = ({ value }: { value: Uint8Array }) => Buffer.from(value).toString();
export const message = (body: string, partition = 0) => ({
  key: 'k',
  headers: {},
  value: Buffer.from(body),
  partition,
});
export const bodies = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

export async function broker(options: Partial<KafkaBrokerOptions> = {}): Promise<KafkaBroker> {
  const made = await openKafkaBroker({
    brokers: kafka.bootstrap,
    agency: 'agency',
    clientId: `agency/test/${open.length}`,
    report: () => undefined,
    ...options,
  });
  open.push(made);
  return made;
}

let count = 0;
export async function topic(partitions = 1): Promise<string> {
  const spec = specOf(`topic-${++count}`, partitions);
  await (await broker()).createTopics([spec]);
  return spec.name;
}

export function specOf(name: string, partitions: number): TopicSpec {
  return { name, partitions, retentionMs: 600_000, cleanup: 'delete', maxMessageBytes: 100_000, key: 'k' };
}

/** What an operator does beside us. */
export async function asOperator<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ ...kafka.connection(), logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

/** Takes a topic away and makes it anew, empty, as it is when its cluster is lost and rebuilt. */
export async function remake(name: string): Promise<void> {
  const partitions = await (await broker()).partitions(name);
  await asOperator((admin) => admin.deleteTopics({ topics: [name] }));
  await (await broker()).createTopics([specOf(name, partitions)]);
}

export async function eventually(holds: () => boolean, ms = 5_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await sleep(5)) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${holds.toString()}`);
  }
}

/** A process whose network falls silent, as after kill -9: nothing is sent, nothing is said goodbye. */
export function mortal() {
  const sockets = new Set<Socket>();
  let dead = false;
  const socketFactory: NonNullable<KafkaBrokerOptions['socketFactory']> = ({ host, port, onConnect }) => {
    const socket = tcp({ host, port: dead ? 1 : port }, onConnect);
    sockets.add(socket);
    return socket;
  };
  const die = () => {
    dead = true;
    for (const socket of sockets) socket.destroy(new Error('read ECONNRESET'));
    sockets.clear();
  };
  return { socketFactory, die, revive: () => void (dead = false) };
}

/** One Kafka for a spec file; brokers opened in a test close when it ends. */
export function useKafka(brokers: 1 | 3 = 1): void {
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kafka-readers-'));
    kafka = await openKafka({ dir, brokers, ephemeral: true });
  }, 90_000 * brokers);
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  afterAll(() => kafka.close());
}
