import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { BrokerDown, type Broker, type OutgoingMessage } from './broker.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** How long a publisher waits. */
interface Patience {
  /** Milliseconds since the epoch. */
  until: number;
  signal?: AbortSignal;
  /** While there is no room for it (`overloaded`), too: during an outage others fill it. */
  forRoom?: boolean;
}

/**
 * Publishes through an outage: tries again while the broker is down, until `until` or until `signal` aborts. Errors: those of
 * `Broker.publish`; `BrokerDown` (with `forRoom` also `overloaded`) when time is over.
 */
export async function publishPatiently(
  broker: Broker,
  topic: string,
  message: OutgoingMessage,
  patience: Patience,
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await broker.publish(topic, [message]);
    } catch (error) {
      const over = Date.now() + pause > patience.until || patience.signal?.aborted;
      if (!isPassing(error, patience) || over) throw error;
      await sleep(pause);
    }
  }
}

function isPassing(error: unknown, { forRoom = false }: Patience): boolean {
  return error instanceof BrokerDown || (forRoom && isNoRoom(error));
}

/** Whether the broker had no room for it in time: the same call may succeed later. */
export function isNoRoom(error: unknown): boolean {
  return error instanceof Problem && error.problem === 'overloaded';
}
