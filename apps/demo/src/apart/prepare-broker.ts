import { type Agency } from '#contracts';
import { applyAcls, provinceAcls, type LocalKafka } from '#local-kafka';
import { messageHeaders, openKafkaBroker, provinceTopics, topics } from '#messaging';
import { PROVINCE } from '../province/province-agency.js';

const ADMIN = 'admin';

/** What the province's administrator does once: makes the topics, lets each agency do what is its own, publishes the registry. */
export async function prepareBroker(
  kafka: LocalKafka,
  agencies: readonly Agency[],
  replication: number,
  registryNote: string,
): Promise<void> {
  const providers = agencies.filter(({ provides }) => provides.length > 0).map(({ id }) => id);
  const requesters = agencies.map(({ id }) => id);
  const { bootstrap: brokers, ca, users } = kafka;
  const broker = await openKafkaBroker({
    ...{ brokers, replication, agency: PROVINCE, clientId: `${PROVINCE}/admin` },
    ...(ca !== undefined && { ssl: { ca } }),
    ...(users && { sasl: { username: ADMIN, password: users[ADMIN]! } }),
  });
  try {
    await broker.createTopics(provinceTopics({ providers, requesters }));
    if (users) {
      const rules = provinceAcls({ providers, requesters, monitor: PROVINCE });
      await applyAcls(kafka.connection(ADMIN), requesters, rules);
    }
    const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
    await broker.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(registryNote) }]);
  } finally {
    await broker.close();
  }
}
