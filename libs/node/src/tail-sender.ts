import { type Tail, type PeerLogs } from '#evidence';
import { type Sealer } from '#envelope';
import { topics, type Broker } from '#messaging';
import { type Logger } from '#observability';
import { type NodeSettings } from './node-settings.js';
import { encodeTail } from './tail.js';

/** Tails not yet sent; beyond it the oldest go, and the monitor pulls what it misses. */
const BACKLOG = 1_000;

/**
 * Sends the leaves of every group commit with their signed checkpoint to the monitor, in order, and with them the newest
 * checkpoint seen of every peer (design, idea 3). Losing one loses nothing: the monitor takes only the next index and pulls
 * the rest from the node's audit server.
 */
export class TailSender {
  private queue: Tail[] = [];
  private sending: Promise<void> | undefined;
  private closed = false;
  /** Tails that were not sent; the monitor pulls them. */
  lost = 0;

  constructor(
    private readonly parts: { settings: NodeSettings; broker: Broker; logger: Logger; clock: () => number },
    private readonly origin: string,
    private readonly sealer: Sealer,
    private readonly peers: PeerLogs,
  ) {}

  /** Never waits and never throws: the entry is recorded whatever becomes of its tail. */
  offer(tail: Tail): void {
    this.queue.push(tail);
    if (this.queue.length > BACKLOG) {
      this.queue.shift();
      this.lost += 1;
    }
    this.sending ??= this.drain().finally(() => (this.sending = undefined));
  }

  get waiting(): number {
    return this.queue.length;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let tail = this.queue.shift(); tail; tail = this.queue.shift()) {
      try {
        await this.send(tail);
      } catch (error) {
        this.lost += 1;
        this.parts.logger.warn('tail not sent, the monitor will pull it', { origin: this.origin }, error);
        if (this.closed) return;
      }
    }
  }

  private async send(tail: Tail): Promise<void> {
    const { settings, broker } = this.parts;
    const message = await this.sealer.sealTail({
      topic: topics.tail(),
      origin: this.origin,
      to: settings.monitor,
      body: encodeTail({ ...tail, seen: this.peers.newest() }),
    });
    await broker.publish(topics.tail(), [message]);
  }
}
