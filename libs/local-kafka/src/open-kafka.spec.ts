import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProgram } from '#testing';
import { clientOf, isAlive, makeTopic, newFolder, read, send, until, useKafka } from './kafka.fixture.js';
import { openKafka } from './index.js';

describe('a Kafka that cannot start', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await newFolder();
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test.each([
    [{ brokers: 2 as 1 }, 'brokers: one broker or three'],
    [{ ports: [19_092, 19_093] }, 'ports: a different port from 1 to 65535 for each broker'],
    [
      { brokers: 3 as const, ports: [19_092, 19_092, 19_093] },
      'ports: a different port from 1 to 65535 for each broker',
    ],
    [{ ports: [0] }, 'ports: a different port from 1 to 65535 for each broker'],
    [{ secure: { users: ['a,password=b]'] } }, 'users: letters, digits and . _ - only'],
  ])('says what is impossible: %j', async (options, detail) => {
    await expect(openKafka({ dir, ...options })).rejects.toMatchObject({ problem: 'config-invalid', detail });
  });

  test('says what Kafka said, and leaves nothing of what was to be temporary', async () => {
    const temporary = join(dir, 'temporary');
    const refused = openKafka({ dir: temporary, properties: { 'num.io.threads': 'many' }, ephemeral: true });
    await expect(refused).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: expect.stringContaining('num.io.threads') as unknown,
    });
    expect(existsSync(temporary)).toBe(false);
  });

  test('does not take a folder of another shape for its own', async () => {
    const shaped = join(dir, 'shaped');
    await mkdir(shaped);
    const cluster = { id: 'A'.repeat(22), secret: 'secret', brokers: 3, users: null };
    await writeFile(join(shaped, 'cluster.json'), JSON.stringify(cluster));
    await expect(openKafka({ dir: shaped })).rejects.toMatchObject({
      problem: 'config-invalid',
      detail:
        'this folder holds a Kafka with another number of brokers or other users: choose another folder',
    });
  });
});

describe('one broker', () => {
  const kafka = useKafka();

  test('answers when it is said to be open, and makes no topic by itself', async () => {
    const admin = clientOf(kafka().connection()).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).toEqual([
      { nodeId: 1, host: '127.0.0.1', port: Number(kafka().bootstrap[0]?.split(':')[1]) },
    ]);
    await admin.disconnect();
    await expect(send(kafka().connection(), 'nobody-made-it', ['x'])).rejects.toThrow(
      /does not host this topic/,
    );
  });

  test('killed and started again, it has the same port and the same records', async () => {
    const { bootstrap } = kafka();
    await makeTopic(kafka().connection(), 'kept');
    await send(kafka().connection(), 'kept', ['before']);
    const pid = kafka().pid(1);
    await kafka().kill(1);
    expect([isAlive(pid), kafka().pid(1)]).toEqual([false, undefined]);
    await expect(send(kafka().connection(), 'kept', ['nobody there'])).rejects.toThrow();
    await kafka().start(1);
    expect(kafka().bootstrap).toEqual(bootstrap);
    await send(kafka().connection(), 'kept', ['after']);
    expect(await read(kafka().connection(), 'kept', 'group', 2)).toEqual(['before', 'after']);
  });
});

test('two Kafkas opened at the same time are two, and closing leaves no process; a kept folder keeps its records', async () => {
  const [first, second] = await Promise.all([newFolder(), newFolder()]);
  const kafkas = await Promise.all([openKafka({ dir: first }), openKafka({ dir: second, ephemeral: true })]);
  await makeTopic(kafkas[0].connection(), 'mine');
  await send(kafkas[0].connection(), 'mine', ['kept']);
  const other = clientOf(kafkas[1].connection()).admin();
  await other.connect();
  expect(await other.listTopics()).toEqual([]);
  await other.disconnect();
  const pids = kafkas.map((kafka) => kafka.pid(1));
  await Promise.all(kafkas.map((kafka) => kafka.close()));
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect([existsSync(first), existsSync(second)]).toEqual([true, false]);
  const again = await openKafka({ dir: first, ephemeral: true });
  expect(await read(again.connection(), 'mine', 'group', 1)).toEqual(['kept']);
  await again.close();
  expect(existsSync(first)).toBe(false);
});

test('when the program that opened it is killed with kill -9, no JVM and no temporary file stays behind', async () => {
  const dir = await newFolder();
  const program = startProgram(`
    import { openKafka } from '#local-kafka';
    const kafka = await openKafka({ dir: ${JSON.stringify(dir)}, ephemeral: true });
    console.log(kafka.pid(1));
    setInterval(() => {}, 1000);`);
  const [line] = (await once(program.stdout, 'data')) as [Buffer];
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  program.kill('SIGKILL');
  await until(() => !isAlive(pid) && !existsSync(dir));
});
