import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Pool } from 'pg';
import { Opener, Sealer } from '#envelope';
import { evidenceMigrations } from '#evidence';
import { InProcessBus, topics, topicSpecs, type Broker } from '#messaging';
import { encodeTail } from '#node';
import { createLogger } from '#observability';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from '../migrations.js';
import { ORIGINS, START, type SpecLog } from '../monitor.fixture.js';
import { until } from '../monitor-bench.fixture.js';
import { Checkpoints } from './checkpoints.js';
import { breakingAt, MirrorBench } from './mirror.fixture.js';
import { Puller } from './puller.js';
import { TailConsumer } from './tail-consumer.js';

const { adapter, gateway } = ORIGINS;
const logger = createLogger('silent');
// Before those of the databases, which wait for every connection: hooks run in the order in which they stand.
afterAll(async () => {
  await consumer.close();
  await bus.close();
  await bench.province.closeLogs();
});
const monitor = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations);
const clock = manualClock(START);
const bench = new MirrorBench(monitor, node, clock);
const { registry } = bench.province;
const sealer = new Sealer({ registry, clock });
const bus = new InProcessBus();

/** What became of each delivery, and what the consumer told of the tails. */
const delivered: ('taken' | 'comes again')[] = [];
const told: string[] = [];
let log: SpecLog;
let consumer: TailConsumer;

beforeAll(async () => {
  await bus.createTopics([topicSpecs.tail()]);
  log = await bench.open(gateway);
  await bench.write(log, 3);
  consumer = await consume(bench.pool);
  for (const tail of log.tails) await send(encodeTail({ ...tail, seen: [] }));
});

describe('a tail that somebody made up', () => {
  test('neither holds up those behind it nor changes the mirror, whatever JSON it is', async () => {
    const before = await kept();
    const { note } = log.tails[1]!.checkpoint;
    const anything = fc.jsonValue();
    /** Mostly what may stand there, else anything. */
    const mostly = (arbitrary: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: anything });
    const origin = mostly(fc.constantFrom(gateway, adapter, 'fund-1/adapter/0'));
    const signed = mostly(fc.oneof(fc.constant(note), fc.string({ minLength: 1 })));
    const seen = mostly(fc.record({ origin, note: signed }));
    const lines = fc.array(mostly(fc.string({ minLength: 1 })), { maxLength: 4 });
    const tail = fc.record({
      origin: mostly(fc.constantFrom(gateway, gateway, adapter)),
      from: mostly(fc.oneof(fc.nat(4), fc.maxSafeNat())),
      lines: mostly(lines),
      note: signed,
      seen: mostly(fc.array(seen, { maxLength: 4 })),
    });
    await fc.assert(
      fc.asyncProperty(mostly(tail), async (value) => {
        expect(await send(Buffer.from(JSON.stringify(value)))).toBe('taken');
      }),
      { numRuns: 300 },
    );
    expect(await kept()).toEqual(before);
    expect(told).toEqual(expect.arrayContaining(['known', 'envelope-changed', 'envelope-spliced']));
    expect(told).not.toContain('internal');
  });

  test('that has seen null, under a checkpoint that everybody may read, is told and dropped', async () => {
    const { note } = log.tails[0]!.checkpoint;
    const body = { origin: gateway, from: 0, lines: [], note, seen: [null] };
    told.length = 0;
    expect(await send(Buffer.from(JSON.stringify(body)))).toBe('taken');
    expect(told).toEqual(['envelope-changed']);
  });
});

describe('a tail that cannot be kept', () => {
  test('comes again when the connection to the database breaks, and is then taken', async () => {
    await consumer.close();
    consumer = await consume(breakingAt(bench.pool, 3));
    await bench.write(log, 1);
    delivered.length = 0;
    const size = log.writer.health().size;
    await publish(encodeTail({ ...log.tails.at(-1)!, seen: [] }));
    await until(() => Promise.resolve(delivered.at(-1) === 'taken'));
    expect([delivered, await bench.sizeOf(gateway)]).toEqual([['comes again', 'taken'], size]);
  });

  test('for another fault is told and dropped, and those behind it are taken', async () => {
    await bench.pool.query('alter table mirror_line rename to mirror_line_away');
    await bench.write(log, 1);
    told.length = 0;
    expect(await send(encodeTail({ ...log.tails.at(-1)!, seen: [] }))).toBe('taken');
    await bench.pool.query('alter table mirror_line_away rename to mirror_line');
    expect(await send(encodeTail({ ...log.tails.at(-1)!, seen: [] }))).toBe('taken');
    expect(told).toEqual(['internal', 'grew']);
  });
});

/** A consumer on the bus, of which is told whether it took what it was handed. */
async function consume(pool: Pool): Promise<TailConsumer> {
  const mirror = bench.mirror(pool);
  const checkpoints = new Checkpoints(registry);
  const onUnproved = () => Promise.resolve();
  const puller = new Puller({ mirror, checkpoints, logger, onUnproved, clientOf: () => undefined });
  const broker: Pick<Broker, 'subscribe'> = {
    subscribe: (source, handler) =>
      bus.subscribe(source, async (delivery) => {
        try {
          await handler(delivery);
        } catch (error) {
          delivered.push('comes again');
          throw error;
        }
        delivered.push('taken');
      }),
  };
  const opener = new Opener({ keys: bench.province.store('data-1'), registry, clock });
  const onTail = (result: string) => void told.push(result);
  const started = new TailConsumer({ broker, opener, mirror, checkpoints, puller, logger, onTail });
  await started.start();
  return started;
}

async function publish(body: Buffer): Promise<void> {
  const message = await sealer.sealTail({ topic: topics.tail(), origin: gateway, to: 'data-1', body });
  await bus.publish(topics.tail(), [message]);
}

/** What becomes of a tail that is sent by the gateway. */
async function send(body: Buffer): Promise<unknown> {
  const before = delivered.length;
  await publish(body);
  for (const since = Date.now(); delivered.length === before; await sleep(1))
    expect(Date.now() - since).toBeLessThan(10_000);
  return delivered[before];
}

async function kept(): Promise<unknown[]> {
  const { rows } = await bench.pool.query<object>('select * from mirror_seen');
  return [await bench.everything(), rows];
}
