import { setTimeout as sleep } from 'node:timers/promises';
import { type PeerLogs, type SignedCheckpoint, type Tail } from '#evidence';
import { type Sealer } from '#envelope';
import { topics, type Broker } from '#messaging';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { type NodeSettings } from './node-settings.js';
import { encodeTail } from './tail.js';

/** Bytes of lines not yet sent; beyond it the oldest go, and the monitor pulls what it misses. */
const BACKLOG_BYTES = 32 * 1024 * 1024;
/** Lines that tails waiting behind each other are joined up to, bytes: as many as a group commit may bring by itself. */
const JOINED_BYTES = 256 * 1024;
/** Between two tries to send one, milliseconds. */
const AGAIN_MS = 500;

export interface TailSenderParts {
  settings: Pick<NodeSettings, 'monitor'>;
  broker: Pick<Broker, 'publish'>;
  logger: Pick<Logger, 'warn'>;
}

/** A tail not yet sent, with the bytes of its lines. */
interface Waiting {
  tail: Tail;
  bytes: number;
}

/**
 * Sends the leaves of every group commit with their signed checkpoint to the monitor, in order, and with them the newest
 * checkpoint seen of every peer (design, idea 3). What is committed while one is under way waits and goes as one, under the
 * last checkpoint; through an outage it waits, so that the mirror is whole as soon as the broker is back. Losing one loses
 * nothing: the monitor takes only the next index and pulls the rest from the node's audit server.
 */
export class TailSender {
  private queue: Waiting[] = [];
  private bytes = 0;
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
    const bytes = tail.lines.reduce((sum, line) => sum + line.length, 0);
    const last = this.queue.at(-1);
    if (last && mayJoin(last, tail, bytes)) this.queue[this.queue.length - 1] = joined(last, tail, bytes);
    else this.queue.push({ tail, bytes });
    this.bytes += bytes;
    while (this.bytes > BACKLOG_BYTES && this.queue.length > 1) {
      this.next();
      this.lost += 1;
    }
    this.sending ??= this.drain().finally(() => (this.sending = undefined));
  }

  /**
   * Tells how far the log is, without a line: what a process before this one committed and, killed, did not send is pulled now
   * and not only missed at the next commit.
   */
  announce(checkpoint: SignedCheckpoint): void {
    const { origin, size } = checkpoint;
    if (size > 0) this.offer({ origin, from: size, lines: [], checkpoint });
  }

  /** Tails not yet sent; what was committed while one waited counts as one. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Tries what waits once more, then gives it up. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let tail = this.next(); tail; tail = this.next()) {
      if (await this.deliver(tail)) continue;
      this.lost += 1;
      if (!this.closing.signal.aborted) continue;
      this.lost += this.queue.length;
      [this.queue, this.bytes] = [[], 0];
    }
  }

  private next(): Tail | undefined {
    const next = this.queue.shift();
    this.bytes -= next?.bytes ?? 0;
    return next?.tail;
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

function mayJoin(last: Waiting, { from }: Tail, bytes: number): boolean {
  return last.tail.from + last.tail.lines.length === from && last.bytes + bytes <= JOINED_BYTES;
}

function joined({ tail: { origin, from, lines }, bytes }: Waiting, next: Tail, more: number): Waiting {
  const tail = { origin, from, lines: [...lines, ...next.lines], checkpoint: next.checkpoint };
  return { tail, bytes: bytes + more };
}

/** A broker that is away, or a monitor whose key is not registered yet. */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && ['transport-unavailable', 'overloaded'].includes(error.problem);
}
