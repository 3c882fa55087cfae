import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { topics } from '#messaging';
import { selfSigned } from '#testing';
import { ask } from '../support/load.js';
import { ASKER, eventually, OTHER, PROVIDER, type Scene } from './scene.js';

/** Processes that are told something wrong: each ends at once and says what. The adapter that tries is one that has been stopped. */
export function describeStarts({ province, told }: Scene): void {
  const adapter = `${PROVIDER}.adapter.1`;
  const gateway = `${ASKER}.gateway.1`;

  async function refused(name: string, wrong: Record<string, string>): Promise<string> {
    told.set(name, wrong);
    try {
      await province().start(name);
      return 'it started';
    } catch (error) {
      return (error as Error).message;
    } finally {
      told.delete(name);
    }
  }

  describe('a process does not start and says why when', () => {
    test('nobody answers at the broker’s address', async () => {
      expect(await refused(adapter, { KAFKA_BROKERS: '127.0.0.1:9' })).toMatch(
        /adapter\.1 did not start: the broker does not answer \(ECONNREFUSED 127\.0\.0\.1:9\)/,
      );
    });

    test('its password is wrong', async () => {
      const words = await refused(adapter, { KAFKA_PASSWORD: 'not-the-password' });
      expect(words).toMatch(/did not start: .*(user|password)/);
      expect(words).not.toContain('not-the-password');
    });

    test('its account has not the rights of its agency', async () => {
      const users = province().kafka.users!;
      const words = await refused(adapter, { KAFKA_USERNAME: OTHER, KAFKA_PASSWORD: users[OTHER]! });
      expect(words).toMatch(new RegExp(`did not start: .*exchange\\.request\\.${PROVIDER}`));
    });

    test('its topics have fewer copies than it has to rely on', async () => {
      const words = await refused(adapter, { KAFKA_REPLICATION: '3' });
      expect(words).toMatch(/did not start: topic .*(copies|replica)/);
    });

    test('another instance has its number, log and reply partition; that one goes on', async () => {
      await province().child(gateway).stop();
      const words = await refused(gateway, { EXCHANGE_ORDINAL: '0' });
      expect(words).toMatch(/did not start: /);
      expect((await ask(province(), 'social')).ending).toBe('answered');
      await province().start(gateway);
    });
  });

  test('whoever was refused starts once it is told right', async () => {
    await province().start(adapter);
    expect((await ask(province(), 'social', { deadlineMs: 20_000 })).ending).toBe('answered');
  });

  test('a process whose environment has a key and a certificate is served over TLS, and over nothing else', async () => {
    await province().child(gateway).stop();
    told.set(gateway, { HTTP_TLS_KEY: selfSigned.key, HTTP_TLS_CERT: selfSigned.cert });
    await province().start(gateway);
    const { url } = province().child(gateway);
    const statusOf = async (request: ClientRequest): Promise<number | undefined> => {
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return response.resume().statusCode;
    };
    expect(await statusOf(https.get(`${url}/health/live`, { ca: selfSigned.cert }))).toBe(200);
    const plain = statusOf(http.get(`${url.replace('https:', 'http:')}/health/live`));
    await expect(plain).rejects.toMatchObject({ code: 'ECONNRESET' });
    told.delete(gateway);
    await province().child(gateway).stop();
    await province().start(gateway);
  });

  // The last: the other agency's gateway is left without its topic.
  test('a process whose topic has too few partitions does not start and says which, and how many it has', async () => {
    const name = `${OTHER}.gateway.0`;
    await province().child(name).stop();
    await remake(topics.reply(OTHER), 2);
    const words = await refused(name, {});
    expect(words).toMatch(new RegExp(`did not start: topic exchange\\.reply\\.${OTHER}: .*partitions`));
    expect((await ask(province(), 'social')).ending).toBe('answered');
  });

  /** A topic as somebody made it who had not read how. */
  async function remake(topic: string, partitions: number): Promise<void> {
    const admin = new Kafka({ ...province().kafka.connection(), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      await admin.deleteTopics({ topics: [topic] });
      await eventually(async () => !(await admin.listTopics()).includes(topic) || undefined);
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: false });
      await eventually(async () => {
        const { topics: all } = await admin.fetchTopicMetadata().catch(() => ({ topics: [] })); // not everywhere yet
        return all.find(({ name }) => name === topic)?.partitions.length === partitions || undefined;
      });
    } finally {
      await admin.disconnect();
    }
  }
}
