import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evidenceMigrations, type Tail } from '#evidence';
import { manualClock, useDatabase } from '#testing';
import { monitorMigrations } from '../migrations.js';
import { ORIGINS, START } from '../monitor.fixture.js';
import { reconcile } from '../reading/reconciliation.js';
import { readLog } from './log-row.js';
import { forgetLogs, MirrorBench } from './mirror.fixture.js';
import { type Taken } from './mirror.js';

const { gateway, adapter, other } = ORIGINS;

const monitor = useDatabase(monitorMigrations);
const node = useDatabase(evidenceMigrations);
const secondNode = useDatabase(evidenceMigrations);
const clock = manualClock(START);
const bench = new MirrorBench(monitor, node, clock);
const take = (tail: Tail): Promise<Taken> => bench.take(tail);

beforeEach(async () => {
  clock.set(START);
  await Promise.all([bench.forget(), forgetLogs(node()), forgetLogs(secondNode())]);
});
afterEach(() => bench.province.closeLogs());

describe('a log that shows two histories', () => {
  const forkedAt = (common: number) => bench.fork(other, common, secondNode);

  test.each([
    ['forked', 'at the same size', 0],
    ['rolled-back', 'at the same size, and younger', 1_000],
  ] as const)(
    'is %s when it signs another root %s: closed, with both checkpoints as proof',
    async (kind, _, later) => {
      const { first, second } = await forkedAt(3);
      await bench.write(first, 2);
      clock.advance(later);
      await bench.write(second, 2);
      for (const tail of first.tails) await take(tail);
      const before = await bench.everything();
      expect(await take(second.tails[1]!)).toBe('ended');
      const proof = [first.tails[4]!.checkpoint.note, second.tails[1]!.checkpoint.note];
      expect(await bench.alarms()).toEqual([{ kind, origin: other, proof }]);
      await bench.write(first, 1);
      expect(await take(first.tails[5]!)).toBe('ended');
      expect({ ...(await bench.everything()), logs: [] }).toEqual({ ...before, logs: [] });
    },
  );

  test('is found out by a tail that begins before the mirror’s end and leads elsewhere', async () => {
    const { first, second } = await forkedAt(3);
    await bench.write(first, 1);
    await bench.write(second, 4);
    for (const tail of first.tails) await take(tail);
    const branch = { ...second.tails[3]!, from: 3, lines: second.tails.flatMap(({ lines }) => lines) };
    expect(await take(branch)).toBe('ended');
    expect((await bench.alarms())[0]).toMatchObject({
      origin: other,
      proof: [first.tails[3]!.checkpoint.note, branch.checkpoint.note],
    });
  });

  test('is found out by what a peer saw: at once when the mirror is there, else when it gets there', async () => {
    const { first, second } = await forkedAt(2);
    await bench.write(first, 2);
    await bench.write(second, 2);
    for (const tail of first.tails.slice(0, 3)) await take(tail);
    const seen = (tail: Tail) => ({ checkpoint: tail.checkpoint, reporter: gateway });
    expect(await bench.mirror().hold(seen(first.tails[1]!))).toBe('known');
    expect(await bench.mirror().hold(seen(second.tails[1]!))).toBe('unproven');
    expect(await bench.alarms()).toEqual([]);
    expect(await take(first.tails[3]!)).toBe('ended');
    const proof = [first.tails[3]!.checkpoint.note, second.tails[1]!.checkpoint.note];
    expect(await bench.alarms()).toEqual([{ kind: 'forked', origin: other, proof, reporter: gateway }]);
  });
});

test('a line that breaks the format is mirrored, counted as nothing and told; so is one of another log', async () => {
  const log = await bench.open(other);
  await bench.write(log, 1);
  const [tail] = log.tails as [Tail];
  const line = Buffer.from('{"not":"a line"}');
  const signed = bench.signed(other, [line]);
  expect(await take({ ...tail, lines: [line], checkpoint: signed })).toBe('grew');
  expect(await bench.alarms()).toEqual([{ kind: 'unreadable', origin: other, proof: [signed.note] }]);
  expect(await reconcile(bench.pool, clock())).toMatchObject({ exchanges: 0, difference: 0 });
});

test('an epoch entry in the successor closes the log before it', async () => {
  const closed = await bench.open(other);
  await bench.write(closed, 1);
  const successor = await bench.open(adapter);
  await successor.writer.append({ kind: 'epoch', exchange: randomUUID(), from: 'hrss-1', to: other });
  await take(closed.tails[0]!);
  await take(successor.tails[0]!);
  expect((await readLog(bench.pool, other))!.state).toBe('closed');
});
