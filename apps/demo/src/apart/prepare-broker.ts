import { type Agency } from '#contracts';
import { type LocalKafka } from '#local-kafka';
import {
  agenciesOf,
  applyAcls,
  messageHeaders,
  openKafkaBroker,
  provinceAcls,
  provinceRoles,
  provinceTopics,
  topics,
} from '#messaging';
import { PROVINCE } from '../province/province-agency.js';

/** What the province's administrator does once: makes the topics, lets each agency do what is its own, publishes the registry. */
export async function prepareBroker(
  kafka: LocalKafka,
  agencies: readonly Agency[],
  replication: number,
  registryNote: string,
): Promise<void> {
  const roles = provinceRoles(agencies);
  const admin = { ...kafka.access(), replication, agency: PROVINCE, clientId: `${PROVINCE}/admin` };
  const broker = await openKafkaBroker(admin);
  try {
    await broker.createTopics(provinceTopics(roles));
    if (kafka.users) await applyAcls(kafka.access(), agenciesOf(roles), provinceAcls(roles));
    const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
    await broker.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(registryNote) }]);
  } finally {
    await broker.close();
  }
}
