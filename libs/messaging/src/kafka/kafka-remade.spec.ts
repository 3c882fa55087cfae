import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openKafka } from '#local-kafka';
import { type KafkaBrokerOptions, type Source, type TransportReport } from '../index.js';
import {
  asOperator,
  bodies,
  broker,
  eventually,
  message,
  mortal,
  open,
  remake,
  text,
  specOf,
  topic,
  useKafka,
} from './kafka.fixture.js';

useKafka();

const sources: [string, (topic: string) => Source][] = [
  ['a partition reader', (name) => ({ topic: name, partition: 0 })],
  ['a replay', (name) => ({ topic: name, replay: true })],
  ['a group', (name) => ({ topic: name, group: 'g' })],
];

/** A reader, what it was handed, and what was reported of it. */
async function read(source: Source, options: Partial<KafkaBrokerOptions> = {}) {
  const reports: TransportReport[] = [];
  const reader = await broker({ ...options, report: (report) => void reports.push(report) });
  const seen: string[] = [];
  await reader.subscribe(source, (delivery) => void seen.push(text(delivery)));
  const told = (...steps: string[]) => reports.some(({ step }) => steps.includes(step));
  return { seen, reports, told };
}

async function publish(name: string, texts: readonly string[]): Promise<void> {
  const sender = await broker();
  for (const body of texts) await sender.publish(name, [message(body)]);
}

describe.each(sources)('%s of a topic that is deleted and made anew', (kind, sourceOf) => {
  test('while it reads gets what comes then, and tells', async () => {
    const name = await topic();
    const { seen, told } = await read(sourceOf(name));
    await publish(name, bodies(0, 20));
    await eventually(() => seen.length === 20);
    await remake(name);
    await publish(name, ['new', 'newer']);
    await eventually(() => seen.length >= 22, 20_000);
    expect(seen).toEqual([...bodies(0, 20), 'new', 'newer']);
    expect(told('topic-remade', 'reader-restart')).toBe(true);
  });

  test('while it is cut off gets what came meanwhile and what comes then, and tells at once', async () => {
    const name = await topic();
    const { socketFactory, die, revive } = mortal();
    const { seen, told } = await read(sourceOf(name), { socketFactory });
    await publish(name, bodies(0, 20));
    await eventually(() => seen.length === 20);
    die();
    await remake(name);
    await eventually(() => told('reader-restart'), 20_000);
    revive();
    if (kind === 'a group') await publish(name, ['new']);
    await eventually(() => told('topic-remade'), 20_000);
    await publish(name, ['newer']);
    const expected = kind === 'a group' ? ['new', 'newer'] : ['newer'];
    await eventually(() => seen.length >= 20 + expected.length, 20_000);
    expect(seen).toEqual([...bodies(0, 20), ...expected]);
  });
});

describe('a replay of a topic that was made anew while it was cut off', () => {
  test('trap: gets all of it, also when it has more records by then than the old one had', async () => {
    const name = await topic();
    const { socketFactory, die, revive } = mortal();
    const { seen, told } = await read({ topic: name, replay: true }, { socketFactory });
    await publish(name, bodies(0, 3));
    await eventually(() => seen.length === 3);
    die();
    await remake(name);
    await publish(name, bodies(10, 16));
    await eventually(() => told('reader-restart'), 20_000);
    revive();
    await eventually(() => seen.length >= 9, 20_000);
    expect(seen).toEqual([...bodies(0, 3), ...bodies(10, 16)]);
    expect(told('topic-remade')).toBe(true);
  });
});

describe('a group whose commit is not in the topic', () => {
  test('begins with the oldest record kept, and tells', async () => {
    const name = await topic();
    await publish(name, bodies(0, 3));
    const groupId = `agency.g.${name}`;
    const commit = { groupId, topic: name, partitions: [{ partition: 0, offset: '500' }] };
    await asOperator((admin) => admin.setOffsets(commit));
    const { seen, told } = await read({ topic: name, group: 'g' });
    await eventually(() => seen.length === 3, 10_000);
    expect(seen).toEqual(bodies(0, 3));
    expect(told('position-lost')).toBe(true);
  });
});

describe('a reader that was cut off from a topic that nobody touched', () => {
  test.each(sources)('%s goes on where it stood and tells of nothing else', async (_, sourceOf) => {
    const name = await topic();
    const { socketFactory, die, revive } = mortal();
    const { seen, reports } = await read(sourceOf(name), { socketFactory });
    await publish(name, bodies(0, 3));
    await eventually(() => seen.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // a group commits each second
    die();
    await eventually(() => reports.length > 0, 20_000);
    await asOperator(async (admin) => {
      await admin.fetchTopicOffsets(name);
      await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '3' }] });
    });
    await publish(name, ['next']);
    revive();
    await eventually(() => seen.length >= 4, 20_000);
    expect(seen).toEqual([...bodies(0, 3), 'next']);
    expect(new Set(reports.map(({ step }) => step))).toEqual(new Set(['reader-restart']));
  });
});

describe('a cluster that is lost and rebuilt under its old address', () => {
  test('is read from its beginning by all that read the old one, and they tell', async () => {
    const cluster = async (ports?: number[]) =>
      openKafka({
        dir: await mkdtemp(join(tmpdir(), 'kafka-remade-')),
        ephemeral: true,
        ...(ports && { ports }),
      });
    const name = 'rebuilt';
    let rebuilt = await cluster();
    const brokers = rebuilt.bootstrap;
    try {
      const sender = await broker({ brokers });
      await sender.createTopics([specOf(name, 1)]);
      const readers: Awaited<ReturnType<typeof read>>[] = [];
      for (const [, sourceOf] of sources) readers.push(await read(sourceOf(name), { brokers }));
      for (const body of bodies(0, 20)) await sender.publish(name, [message(body)]);
      await eventually(() => readers.every(({ seen }) => seen.length === 20), 10_000);
      await rebuilt.close();
      rebuilt = await cluster([Number(brokers[0]!.split(':')[1])]);
      const other = await broker({ brokers });
      await other.createTopics([specOf(name, 1)]);
      await other.publish(name, [message('new')]);
      await eventually(() => readers.every(({ seen }) => seen.includes('new')), 30_000);
      for (const { seen, told } of readers) {
        expect([...new Set(seen)]).toEqual([...bodies(0, 20), 'new']);
        expect(told('topic-remade')).toBe(true);
      }
    } finally {
      await Promise.all(open.splice(0).map((each) => each.close()));
      await rebuilt.close();
    }
  }, 120_000);
});
