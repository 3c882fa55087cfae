import { setTimeout as sleep } from 'node:timers/promises';
import { type Tail, type PeerLogs } from '#evidence';
import { type Sealer } from '#envelope';
import { topics, type Broker } from '#messaging';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { type NodeSettings } from './node-settings.js';
import { encodeTail } from './tail.js';

/** Tails not yet sent; beyond it the oldest go, and the monitor pulls what it misses. */
const BACKLOG = 1_000;
/** Lines that tails waiting behind each other are joined up to, bytes: as many as a group commit may bring by itself. */
const JOINED_BYTES = 256 * 1024;
/** Between two tries to send one, milliseconds. */
const AGAIN_MS = 500;

export interface TailSenderParts {
  settings: Pick<NodeSettings, 'monitor'>;
  broker: Pick<Broker, 'publish'>;
  logger: Pick<Logger, 'warn'>;
}

/**
 * Sends the leaves of every group commit with their signed checkpoint to the monitor, in order, and with them the newest
 * checkpoint seen of every peer (design, idea 3). What is committed while one is under way waits and goes as one, under the
 * last checkpoint; through an outage it waits, so that the mirror is whole as soon as the broker is back. Losing one loses
 * nothing: the monitor takes only the next index and pulls the rest from the node's audit server.
 */
export class TailSender {
  private queue: Tail[] = [];
  private sending: Promise<void> | undefined;
  private readonly closing = new AbortController();
  /** Tails that were not sent; the monitor pulls them. */
  lost = 0;

  constructor(
    private readonly parts: TailSenderParts,
    private readonly origin: string,
    private readonly sealer: Pick<Sealer, 'sealTail'>,
    private readonly peers: Pick<PeerLogs, 'newest'>,
  ) {}

  /** Never waits and never throws: the entry is recorded whatever becomes of its tail. */
  offer(tail: Tail): void {
    const last = this.queue.at(-1);
    if (last && mayJoin(last, tail)) this.queue[this.queue.length - 1] = joined(last, tail);
    else this.queue.push(tail);
    if (this.queue.length > BACKLOG) {
      this.queue.shift();
      this.lost += 1;
    }
    this.sending ??= this.drain().finally(() => (this.sending = undefined));
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Tries what waits once more, then gives it up. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let tail = this.queue.shift(); tail; tail = this.queue.shift()) {
      if (await this.deliver(tail)) continue;
      this.lost += 1;
      if (!this.closing.signal.aborted) continue;
      this.lost += this.queue.length;
      this.queue = [];
    }
  }

  /** Whether it was sent: tried again for as long as another try may fare better. */
  private async deliver(tail: Tail): Promise<boolean> {
    const { signal } = this.closing;
    for (let told = false; ; told = true) {
      const last = signal.aborted;
      try {
        await this.send(tail);
        return true;
      } catch (error) {
        if (!told) this.parts.logger.warn('tail not sent', { origin: this.origin }, error);
        if (last || !isPassing(error)) return false;
      }
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
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

function mayJoin(last: Tail, { from, lines }: Tail): boolean {
  const bytes = [...last.lines, ...lines].reduce((sum, line) => sum + line.length, 0);
  return last.from + last.lines.length === from && bytes <= JOINED_BYTES;
}

function joined({ origin, from, lines }: Tail, { lines: more, checkpoint }: Tail): Tail {
  return { origin, from, lines: [...lines, ...more], checkpoint };
}

/** A broker that is away, or a monitor whose key is not registered yet. */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && ['transport-unavailable', 'overloaded'].includes(error.problem);
}
