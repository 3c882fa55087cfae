import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkLog, evidenceMigrations, openLogWriter, type LogWriter, type Tail } from '#evidence';
import { quotaMigrations } from '#quota';
import { KeyStore } from '#registry';
import { useDatabase } from '#testing';
import { noteSigner, noteVerifier } from '#tlog';
import { edgeFileOf } from './edge-path.js';
import { closeLog, eraseRecorded, recoverLog } from './index.js';

/** Still 1 June in UTC, 2 June in China. */
const NOW = Date.parse('2026-06-01T17:00:00.000Z');
const clock = () => NOW;
const dir = mkdtempSync(join(tmpdir(), 'recover-'));
const keys = new KeyStore(dir, 'hrss-1');
keys.secret('epoch', { create: true });
const whole = useDatabase([...evidenceMigrations, ...quotaMigrations]);
const uncounted = useDatabase(evidenceMigrations);
let ordinal = 0;
let lost: Lost;
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A log of ten entries, of which the database has lost the last five and the mirror has all. */
interface Lost {
  origin: string;
  lines: Buffer[];
  checkpoint: string;
}

beforeEach(async () => {
  await whole().pool.query('truncate quota_spent_day');
  lost = await lose('adapter');
});

describe('a log that its restored database lacks entries of', () => {
  test('is not recovered by the checkpoint of another log or key; today is not spent for that', async () => {
    const other = await lose('adapter');
    const strange = { checkpoint: other.checkpoint, verifier: verifierOf(other.origin) };
    for (const wrong of [strange, { checkpoint: other.checkpoint }, { verifier: verifierOf(other.origin) }])
      await expect(recoverLog(options(wrong))).rejects.toMatchObject({
        problem: 'log-tampered',
        field: 'checkpoint',
      });
    await expect(recoverLog(options({ database: uncounted() }))).rejects.toMatchObject({
      problem: 'not-found',
      field: 'origin',
    });
    expect(await spent()).toEqual([]);
  });

  test('has lost count of today, also when the mirror cannot fill it', async () => {
    const mirrored = () => Promise.resolve(lost.lines.slice(5, 9));
    await expect(recoverLog(options({ mirrored }))).rejects.toMatchObject({ problem: 'log-tampered' });
    expect(await spent()).toEqual(['2026-06-02']);
  });

  test('goes on with all of its entries, and today, in China, counts as spent', async () => {
    expect(await recoverLog(options())).toEqual({
      ...{ added: 5, size: 10, spent: '2026-06-02', recorded: 10 },
    });
    expect(await spent()).toEqual(['2026-06-02']);
    expect(await lastEntry()).toMatchObject({ kind: 'admin', from: 'hrss-1', reason: 'log-refilled' });
    expect((await write(lost.origin, 1)).lines).toHaveLength(1);
    expect(await checkLog(whole(), lost.origin, [verifierOf(lost.origin)])).toEqual([]);
  });

  test('spends today also when it is the gateway’s: it is the same database', async () => {
    lost = await lose('gateway');
    expect(await recoverLog(options())).toMatchObject({ added: 5, spent: '2026-06-02' });
  });

  test('spends no day where nobody counts: a node that answers no questions', async () => {
    lost = await lose('gateway', uncounted());
    expect(await recoverLog(options({ database: uncounted() }))).toEqual({
      ...{ added: 5, size: 10, recorded: 10 },
    });
  });
});

test('a log that lacks nothing is left as it is, and no day is spent', async () => {
  await recoverLog(options());
  await whole().pool.query('truncate quota_spent_day');
  expect(await recoverLog(options())).toEqual({ added: 0, size: 11 });
  expect(await spent()).toEqual([]);
});

test('a log whose mirror does not reach its edge is filled that far, and cannot say so', async () => {
  lost = await lose('adapter', whole(), 3);
  expect(await recoverLog(options())).toEqual({ added: 5, size: 10, spent: '2026-06-02' });
  await expect(write(lost.origin, 1)).rejects.toMatchObject({ problem: 'log-behind-edge' });
});

test('private lines are erased with a word in the log, and not while a process writes it', async () => {
  await recoverLog(options());
  const own = { database: whole(), origin: lost.origin, keys, dir, clock };
  const writing = await open(lost.origin);
  await expect(eraseRecorded(own, new Date(NOW + 1))).rejects.toMatchObject({ problem: 'log-fenced' });
  await writing.close();
  expect(await eraseRecorded(own, new Date(NOW + 1))).toBe(7); // five that were not lost, and the two admin entries'
  expect(await lastEntry()).toMatchObject({ kind: 'admin', reason: 'private-lines-erased' });
});

describe('closing a log', () => {
  test('needs a key of the successor', async () => {
    await expect(closeLog({ ...options(), successor: 'hrss-1/adapter/999' })).rejects.toMatchObject({
      problem: 'key-store',
      field: 'successor',
    });
    expect(await spent()).toEqual([]);
  });

  test('spends today as well, and leaves the successor to its own writer', async () => {
    const successor = nextOrigin('adapter');
    keys.logKey(successor, NOW);
    expect(await closeLog({ ...options(), successor })).toEqual({
      index: 0,
      size: 10,
      spent: '2026-06-02',
    });
    expect(await spent()).toEqual(['2026-06-02']);
    await expect(write(lost.origin, 1)).rejects.toMatchObject({ problem: 'log-fenced' });
    expect((await write(successor, 1)).lines).toHaveLength(1);
  });
});

function options(more: Partial<Parameters<typeof recoverLog>[0]> = {}) {
  const { origin, checkpoint, lines } = lost;
  return {
    ...{ database: whole(), origin, keys, checkpoint, verifier: verifierOf(origin), clock, dir },
    mirrored: (from: number, size: number) => Promise.resolve(lines.slice(from, size)),
    ...more,
  };
}

async function lastEntry(): Promise<unknown> {
  const { rows } = await whole().pool.query<{ public: Buffer }>(
    'select public from log_entry where origin = $1 order by index desc limit 1',
    [lost.origin],
  );
  return JSON.parse(rows[0]!.public.toString());
}

async function lose(role: string, database = whole(), unmirrored = 0): Promise<Lost> {
  const origin = nextOrigin(role);
  const first = await write(origin, 5, database);
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'select size, root, seal from log_head where origin = $1',
    [origin],
  );
  const { size, root, seal } = rows[0]!;
  const second = await write(origin, 5, database);
  if (unmirrored > 0) await write(origin, unmirrored, database);
  await database.pool.query(
    `alter table log_entry disable trigger user;
     delete from log_entry where origin = '${origin}' and index >= 5;
     alter table log_entry enable trigger user`,
  );
  await database.pool.query('delete from log_checkpoint where origin = $1 and size > 5', [origin]);
  await database.pool.query('update log_head set size = $2, root = $3, seal = $4 where origin = $1', [
    ...[origin, size, root, seal],
  ]);
  return { origin, lines: [...first.lines, ...second.lines], checkpoint: second.checkpoint };
}

async function write(origin: string, count: number, database = whole()): Promise<Omit<Lost, 'origin'>> {
  const tails: Tail[] = [];
  const writer = await open(origin, database, (tail) => tails.push(tail));
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' });
  await Promise.all(Array.from({ length: count }, () => writer.append(draft())));
  await writer.close();
  return { lines: tails.flatMap(({ lines }) => [...lines]), checkpoint: tails.at(-1)!.checkpoint.note };
}

function open(origin: string, database = whole(), onCommit?: (tail: Tail) => void): Promise<LogWriter> {
  return openLogWriter({
    ...{ database, origin, clock, tickEvery: 0 },
    signer: noteSigner(origin, keys.logKey(origin, NOW).privateKey),
    sealKey: keys.secret('seal', { create: true }),
    edgeFile: edgeFileOf(dir, origin),
    ...(onCommit && { onCommit }),
  });
}

function nextOrigin(role: string): string {
  ordinal += 1;
  return `hrss-1/${role}/${ordinal}`;
}

function verifierOf(origin: string) {
  return noteVerifier(origin, Buffer.from(keys.key(origin)!.publicKey, 'base64url'));
}

async function spent(): Promise<string[]> {
  const { rows } = await whole().pool.query<{ day: string }>('select day::text from quota_spent_day');
  return rows.map(({ day }) => day);
}
