import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import kafkajs, { type Admin } from 'kafkajs';
import { openKafka, type LocalKafka } from '#local-kafka';
import { type Problem } from '#problem';
import { openKafkaBroker, topicSpecs, type KafkaBroker, type KafkaBrokerOptions } from '../index.js';

const AGENCY = 'hrss-990000';
const request = topicSpecs.request(AGENCY);
const reply = topicSpecs.reply(AGENCY);

let kafka: LocalKafka;
let admin: Admin;
const open: KafkaBroker[] = [];

async function broker(user: string, options: Partial<KafkaBrokerOptions> = {}): Promise<KafkaBroker> {
  const made = await openKafkaBroker({
    brokers: kafka.bootstrap,
    agency: AGENCY,
    clientId: `${AGENCY}/adapter/0`,
    ssl: { ca: kafka.ca! },
    sasl: { username: user, password: kafka.users![user]! },
    report: () => undefined,
    ...options,
  });
  open.push(made);
  return made;
}

const { AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs;

function allow(resourceType: number, resourceName: string, operation: number): Promise<boolean> {
  return admin.createAcls({
    acl: [
      {
        resourceType,
        resourceName,
        resourcePatternType: ResourcePatternTypes.PREFIXED,
        principal: `User:${AGENCY}`,
        host: '*',
        operation,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: Problem) => error,
  );

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kafka-secure-'));
  kafka = await openKafka({ dir, ephemeral: true, secure: { users: [AGENCY] } });
  admin = new kafkajs.Kafka({ ...kafka.connection(), logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await (await broker('admin')).createTopics([request, reply]);
}, 90_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(async () => {
  await admin.disconnect();
  await kafka.close();
});

describe('a cluster with passwords and rules', () => {
  test('refuses a wrong password at once, in words without it', async () => {
    const begun = Date.now();
    const sasl = { username: AGENCY, password: 'wrong-password' };
    const refused = (await failure(broker(AGENCY, { sasl }))) as Problem;
    expect(refused).toMatchObject({
      problem: 'transport-denied',
      field: 'sasl',
      detail: 'the broker refuses user name or password',
    });
    expect(JSON.stringify(refused.toDocument())).not.toContain('wrong-password');
    expect(Date.now() - begun).toBeLessThan(3_000);
  });

  test('is not trusted without its authority', async () => {
    const foreign = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----';
    const refused = await failure(broker(AGENCY, { ssl: { ca: foreign } }));
    expect(refused).toMatchObject({ problem: 'transport-denied', field: 'ssl.ca' });
  });

  test('names the topic for which a right is missing: to publish, to make, to check', async () => {
    const agency = await broker(AGENCY);
    const message = { key: 'k', headers: {}, value: new Uint8Array(1) };
    const denied = { problem: 'transport-denied', field: request.name };
    expect(await failure(agency.publish(request.name, [message]))).toMatchObject(denied);
    expect(await failure(agency.createTopics([request]))).toMatchObject({ problem: 'transport-denied' });
    await allow(AclResourceTypes.TOPIC, request.name, AclOperationTypes.DESCRIBE);
    expect(await failure(agency.publish(request.name, [message]))).toMatchObject(denied);
    expect(await failure(agency.createTopics([request]))).toMatchObject(denied);
  });

  test('trap: a missing right to a group is told, although kafkajs takes it for a missing coordinator', async () => {
    await allow(AclResourceTypes.TOPIC, request.name, AclOperationTypes.DESCRIBE);
    const agency = await broker(AGENCY);
    const reading = agency.subscribe({ topic: request.name, group: 'adapter' }, () => undefined);
    expect(await failure(reading)).toMatchObject({
      problem: 'transport-denied',
      field: request.name,
      detail: `group ${AGENCY}.adapter.${request.name}: no right to it (ACL), or the cluster has no coordinator for it`,
    });
  });

  test('lets an agency with its rules check, publish and read, in groups that begin with its name', async () => {
    const { TOPIC, GROUP } = AclResourceTypes;
    const { READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
    for (const name of [request.name, reply.name]) {
      for (const right of [READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS]) await allow(TOPIC, name, right);
    }
    await allow(GROUP, `${AGENCY}.`, READ);
    const agency = await broker(AGENCY);
    await agency.createTopics([request, reply]);
    const seen: string[] = [];
    const take = (kind: string) => () => void seen.push(kind);
    await agency.subscribe({ topic: request.name, group: 'adapter' }, take('group'));
    await agency.subscribe({ topic: reply.name, partition: 3 }, take('partition'));
    await agency.subscribe({ topic: reply.name, replay: true }, take('replay'));
    await agency.publish(request.name, [{ key: 'k', headers: {}, value: new Uint8Array(1) }]);
    await agency.publish(reply.name, [{ key: 'k', headers: {}, value: new Uint8Array(1), partition: 3 }]);
    for (const end = Date.now() + 5_000; seen.length < 3 && Date.now() < end;)
      await new Promise((r) => setTimeout(r, 10));
    expect(seen.sort()).toEqual(['group', 'partition', 'replay']);
  });
});
