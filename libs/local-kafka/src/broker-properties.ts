import { brokerFiles, type Cluster, sharedFiles } from './cluster.js';

/** TCP ports of one broker, all on loopback. */
export interface BrokerPorts {
  client: number;
  controller: number;
  /** Between brokers; used by secure clusters only. */
  internal: number;
}

/** Not an agency: makes topics and rules. */
export const ADMIN = 'admin';
/** The subject of the brokers' own certificate. */
export const BROKER_NAME = 'CN=broker';

/** Kafka's principals that no rule binds. */
export const SUPER_USERS = [`User:${ADMIN}`, `User:${BROKER_NAME}`];

const HOST = '127.0.0.1';

/**
 * `server.properties` of broker `id` (1, 2 …): broker and controller in one process, a static quorum, small and quick to fail
 * over, because it is there for tests and demonstrations; what is durable in Kafka stays so.
 *
 * @param own settings that go before these
 */
export function brokerProperties(
  cluster: Cluster,
  ports: readonly BrokerPorts[],
  id: number,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const replicas = String(cluster.brokers);
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': ports.map(({ controller }, i) => `${i + 1}@${HOST}:${controller}`).join(','),
    'log.dirs': brokerFiles(cluster, id).data,
    ...listeners(cluster, ports[id - 1] as BrokerPorts),
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': cluster.brokers === 1 ? '1' : '2',
    ...internalTopics(replicas),
    ...QUICK,
    ...SMALL,
    ...own,
  };
}

function listeners(cluster: Cluster, ports: BrokerPorts): Record<string, string> {
  const client = `CLIENT://${HOST}:${ports.client}`;
  const controller = `CONTROLLER://${HOST}:${ports.controller}`;
  const internal = `INTERNAL://${HOST}:${ports.internal}`;
  if (!cluster.users) {
    return {
      listeners: `${client},${controller}`,
      'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'CLIENT',
      'controller.listener.names': 'CONTROLLER',
    };
  }
  return {
    listeners: `${client},${internal},${controller}`,
    'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    ...security(cluster),
  };
}

/** Clients log in with a password; brokers know each other by their certificate, which SCRAM cannot do before it has started. */
function security(cluster: Cluster): Record<string, string> {
  const { keystore, ca } = sharedFiles(cluster);
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keystore,
    'ssl.keystore.password': cluster.password('keystore'),
    'ssl.key.password': cluster.password('keystore'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'listener.name.internal.ssl.client.auth': 'required',
    'listener.name.controller.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.client.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': SUPER_USERS.join(';'),
  };
}

function internalTopics(replicas: string): Record<string, string> {
  const least = replicas === '1' ? '1' : '2';
  return {
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': least,
    'share.coordinator.state.topic.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': least,
  };
}

/** A group forms at once; a dead broker is noticed in three seconds, a dead controller in one. */
const QUICK = {
  'group.initial.rebalance.delay.ms': '0',
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'controller.quorum.election.timeout.ms': '500',
  'controller.quorum.fetch.timeout.ms': '1000',
};

const SMALL = {
  'num.network.threads': '2',
  'num.io.threads': '4',
  'log.cleaner.dedupe.buffer.size': '8388608',
};
