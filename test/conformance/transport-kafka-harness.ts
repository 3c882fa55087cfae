import { connect as tcp, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafka } from '#local-kafka';
import {
  Faults,
  type KafkaBroker,
  openKafkaBroker,
  type Broker,
  type BrokerSubscription,
  type DeliveryHandler,
  type OutgoingMessage,
  type Source,
  type TopicSpec,
  type WireMessage,
} from '#messaging';
import { type TransportHarness } from './transport-room.js';

/** The cable between this process and the brokers: `cut` breaks every connection and refuses new ones. */
export class Cable {
  readonly #sockets = new Set<Socket>();
  #whole = true;

  readonly socketFactory = (to: { host: string; port: number; onConnect: () => void }): Socket => {
    const socket = this.#whole ? tcp({ host: to.host, port: to.port }, to.onConnect) : refused(to);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  };

  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy(new Error('read ECONNRESET'));
  }

  mend(): void {
    this.#whole = true;
  }
}

function refused({ host, port }: { host: string; port: number }): Socket {
  const socket = new Socket();
  const error = Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), { code: 'ECONNREFUSED' });
  setImmediate(() => socket.destroy(error));
  return socket;
}

/** A real broker with accidents between it and the publisher's acknowledgement. */
class FaultyBroker implements Broker {
  constructor(
    private readonly broker: KafkaBroker,
    private readonly faults: Faults,
    private readonly lost: (topic: string, message: WireMessage) => () => void,
  ) {}

  createTopics(specs: readonly TopicSpec[]): Promise<void> {
    return this.broker.createTopics(specs);
  }

  partitions(topic: string): Promise<number> {
    return this.broker.partitions(topic);
  }

  /** What the faults let through at once is published as one call; what they hold back goes later, by itself. */
  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const now: OutgoingMessage[] = [];
    let late = false;
    for (const message of messages) {
      const copy = { ...message, headers: { ...message.headers }, value: Uint8Array.from(message.value) };
      const found = this.lost(topic, copy);
      this.faults.pass(topic, () => {
        found();
        if (late) void this.broker.publish(topic, [copy]).catch(() => undefined);
        else now.push(copy);
      });
    }
    late = true;
    await this.broker.publish(topic, now);
  }

  async subscribe(source: Source, handler: DeliveryHandler): Promise<BrokerSubscription> {
    if (this.faults.subscribeMs > 0) await sleep(this.faults.subscribeMs);
    return this.broker.subscribe(source, handler);
  }

  close(): Promise<void> {
    return this.broker.close();
  }
}

/** A Kafka of its own for one spec; every `connect` is a client of its own, as another process would have it. */
export async function kafkaHarness(dir: string): Promise<TransportHarness> {
  const kafka = await openKafka({
    dir,
    ephemeral: true,
    properties: { 'log.index.size.max.bytes': '65536' },
  });
  const cable = new Cable();
  const faults = new Faults();
  const open: KafkaBroker[] = [];
  /** Acknowledged, but never in Kafka, or not yet. */
  const lost = new Map<string, Set<WireMessage>>();
  const connect = async (): Promise<KafkaBroker> => {
    const broker = await openKafkaBroker({
      brokers: kafka.bootstrap,
      agency: 'agency',
      clientId: `agency/test/${open.length}`,
      socketFactory: cable.socketFactory,
    });
    open.push(broker);
    return broker;
  };
  const remember = (topic: string, { key, headers, value }: WireMessage) => {
    const message = { key, headers, value };
    const of = lost.get(topic) ?? new Set();
    lost.set(topic, of.add(message));
    return () => void of.delete(message);
  };
  const watcher = await connect();
  return {
    faults,
    connect: async () => new FaultyBroker(await connect(), faults, remember),
    stop: () => Promise.resolve(cable.cut()),
    start: () => Promise.resolve(cable.mend()),
    recorded: async (topic) => [...(await contentOf(watcher, topic)), ...(lost.get(topic) ?? [])],
    close: async () => {
      await Promise.all(open.map((broker) => broker.close()));
      await kafka.close();
    },
  };
}

/** All that lies in a topic, read from the broker itself. */
async function contentOf(broker: Broker, topic: string): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  const replay = await broker.subscribe(
    { topic, replay: true },
    ({ key, headers, value }) => void messages.push({ key, headers, value }),
  );
  await replay.caughtUp();
  await replay.close();
  return messages;
}
