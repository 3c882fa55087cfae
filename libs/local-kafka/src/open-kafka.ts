import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type KafkaAccess } from '#messaging';
import { Problem } from '#problem';
import { type KafkaConnection } from './answering.js';
import { ADMIN, type BrokerPorts, brokerProperties } from './broker-properties.js';
import { lastLines, type Running, startBroker } from './brokers.js';
import { makeCertificate } from './certificate.js';
import { type Cluster, openCluster, sharedFiles } from './cluster.js';
import { type Kafka, prepareBroker } from './format.js';
import { Guard } from './guard.js';
import { kafkaJars } from './jars.js';
import { choosePorts } from './ports.js';
import { findTools } from './tools.js';
import { untilVacant } from './vacant.js';

export interface KafkaOptions {
  /** The cluster's folder; made when missing, opened again when it holds a cluster of the same shape. */
  dir: string;
  /** One broker, or three with every topic on all of them. Default 1. */
  brokers?: 1 | 3;
  /**
   * SASL_SSL with SCRAM-SHA-512, and nobody may do anything but `admin`: rules are given with `applyAcls` of #messaging. `users` are the
   * other names that may log in. Absent or false: no passwords, no rules.
   */
  secure?: { users: readonly string[] } | false;
  /** One client port for each broker, on loopback. Default: free ones. */
  ports?: readonly number[];
  /** Broker settings that go before those of `broker-properties.ts`. */
  properties?: Readonly<Record<string, string>>;
  /** The folder is removed by `close` and when this process ends, kill -9 included. */
  ephemeral?: boolean;
  /** Told when a broker ends that nobody has stopped or killed. */
  onCrash?: (broker: number, lastLines: string) => void;
}

/** A running Apache Kafka of one's own. Brokers are named by their node id: 1, or 1 to 3, as Kafka's metadata names them. */
export interface LocalKafka {
  /** `host:port` of each broker. */
  readonly bootstrap: readonly string[];
  /** Secure: the certificate that clients trust, PEM, and its file. */
  readonly ca?: string;
  readonly caFile?: string;
  /** Secure: each user's password, `admin` included. */
  readonly users?: Readonly<Record<string, string>>;
  /** Options for `new Kafka({ … })` of kafkajs; secure: as this user. Default `admin`. */
  connection(user?: string): KafkaConnection;
  /** The same for the transport's own broker. */
  access(user?: string): KafkaAccess;
  /** Process id of a broker's JVM; `undefined` when it is down. */
  pid(broker: number): number | undefined;
  /** SIGKILL; resolves when it is gone. */
  kill(broker: number): Promise<void>;
  /** Orderly; resolves when it is gone. */
  stop(broker: number): Promise<void>;
  /** Again, with its port and data; resolves when it answers. Without a majority of three it cannot: start them together. */
  start(broker: number): Promise<void>;
  /** Stops all brokers. */
  close(): Promise<void>;
}

const PORT_ATTEMPTS = 5;

/**
 * Starts Apache Kafka (KRaft, loopback only) from `pom.xml`, under `kafka-guard.mjs`: however this process ends, no broker stays behind.
 * Java and Maven are installed when they may be (see `findTools`); jars are brought once.
 *
 * @throws Problem `config-invalid` (impossible options, a folder of another shape), `transport-unavailable` (Java or Maven
 *   missing, no jars, a broker that does not start: the last lines of its log are in `detail`)
 */
export async function openKafka(options: KafkaOptions): Promise<LocalKafka> {
  const { brokers = 1, secure = false, ports } = options;
  check(brokers, ports);
  const users = secure ? [...new Set([ADMIN, ...secure.users])] : undefined;
  for (const user of users ?? []) checkUser(user);
  const [tools, lib] = await Promise.all([findTools(secure ? ['java', 'keytool'] : ['java']), kafkaJars()]);
  const dir = resolve(options.dir);
  const { guard: pidFile } = sharedFiles({ dir });
  await untilVacant(pidFile);
  const cluster = await openCluster(dir, { brokers, users });
  const guard = new Guard({ pidFile, ...(options.ephemeral && { remove: dir }) });
  try {
    if (secure) await makeCertificate(cluster, tools.keytool);
    return await startAll(cluster, { java: tools.java, lib }, guard, options);
  } catch (error) {
    await guard.close();
    throw error;
  }
}

function check(brokers: number, ports: readonly number[] | undefined): void {
  if (brokers !== 1 && brokers !== 3) throw invalid('brokers', 'one broker or three');
  if (!ports) return;
  const fit = ports.length === brokers && new Set(ports).size === brokers;
  if (!fit || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535)) {
    throw invalid('ports', 'a different port from 1 to 65535 for each broker');
  }
}

/** Not what Kafka's format tool would read as its own syntax. */
function checkUser(user: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(user))
    throw invalid('users', 'letters, digits and . _ - only');
}

function invalid(field: string, detail: string): Problem {
  return new Problem('config-invalid', { field, detail: `${field}: ${detail}` });
}

/** Another program may take a port between its choice and its use: then other ports are tried, unless the caller chose them. */
async function startAll(
  cluster: Cluster,
  kafka: Kafka,
  guard: Guard,
  options: KafkaOptions,
): Promise<LocalKafka> {
  const ids = Array.from({ length: cluster.brokers }, (_, index) => index + 1);
  const ca = cluster.users && (await readFile(sharedFiles(cluster).ca, 'utf8'));
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(cluster.brokers, options.ports);
    const running = runningOn(cluster, kafka, guard, ports, ca);
    try {
      await Promise.all(
        ids.map((id) =>
          prepareBroker(cluster, id, brokerProperties(cluster, ports, id, options.properties ?? {}), kafka),
        ),
      );
      await Promise.all(ids.map((id) => startBroker(running, id, ids)));
      return localKafka(running, ids, ca, options);
    } catch (error) {
      await Promise.all(ids.map((id) => guard.end(id, 'kill')));
      const said = await Promise.all(ids.map((id) => lastLines(cluster, id)));
      const taken = said.some((lines) => lines.includes('Address already in use'));
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function runningOn(
  cluster: Cluster,
  kafka: Kafka,
  guard: Guard,
  ports: readonly BrokerPorts[],
  ca: string | undefined,
): Running {
  const port = (broker: number) => (ports[broker - 1] as BrokerPorts).client;
  const connection = (broker: number) => connectionTo(cluster, [`127.0.0.1:${port(broker)}`], ca, ADMIN);
  return { cluster, kafka, guard, port, connection };
}

function connectionTo(
  cluster: Cluster,
  brokers: readonly string[],
  ca: string | undefined,
  username: string,
): KafkaConnection {
  if (ca === undefined) return { brokers: [...brokers] };
  const password = cluster.password(username);
  return {
    brokers: [...brokers],
    ssl: { ca: [ca] },
    sasl: { mechanism: 'scram-sha-512', username, password },
  };
}

function localKafka(
  running: Running,
  ids: readonly number[],
  ca: string | undefined,
  { onCrash }: KafkaOptions,
): LocalKafka {
  const { cluster, guard } = running;
  const bootstrap = ids.map((id) => `127.0.0.1:${running.port(id)}`);
  const expectedEnds = new Set<number>();
  let closing = false;
  guard.onExit((id) => {
    if (closing || expectedEnds.has(id) || !onCrash) return;
    void lastLines(cluster, id).then((lines) => onCrash(id, lines));
  });
  const end = async (id: number, how: 'stop' | 'kill') => {
    expectedEnds.add(id);
    await guard.end(id, how);
  };
  return {
    bootstrap,
    ...(cluster.users && {
      ca,
      caFile: sharedFiles(cluster).ca,
      users: Object.fromEntries(cluster.users.map((user) => [user, cluster.password(user)])),
    }),
    connection: (user = ADMIN) => connectionTo(cluster, bootstrap, ca, user),
    access: (username = ADMIN) => ({
      brokers: bootstrap,
      ...(ca !== undefined && { ssl: { ca }, sasl: { username, password: cluster.password(username) } }),
    }),
    pid: (id) => guard.pid(id),
    kill: (id) => end(id, 'kill'),
    stop: (id) => end(id, 'stop'),
    start: async (id) => {
      await startBroker(running, id, [id]);
      expectedEnds.delete(id);
    },
    close: () => {
      closing = true;
      return guard.close();
    },
  };
}
