import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server process tells of its commits once it has been idle for a moment, at most a second later. */
const TOLD_MS = 2_000;

/** Transactions committed so far in each database of a server, by name. */
export async function commitsByDatabase(url: string): Promise<Map<string, number>> {
  await sleep(TOLD_MS);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string; commits: string }>(
      'select datname, xact_commit as commits from pg_stat_database where datname is not null',
    );
    return new Map(rows.map(({ datname, commits }) => [datname, Number(commits)]));
  } finally {
    await client.end();
  }
}
