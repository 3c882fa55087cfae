import { describe, expect, test } from '@jest/globals';
import { type SourceReply } from '#adapter';
import { Problem } from '#problem';
import { type AdapterRoom, ask, findings, type Query } from './adapter-room.js';

const SOON_MS = 1_000;

/** A source that hangs or is away. */
export function faultCases(room: () => AdapterRoom): void {
  describe('on a source that', () => {
    test('is away, is unavailable and not silent', async () => {
      const { handlers, close } = room().harness.open(nowhere(room().harness.sourceUrl));
      for (const query of room().queries) {
        const handler = handlers.find(({ query: id }) => id === query.handler.query)!;
        expect(await problemOf(ask({ ...query, handler }, someone(query)))).toBe('source-unavailable');
      }
      await close();
    });

    test('hangs, gives up with the question, leaves nothing running there, and answers again afterwards', async () => {
      const pool = room().sourcePool();
      const holder = await pool.connect();
      await holder.query(await lockAll(pool));
      const started = Date.now();
      const asked = room().queries.map((query) =>
        problemOf(ask(query, someone(query), { signal: AbortSignal.timeout(200) })),
      );
      expect(await Promise.all(asked)).toEqual(asked.map(() => 'source-timeout'));
      expect(Date.now() - started).toBeLessThan(SOON_MS);
      await waitUntil(async () => (await running(pool)) === 0);
      await holder.query('rollback');
      holder.release();
      await pool.end();
      for (const query of room().queries) expect(await findings(ask(query, someone(query)))).toHaveLength(1);
    });

    test('hangs, gives up more questions at once than it has connections', async () => {
      const pool = room().sourcePool();
      const holder = await pool.connect();
      await holder.query(await lockAll(pool));
      const [query] = room().queries as [Query];
      const asked = Array.from({ length: 30 }, () =>
        problemOf(ask(query, someone(query), { signal: AbortSignal.timeout(200) })),
      );
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['source-timeout']));
      await waitUntil(async () => (await running(pool)) === 0);
      await holder.query('rollback');
      holder.release();
      await pool.end();
      expect(await findings(ask(query, someone(query)))).toHaveLength(1);
    });

    test('is asked too late, is not asked', async () => {
      for (const query of room().queries) {
        const late = ask(query, someone(query), { signal: AbortSignal.abort() });
        expect(await problemOf(late)).toBe('source-timeout');
      }
    });
  });
}

type Pool = ReturnType<AdapterRoom['sourcePool']>;

const someone = ({ subjects }: Query) => subjects.known.slice(0, 1);

async function problemOf(reply: Promise<SourceReply>): Promise<string> {
  try {
    await reply;
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  return 'answered';
}

/** The same source where nobody listens: port 1 belongs to no server here. */
function nowhere(url: string): string {
  const other = new URL(url);
  other.port = '1';
  return other.href;
}

/** Nobody reads a table while this transaction is open. */
async function lockAll(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  return `begin; lock table ${rows.map(({ name }) => name).join(', ')} in access exclusive mode`;
}

/** Statements on the source that still wait for a lock. */
async function running(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and state = 'active' and wait_event_type = 'Lock'`,
  );
  return rows[0]!.n;
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('statements are still running');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
