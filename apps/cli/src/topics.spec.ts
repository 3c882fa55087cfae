import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { openKafka, type LocalKafka } from '#local-kafka';
import {
  aclCommands,
  agenciesOf,
  openKafkaBroker,
  provinceAcls,
  provinceRoles,
  provinceTopics,
  topics,
} from '#messaging';
import { cli, done, useFolder } from './cli.fixture.js';

jest.setTimeout(180_000);
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

const roles = provinceRoles(loadContracts().agencies.values());
const specs = provinceTopics(roles);
const path = useFolder();
const passwordFile = path('password');

let kafka: LocalKafka;
beforeAll(async () => {
  kafka = await openKafka({ dir: path('kafka'), ephemeral: true, secure: { users: agenciesOf(roles) } });
  writeFileSync(passwordFile, `${kafka.users!['admin']!}\n`, { mode: 0o600 });
});
afterAll(() => kafka.close());

const brokers = () => ['--brokers', kafka.bootstrap.join(','), '--ca', kafka.caFile!];
const admin = () => [...brokers(), '--user', 'admin', '--password-file', passwordFile];
const create = (...more: string[]) =>
  cli(['topics', 'create', ...admin(), '--replication', '1', '--json', ...more]);

interface Created {
  valid: boolean;
  made: string[];
  topics: { topic: string; partitions: number; faults: string[] }[];
}

describe('a cluster that does not let one in', () => {
  test('is said in one line: nobody there, a wrong password, a certificate of somebody else', async () => {
    const nobody = await cli(['topics', 'create', '--brokers', '127.0.0.1:9']);
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringMatching(/^5033 .*127\.0\.0\.1:9\)?\n$/)]);
    const wrong = path('wrong');
    writeFileSync(wrong, 'wrong\n', { mode: 0o600 });
    const asAdmin = [...brokers(), '--user', 'admin', '--password-file', wrong];
    for (const command of [
      ['create', ...asAdmin],
      ['acls', '--apply', ...asAdmin],
    ]) {
      const { code, err } = await cli(['topics', ...command]);
      expect([code, err]).toEqual([2, expect.stringMatching(/refuses user name or password \(sasl\)\n$/)]);
    }
  });
});

describe('the province’s topics', () => {
  test('are missing before they are made; looking makes none', async () => {
    for (let looked = 0; looked < 2; looked += 1) {
      const { code, out } = await create('--check');
      const { valid, made, topics: states } = JSON.parse(out) as Created;
      expect([code, valid, made]).toEqual([1, false, []]);
      expect(states).toEqual(
        specs.map(({ name }) => ({ topic: name, partitions: 0, faults: ['does not exist'] })),
      );
    }
  });

  test('are made as specified, once', async () => {
    const names = specs.map(({ name }) => name);
    const states = specs.map(({ name, partitions }) => ({ topic: name, partitions, faults: [] }));
    const first = await create();
    expect([first.code, JSON.parse(first.out)]).toEqual([0, { valid: true, made: names, topics: states }]);
    const again = await create();
    expect([again.code, JSON.parse(again.out)]).toEqual([0, { valid: true, made: [], topics: states }]);
  });

  test('that are not as they must be are named with what is wrong, every one', async () => {
    const { code, out } = await cli(['topics', 'create', ...admin(), '--replication', '3', '--check']);
    expect(code).toBe(1);
    expect(out).toContain(`${topics.registry()}: replication is 1, must be 3 or more\n`);
    expect(out).toContain(`${topics.registry()}: min.insync.replicas is 1, must be 2\n`);
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      `${specs.length} topics, 0 made, ${specs.length} not as they must be`,
    );
  });
});

describe('what each agency may do', () => {
  test('is printed as commands, without a broker', async () => {
    expect((await done(['topics', 'acls'])).trimEnd().split('\n')).toEqual(aclCommands(provinceAcls(roles)));
  });

  test('is in force once it is applied, and not before', async () => {
    await expect(canWrite()).rejects.toMatchObject({ problem: 'transport-denied' });
    const rules = provinceAcls(roles);
    expect(await done(['topics', 'acls', '--apply', ...admin()])).toBe(
      `${rules.length} rules of ${agenciesOf(roles).length} agencies are in force\n`,
    );
    await canWrite();
  });
});

/** An agency's account writes to the shared tail topic, as its rules allow. */
async function canWrite(): Promise<void> {
  const [agency = ''] = agenciesOf(roles);
  const broker = await openKafkaBroker({ ...kafka.access(agency), agency, clientId: agency });
  try {
    await broker.publish(topics.tail(), [{ key: 'x', headers: {}, value: Buffer.from('x') }]);
  } finally {
    await broker.close();
  }
}
