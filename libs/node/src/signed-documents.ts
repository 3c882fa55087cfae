import { createHash } from 'node:crypto';
import { topics, type BrokerSubscription, type Delivery } from '#messaging';
import { Problem } from '#problem';
import { type AgencyNode } from './node.js';

/**
 * Follows the compacted topics of signed registries and bundles. What they deliver is believed for its signature and number
 * alone; a document that is refused is noted in the security log and changes nothing. The registry comes first, because
 * the keys of the bundles stand in it.
 */
export async function followDocuments(node: AgencyNode): Promise<{ close(): Promise<void> }> {
  const subscriptions: BrokerSubscription[] = [];
  for (const { topic, take } of [
    { topic: topics.registry(), take: takeRegistry },
    { topic: topics.bundle(), take: takeBundle },
  ]) {
    const handler = (delivery: Delivery): Promise<void> =>
      take(node, delivery).catch((error: unknown) => refuse(node, delivery, error));
    const subscription = await node.broker.subscribe({ topic, replay: true }, handler);
    await subscription.caughtUp();
    subscriptions.push(subscription);
  }
  return {
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    },
  };
}

async function takeRegistry(node: AgencyNode, { value }: Delivery): Promise<void> {
  const note = Buffer.from(value).toString('utf8');
  if (!node.registry.offer(note)) return;
  await node.registryCopy.keep(note);
  node.logger.info('registry in force', { registry: node.registry.current.number });
}

async function takeBundle(node: AgencyNode, { key, value }: Delivery): Promise<void> {
  if (!(await node.bundles.offer(key, Buffer.from(value).toString('utf8')))) return;
  node.logger.info('bundle in force', { key, bundle: node.bundles.active(key)!.number });
}

/** A document of ours that is old, forged or unreadable; anything else (the database is down) is retried by the transport. */
function refuse(node: AgencyNode, delivery: Delivery, error: unknown): void {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  node.logger.warn('signed document refused', { topic: delivery.topic, problem: error.problem });
  node.security.record({
    code: error.problem,
    claimed: delivery.key,
    topic: delivery.topic,
    hash: createHash('sha256').update(delivery.value).digest(),
  });
}
