import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '#database';
import { useDatabaseUrl } from '#testing';
import { checkLog, evidenceMigrations, LogReader, type Tail } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

/** A wire to PostgreSQL that can be cut, or go dead without being cut. */
class Wire {
  readonly sockets = new Set<Socket>();
  private server!: Server;
  lost = 0;
  private dead = false;
  private losing = false;

  async start(port: number): Promise<number> {
    this.server = createServer((near) => {
      const far = createConnection(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('data', (chunk: Buffer) => this.pass(chunk, to));
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.sockets.delete(from);
          if (!this.dead) to.destroy();
        });
      }
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  private pass(chunk: Buffer, to: Socket): void {
    if (this.dead) return;
    if (this.losing && chunk.includes('COMMIT\0')) {
      this.losing = false;
      this.lost += 1;
      for (const socket of this.sockets) socket.destroy();
    } else to.write(chunk);
  }

  /** The next answer to a COMMIT is lost with its connection: it took place, and nobody was told. */
  loseNextCommit(): void {
    this.losing = true;
  }

  /** Nothing comes through any more, and nobody is told. */
  die(): void {
    this.dead = true;
  }

  /** What died stays dead; new connections work. */
  revive(): void {
    this.dead = false;
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

const url = useDatabaseUrl();

afterEach(closeTestLogs);
const wire = new Wire();
let database: Database;
let direct: Database;

beforeAll(async () => {
  direct = await openDatabase({ url: url(), name: 'direct', migrations: evidenceMigrations });
  const through = new URL(url());
  through.port = String(await wire.start(Number(through.port)));
  database = await openDatabase({ url: through.href, name: 'wired', migrations: evidenceMigrations });
});

afterAll(async () => {
  await database.close();
  await direct.close();
  wire.stop();
});

async function timed(work: Promise<unknown>): Promise<{ outcome: unknown; ms: number }> {
  const begun = performance.now();
  const outcome = await work.then(
    () => 'recorded',
    (error: unknown) => (error as { problem: string }).problem,
  );
  return { outcome, ms: performance.now() - begun };
}

describe('a writer refuses within two seconds and recovers unaided', () => {
  test('when the database hangs, for everyone who waits', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database, identity);
    await log.append(intent());
    wire.die();
    const waiting = Array.from({ length: 5 }, () => timed(log.append(intent())));
    await new Promise((resolve) => setTimeout(resolve, 700));
    waiting.push(timed(log.append(intent())));
    for (const { outcome, ms } of await Promise.all(waiting)) {
      expect(outcome).toBe('log-unavailable');
      expect(ms).toBeLessThan(2_500);
    }
    expect(log.health()).toMatchObject({ state: 'unavailable', problem: 'log-unavailable' });
    wire.revive();
    await eventually(() => log.append(intent()));
    expect(log.health()).toMatchObject({ state: 'writing' });
    const { size } = log.checkpoint();
    await log.close();
    expect(await new LogReader({ database }).entries(identity.origin, 0, 100)).toHaveLength(size);
    expect(await checkLog(database, identity.origin, [identity.verifier])).toEqual([]);
  });

  test('when someone holds a lock on the head', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database, identity);
    const holder = await direct.pool.connect();
    await holder.query('begin');
    await holder.query('select 1 from log_head where origin = $1 for update', [identity.origin]);
    const { outcome, ms } = await timed(log.append(intent()));
    expect(outcome).toBe('log-unavailable');
    expect(ms).toBeLessThan(2_500);
    await holder.query('rollback');
    holder.release();
    expect(await log.append(intent())).toMatchObject({ index: 0 });
    await log.close();
  });

  test('when the disk is full, and nothing of what was refused is there', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database, identity);
    await direct.pool.query(`
      create function full_disk() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert on log_entry for each statement execute function full_disk();`);
    const refused = await Promise.all(Array.from({ length: 20 }, () => timed(log.append(intent()))));
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['log-unavailable']));
    await direct.pool.query('drop trigger full_disk on log_entry');
    expect(await log.append(intent())).toMatchObject({ index: 0 });
    await log.close();
    expect(await checkLog(database, identity.origin, [identity.verifier])).toEqual([]);
  });
});

test('a commit whose answer is lost is found to have taken place: recorded once, and answered', async () => {
  const identity = logIdentity();
  const tails: Tail[] = [];
  const log = await openTestLog(database, identity, { onCommit: (tail) => tails.push(tail) });
  const before = wire.lost;
  wire.loseNextCommit();
  const entries = await Promise.all(Array.from({ length: 10 }, () => log.append(intent())));
  expect(wire.lost).toBe(before + 1);
  expect(entries.map(({ index, existing }) => ({ index, existing }))).toEqual(
    Array.from({ length: 10 }, (_, index) => ({ index, existing: false })),
  );
  expect(tails.map(({ from, lines }) => [from, lines.length])).toEqual([[0, 10]]);
  await log.close();
  expect(await new LogReader({ database }).entries(identity.origin, 0, 100)).toHaveLength(10);
  expect(await checkLog(database, identity.origin, [identity.verifier])).toEqual([]);
});

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
