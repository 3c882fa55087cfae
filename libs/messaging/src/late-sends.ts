import { recordBytes, type OutgoingMessage } from './broker.js';
import { publishPatiently } from './patient-publish.js';
import { reportOf } from './transport-report.js';
import { type Workbench } from './workbench.js';

/** How long after its deadline a reply is still of use: its asker may say until then that it came (design: Binding). */
const USEFUL_MS = 10 * 60_000;
/** What waits together, in replies and in bytes; what comes above is lost at once. */
const [MOST, MOST_BYTES] = [1_000, 32 * 1024 * 1024];

interface Waiting {
  reply: OutgoingMessage;
  until: number;
}

/**
 * Replies with a body whose deadline passed before the broker took them, or for which it had no room. What they say was disclosed, and their asker has to
 * learn of it, though nobody waits for it. They hold up no work: one at a time for each topic, in the order that they came.
 */
export class LateSends {
  readonly #queues = new Map<string, Waiting[]>();
  #count = 0;
  #bytes = 0;

  constructor(private readonly bench: Pick<Workbench, 'broker' | 'counts' | 'report' | 'stopping'>) {}

  /** @param deadline milliseconds since the epoch. @returns whether there was room for it */
  offer(topic: string, reply: OutgoingMessage, deadline: number): boolean {
    const bytes = this.#bytes + recordBytes(reply);
    if (this.bench.stopping.aborted || this.#count >= MOST || bytes > MOST_BYTES) return false;
    this.#count += 1;
    this.#bytes = bytes;
    const waiting = { reply, until: deadline + USEFUL_MS };
    const queue = this.#queues.get(topic);
    if (queue) queue.push(waiting);
    else {
      const begun = [waiting];
      this.#queues.set(topic, begun);
      void this.#drain(topic, begun);
    }
    return true;
  }

  async #drain(topic: string, queue: Waiting[]): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) {
      await this.#send(topic, next);
      this.#count -= 1;
      this.#bytes -= recordBytes(next.reply);
    }
    this.#queues.delete(topic);
  }

  async #send(topic: string, { reply, until }: Waiting): Promise<void> {
    const { broker, counts, report, stopping } = this.bench;
    try {
      await publishPatiently(broker, topic, reply, { until, signal: stopping, forRoom: true });
      counts.answered++;
    } catch (error) {
      counts.replyLost++;
      report(reportOf('reply-lost', topic, error));
    }
  }
}
