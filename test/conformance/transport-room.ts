import { randomUUID } from 'node:crypto';
import { firstValueFrom } from 'rxjs';
import { type Problem } from '#problem';
import {
  ExchangeClient,
  ExchangeServer,
  messageHeaders,
  topicSpecs,
  topics,
  type Broker,
  type ExchangeClientOptions,
  type ExchangeContext,
  type ExchangeServerOptions,
  type Faults,
  type TransportReport,
  type WireMessage,
} from '#messaging';

/** What a broker has to offer to be put through the transport's conformance suite. */
export interface TransportHarness {
  /** A connection of its own, as another process would have it. */
  connect(): Promise<Broker>;
  /** Accidents between the publisher's acknowledgement and the log. */
  faults: Pick<Faults, 'lose' | 'duplicate' | 'delay' | 'reorder' | 'clear' | 'subscribeMs'>;
  /** Broker outage and its end; what was acknowledged before survives. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Every record ever published to a topic, whole. */
  recorded(topic: string): Promise<readonly WireMessage[]>;
  close(): Promise<void>;
}

export type RequestHandler = (message: WireMessage, context: ExchangeContext) => unknown;

/** One test's agencies: topics of their own on a shared broker, and servers and clients that close when it ends. */
export class Room {
  static #count = 0;
  readonly #open: { close(): Promise<void> }[] = [];
  readonly request: string;
  readonly reply: string;
  readonly reports: TransportReport[] = [];

  private constructor(
    readonly harness: TransportHarness,
    readonly broker: Broker,
    readonly name: string,
  ) {
    this.request = topics.request(`${name}-provider`);
    this.reply = topics.reply(`${name}-requester`);
  }

  static async open(harness: TransportHarness): Promise<Room> {
    const room = new Room(harness, await harness.connect(), `room-${process.pid % 100_000}-${++Room.#count}`);
    const request = topicSpecs.request(`${room.name}-provider`);
    const specs = [request, topicSpecs.deadLetter(request.name), topicSpecs.reply(`${room.name}-requester`)];
    await room.broker.createTopics(specs);
    return room;
  }

  async serve(
    handler: RequestHandler,
    options: Partial<ExchangeServerOptions> = {},
  ): Promise<ExchangeServer> {
    const server = new ExchangeServer({
      broker: await this.harness.connect(),
      source: `${this.name}-provider/adapter/0`,
      routes: { 'exchange.request': { topic: this.request, group: 'adapter' } },
      report: (report) => this.reports.push(report),
      ...options,
    });
    for (const pattern of Object.keys(options.routes ?? { 'exchange.request': 0 })) {
      server.addHandler(
        pattern,
        (message, context: ExchangeContext) => Promise.resolve(handler(message as WireMessage, context)),
        pattern !== 'exchange.request',
      );
    }
    this.#open.unshift(server);
    await listening(server);
    return server;
  }

  async client(options: Partial<ExchangeClientOptions> = {}): Promise<ExchangeClient> {
    const client = new ExchangeClient({
      broker: await this.harness.connect(),
      reply: { topic: this.reply, partition: 0 },
      report: (report) => this.reports.push(report),
      drainMs: 500,
      ...options,
    });
    this.#open.unshift(client);
    return client;
  }

  ask(client: ExchangeClient, message: WireMessage): Promise<WireMessage> {
    return firstValueFrom(client.send<WireMessage>(this.request, message));
  }

  recorded(topic: string): Promise<readonly WireMessage[]> {
    return this.harness.recorded(topic);
  }

  async close(): Promise<void> {
    this.harness.faults.clear();
    for (const each of this.#open) await each.close();
  }
}

export function question(
  body: string | Uint8Array,
  deadlineMs = 5_000,
  key: string = randomUUID(),
): WireMessage {
  return {
    key,
    headers: messageHeaders({
      source: 'requester/gateway/0',
      type: 'exchange.request',
      subject: key,
      deadline: new Date(Date.now() + deadlineMs),
    }),
    value: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

export const echo: RequestHandler = ({ key, value }) => ({ key, headers: {}, value });

export const text = ({ value }: WireMessage): string => Buffer.from(value).toString();

/** The name of the Problem that a promise ends in. */
export async function problemOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no problem',
    (error: Problem) => error.problem ?? String(error),
  );
}

export async function eventually(holds: () => boolean, ms = 3_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function listening(server: ExchangeServer): Promise<void> {
  const failure = await new Promise<unknown>((resolve) => server.listen(resolve));
  if (failure instanceof Error) throw failure;
}

/** How a case gets its agencies. */
export type InRoom = () => Room;
