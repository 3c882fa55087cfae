import { describe, expect, test } from '@jest/globals';
import { applyAcls, provinceAcls } from '#messaging';
import { type KafkaConnection } from './index.js';
import { clientOf, makeTopic, read, send, useKafka } from './kafka.fixture.js';

const PROVINCE = { providers: ['hrss'], requesters: ['hrss', 'city', 'data'], monitor: 'data' };
const USERS = ['hrss', 'city', 'data'];
const TOPICS = [
  'exchange.request.hrss',
  'exchange.reply.city',
  'exchange.reply.data',
  'log.tail',
  'registry',
];

describe('a broker that knows who is there', () => {
  const kafka = useKafka({ secure: { users: USERS } });
  const as = (user: string) => kafka().connection(user);
  const ruleAs = (user: string) => kafka().access(user);

  test('turns a wrong password and an unknown user away at once', async () => {
    const began = performance.now();
    for (const sasl of [
      { mechanism: 'scram-sha-512', username: 'city', password: 'wrong' },
      { mechanism: 'scram-sha-512', username: 'nobody', password: kafka().users?.['city'] ?? '' },
    ] as const) {
      const admin = clientOf({ ...as('city'), sasl }, 5).admin();
      await expect(admin.connect()).rejects.toThrow(/Authentication failed/);
    }
    expect(performance.now() - began).toBeLessThan(3_000);
    const plain: KafkaConnection = { brokers: [...kafka().bootstrap] };
    await expect(clientOf(plain).admin().connect()).rejects.toThrow();
    const { ssl: _, ...trusting } = as('city');
    await expect(
      clientOf({ ...trusting, ssl: true })
        .admin()
        .connect(),
    ).rejects.toThrow(/self-signed/);
  });

  test('refuses everything that no rule grants, and grants the rules at once when they are applied', async () => {
    for (const topic of TOPICS) await makeTopic(as('admin'), topic);
    await expect(send(as('city'), 'exchange.request.hrss', ['x'])).rejects.toThrow(/[Nn]ot authorized/);
    await applyAcls(ruleAs('admin'), USERS, provinceAcls(PROVINCE));
    const written = await Promise.all(USERS.map((user) => writable(as(user))));
    expect(Object.fromEntries(USERS.map((user, i) => [user, written[i]]))).toEqual({
      hrss: ['exchange.request.hrss', 'exchange.reply.city', 'exchange.reply.data', 'log.tail'],
      city: ['exchange.request.hrss', 'log.tail'],
      data: ['exchange.request.hrss', 'log.tail', 'registry'],
    });
  });

  test('lets an agency read its own replies in its own groups, and nobody else’s', async () => {
    expect(await read(as('city'), 'exchange.reply.city', 'city.reply.0', 1)).toEqual(['x']);
    expect(await read(as('data'), 'log.tail', 'data.monitor.log.tail', 1)).toEqual(['x']);
    for (const [topic, group] of [
      ['exchange.reply.data', 'city.reply.0'],
      ['log.tail', 'city.tail'],
    ] as const)
      await expect(read(as('city'), topic, group, 1)).rejects.toThrow(/[Nn]ot authorized/);
    // What kafkajs makes of "not authorized to access group", which it asks for before anything else.
    for (const group of ['hrss.adapter', 'data.monitor.log.tail', 'citygroup'])
      await expect(read(as('city'), 'exchange.reply.city', group, 1)).rejects.toThrow(
        'Failed to find group coordinator',
      );
  });

  test('lets only the admin make topics and rules', async () => {
    const admin = clientOf(as('data')).admin();
    await admin.connect();
    await expect(admin.createTopics({ topics: [{ topic: 'mine' }] })).rejects.toThrow();
    await admin.disconnect();
    await expect(applyAcls(ruleAs('data'), USERS, [])).rejects.toMatchObject({
      problem: 'transport-unavailable',
      detail: 'the broker does not take the rules',
    });
    const all = clientOf(as('admin')).admin();
    await all.connect();
    expect((await all.listTopics()).filter((topic) => !topic.startsWith('__')).sort()).toEqual(
      [...TOPICS].sort(),
    );
    await all.disconnect();
  });

  test('takes back what is no longer in the rules, of the users named and of no others', async () => {
    const rules = provinceAcls(PROVINCE).filter(({ user }) => user === 'hrss');
    await applyAcls(ruleAs('admin'), ['city', 'hrss'], rules);
    expect(await writable(as('city'))).toEqual([]);
    expect(await writable(as('data'))).toEqual(['exchange.request.hrss', 'log.tail', 'registry']);
    await kafka().kill(1);
    await kafka().start(1);
    expect(await writable(as('hrss'))).toHaveLength(4);
    expect(await writable(as('city'))).toEqual([]);
  });
});

/** The topics that one record could be sent to; every other one must have been refused for want of a rule. */
async function writable(connection: KafkaConnection): Promise<string[]> {
  const allowed: string[] = [];
  for (const topic of TOPICS) {
    const refused = await send(connection, topic, ['x']).then(
      () => undefined,
      (error: Error) => error,
    );
    if (refused) expect(refused.message).toMatch(/[Nn]ot authorized/);
    else allowed.push(topic);
  }
  return allowed;
}
