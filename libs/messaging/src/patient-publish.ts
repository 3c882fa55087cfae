import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerDown, type Broker, type OutgoingMessage } from './broker.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Publishes through an outage: tries again while the broker is down, until `until` (milliseconds since the epoch) or
 * until `signal` aborts. Errors: those of `Broker.publish`; `BrokerDown` when time is over.
 */
export async function publishPatiently(
  broker: Broker,
  topic: string,
  message: OutgoingMessage,
  patience: { until: number; signal?: AbortSignal },
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await broker.publish(topic, [message]);
    } catch (error) {
      const over = Date.now() + pause > patience.until || patience.signal?.aborted;
      if (!(error instanceof BrokerDown) || over) throw error;
      await sleep(pause);
    }
  }
}
