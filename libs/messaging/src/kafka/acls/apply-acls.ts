import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { Problem } from '#problem';
import { kafkaOf, RETRY, type KafkaAccess } from '../options.js';
import { problemOf } from '../problems.js';
import { type AclRow } from './agency-acls.js';

// kafkajs is CommonJS, and Node does not see these by name.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const RESOURCES = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP };
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED };
const OPERATIONS = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
};
const REQUEST_MS = 30_000;
const IN_FORCE_MS = 10_000;
const POLL_MS = 20;

/**
 * Makes `rows` the rules of `users` on a broker: what is missing is added, then what is too much is taken away; rules of
 * anyone else stay. Repeating it changes nothing. Resolves when the broker that answers has them in force.
 *
 * @param access of a user who may alter the cluster
 * @throws Problem `transport-denied` for a wrong password or certificate; `transport-unavailable` when no broker answers,
 *   refuses, or takes them over in time
 */
export async function applyAcls(
  access: KafkaAccess,
  users: readonly string[],
  rows: readonly AclRow[],
): Promise<void> {
  const wanted = new Map(rows.map(entryOf).map((entry) => [textOf(entry), entry]));
  const principals = new Set([...users, ...rows.map(({ user }) => user)].map(principalOf));
  const admin = kafkaOf({ ...access, clientId: 'acls' }, RETRY.patient, REQUEST_MS).admin();
  try {
    await connect(admin);
    const there = await rulesOf(admin, principals);
    await add(
      admin,
      [...wanted].filter(([text]) => !there.has(text)),
    );
    await remove(
      admin,
      [...there].filter(([text]) => !wanted.has(text)),
    );
    await untilInForce(admin, principals, wanted);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('transport-unavailable', { detail: 'the broker does not take the rules', cause });
  } finally {
    await admin.disconnect();
  }
}

async function connect(admin: Admin): Promise<void> {
  await admin.connect().catch((error: unknown) => Promise.reject(problemOf(error, '')));
}

type Rules = Map<string, AclEntry>;

async function rulesOf(admin: Admin, principals: ReadonlySet<string>): Promise<Rules> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  const all = resources.flatMap(({ acls, ...resource }) =>
    acls.map((acl): AclEntry => ({
      resourceType: resource.resourceType,
      resourceName: resource.resourceName,
      resourcePatternType: resource.resourcePatternType,
      ...acl,
    })),
  );
  return new Map(
    all.filter(({ principal }) => principals.has(principal)).map((entry) => [textOf(entry), entry]),
  );
}

async function add(admin: Admin, rules: readonly [string, AclEntry][]): Promise<void> {
  if (rules.length > 0) await admin.createAcls({ acl: rules.map(([, entry]) => entry) });
}

async function remove(admin: Admin, rules: readonly [string, AclEntry][]): Promise<void> {
  if (rules.length > 0) await admin.deleteAcls({ filters: rules.map(([, entry]) => entry) });
}

async function untilInForce(admin: Admin, principals: ReadonlySet<string>, wanted: Rules): Promise<void> {
  for (const deadline = Date.now() + IN_FORCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const there = await rulesOf(admin, principals);
    if (there.size === wanted.size && [...wanted.keys()].every((text) => there.has(text))) return;
  }
  throw new Problem('transport-unavailable', { detail: 'the broker did not take over the rules in time' });
}

function entryOf({ user, resource, name, pattern, operation }: AclRow): AclEntry {
  return {
    principal: principalOf(user),
    host: '*',
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: PATTERNS[pattern],
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

function principalOf(user: string): string {
  return `User:${user}`;
}

function textOf(entry: AclEntry): string {
  return JSON.stringify([
    entry.principal,
    entry.host,
    entry.resourceType,
    entry.resourceName,
    entry.resourcePatternType,
    entry.operation,
    entry.permissionType,
  ]);
}
