import { Problem } from '#problem';
import { BrokerDown, topicProblem } from '../broker.js';

interface KafkaError extends Error {
  type?: string;
  code?: string | number;
  retriable?: boolean;
  errors?: KafkaError[];
  topic?: string;
}

type Refusal = (topic: string, type: string) => Problem;

const denied: Refusal = (topic, type) =>
  new Problem('transport-denied', { field: topic, detail: `topic ${topic}: no permission (${type})` });
const missing: Refusal = (topic) => topicProblem(topic, 'does not exist');
const unlike: Refusal = (topic, type) => topicProblem(topic, `the broker refuses it (${type})`);
const tooLarge: Refusal = () =>
  new Problem('body-too-large', { field: 'value', detail: 'a record over max.message.bytes of its topic' });
const badPassword: Refusal = () =>
  new Problem('transport-denied', { field: 'sasl', detail: 'the broker refuses user name or password' });

/** Protocol errors that trying again does not mend, by their name in Kafka's protocol. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  TOPIC_AUTHORIZATION_FAILED: denied,
  GROUP_AUTHORIZATION_FAILED: denied,
  CLUSTER_AUTHORIZATION_FAILED: denied,
  UNKNOWN_TOPIC_OR_PARTITION: missing,
  INVALID_TOPIC_EXCEPTION: unlike,
  INVALID_REPLICATION_FACTOR: unlike,
  INVALID_CONFIG: unlike,
  POLICY_VIOLATION: unlike,
  MESSAGE_TOO_LARGE: tooLarge,
  RECORD_LIST_TOO_LARGE: tooLarge,
  SASL_AUTHENTICATION_FAILED: badPassword,
  ILLEGAL_SASL_STATE: badPassword,
  UNSUPPORTED_SASL_MECHANISM: badPassword,
};

/** What OpenSSL and Node say of a certificate that is not to be trusted. */
const CERTIFICATE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL)/;

/**
 * What an error of kafkajs means: `transport-denied` (user, password, ACL, certificate), `transport-unavailable` naming
 * the topic, `body-too-large`, or `BrokerDown` for all that may pass. The detail holds names, addresses and codes.
 */
export function problemOf(error: unknown, topic: string): Problem {
  if (error instanceof Problem) return error;
  const chain = causesOf(error);
  for (const each of chain) {
    const refusal = refusalOf(each);
    if (refusal) return refusal(each.topic ?? topic, each.type ?? each.name);
    if (CERTIFICATE.test(String(each.code))) return untrusted(String(each.code), error);
  }
  return new BrokerDown(error, chain.map(whatOf).find(Boolean));
}

/** Whether the cluster answered "not now": a coordinator that loads, a leader that moves. A moment later it may be well. */
export function isMomentary(error: unknown): boolean {
  return causesOf(error).some(({ type, retriable }) => type !== undefined && retriable === true);
}

/**
 * Whether a group has no coordinator. kafkajs says the same of a missing right to the group: it drops what the broker
 * answered (`withBroker`), so only time tells them apart.
 */
export function lacksCoordinator(error: unknown): boolean {
  return causesOf(error).some(({ name }) => name === 'KafkaJSGroupCoordinatorNotFound');
}

function refusalOf({ type, name }: KafkaError): Refusal | undefined {
  if (name === 'KafkaJSSASLAuthenticationError') return badPassword;
  return type === undefined ? undefined : REFUSALS[type];
}

function untrusted(code: string, cause: unknown): Problem {
  const detail = `the broker’s certificate is not trusted (${code})`;
  return new Problem('transport-denied', { field: 'ssl.ca', detail, cause });
}

/** The error, what caused it, and the first of an aggregate; kafkajs wraps what it retried. */
function causesOf(error: unknown): KafkaError[] {
  const chain: KafkaError[] = [];
  for (let next: unknown = error; next instanceof Error && !chain.includes(next);) {
    const each = next as KafkaError;
    chain.push(each);
    next = each.cause ?? each.errors?.find((inner) => inner.type !== 'TOPIC_ALREADY_EXISTS');
  }
  return chain;
}

/** kafkajs puts the operating system's word only into its text: `Connection error: connect ECONNREFUSED 10.0.0.1:9092`. */
function whatOf({ message, type, code }: KafkaError): string | undefined {
  const [found] = /\bE[A-Z]{4,}\b( [\w.:[\]-]+)?/.exec(message) ?? [];
  return found ?? type ?? (typeof code === 'string' ? code : undefined);
}
