import { createHash } from 'node:crypto';
import { topics, type BrokerSubscription, type Delivery } from '#messaging';
import { Problem } from '#problem';
import { type AgencyNode } from './node.js';
import { type Observer } from './observer.js';
import { RegistryRecorder } from './registry-recorder.js';

/** Ends the following. */
export interface Following {
  close(): Promise<void>;
}

/**
 * Follows the compacted topics of signed registries and bundles. What they deliver is believed for its signature and number
 * alone; a document that is refused is noted in the security log and changes nothing. The registry comes first, because
 * the keys of the bundles stand in it; which one is in force, the node's log says.
 * @throws Problem as `LogWriter.append`, when the registry in force cannot be recorded
 */
export async function followDocuments(node: AgencyNode): Promise<Following> {
  const recorder = new RegistryRecorder(node);
  await recorder.record();
  const registry = await follow(node, topics.registry(), async (delivery) => {
    await takeRegistry(node, delivery);
    await recorder.record(); // what could not be recorded is recorded when the transport delivers again
  });
  const bundles = await follow(node, topics.bundle(), (delivery) => takeBundle(node, delivery));
  return {
    close: async () => {
      await Promise.all([registry.close(), bundles.close()]);
    },
  };
}

/** Follows the registry alone: what a process needs that asks and answers nothing. */
export function followRegistry(observer: Observer): Promise<Following> {
  return follow(observer, topics.registry(), (delivery) => takeRegistry(observer, delivery));
}

async function follow(
  observer: Observer,
  topic: string,
  take: (delivery: Delivery) => Promise<void>,
): Promise<BrokerSubscription> {
  const subscription = await observer.broker.subscribe({ topic, replay: true }, (delivery) =>
    take(delivery).catch((error: unknown) => refuse(observer, delivery, error)),
  );
  await subscription.caughtUp();
  return subscription;
}

/** Kept also when it is in force already: where keeping failed before, the transport delivers again. */
async function takeRegistry(
  { registry, registryCopy, logger }: Observer,
  { value }: Delivery,
): Promise<void> {
  const note = Buffer.from(value).toString('utf8');
  const changed = registry.offer(note);
  const { number } = registry.current;
  await registryCopy.keep(note, number);
  if (changed) logger.info('registry in force', { registry: number });
}

async function takeBundle(node: AgencyNode, { key, value }: Delivery): Promise<void> {
  if (!(await node.bundles.offer(key, Buffer.from(value).toString('utf8')))) return;
  node.logger.info('bundle in force', { key, bundle: node.bundles.active(key)!.number });
}

/** A document of ours that is old, forged or unreadable; anything else (the database is down) is retried by the transport. */
function refuse(observer: Observer, delivery: Delivery, error: unknown): void {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  observer.logger.warn('signed document refused', { topic: delivery.topic, problem: error.problem });
  observer.security.record({
    code: error.problem,
    claimed: delivery.key,
    topic: delivery.topic,
    hash: createHash('sha256').update(delivery.value).digest(),
  });
}
