import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { useDatabase } from '#testing';
import { type EntryDraft, type LogWriter } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';
import { evidenceMigrations } from '../migrations.js';

const database = useDatabase(evidenceMigrations, { poolSize: 12 });
afterEach(() => closeTestLogs());

const disclosure = (exchange: string): EntryDraft => ({ ...intent(exchange), kind: 'disclosure' });

async function outcome(log: LogWriter, draft: EntryDraft): Promise<string> {
  try {
    return (await log.append(draft)).existing ? 'existing' : 'recorded';
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
}

test('an exchange is disclosed in one log of a node, whichever of them tries how often', async () => {
  const logs = await Promise.all([0, 1, 2].map(() => openTestLog(database(), logIdentity())));
  for (let round = 0; round < 30; round++) {
    const exchanges = Array.from({ length: 4 }, () => randomUUID()).sort();
    const said = await Promise.all(
      exchanges.map((exchange) => Promise.all(logs.map((log) => outcome(log, disclosure(exchange))))),
    );
    for (const outcomes of said)
      expect(outcomes.toSorted()).toEqual(['answered-elsewhere', 'answered-elsewhere', 'recorded']);
  }
  const { rows } = await database().pool.query<{ n: number }>('select count(*)::int as n from log_entry');
  expect(rows).toEqual([{ n: 120 }]);
}, 60_000);

test('what another log has disclosed refuses that draft only, and its own stays its own', async () => {
  const [one, two] = [
    await openTestLog(database(), logIdentity()),
    await openTestLog(database(), logIdentity()),
  ];
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await outcome(one, disclosure(first))).toBe('recorded');
  const drafts = [disclosure(first), disclosure(second), intent(first), disclosure(second)];
  const said = await Promise.all(drafts.map((draft) => outcome(two, draft)));
  expect(said).toEqual(['answered-elsewhere', 'recorded', 'recorded', 'existing']);
  expect(await outcome(one, disclosure(first))).toBe('existing');
  expect(two.health().state).toBe('writing');
});

test('an own disclosure is given back though another log had one that came back from its mirror', async () => {
  for (const own of ['a', 'z']) {
    const log = await openTestLog(database(), logIdentity(`agency-${own}${randomUUID().slice(0, 8)}`));
    const exchange = randomUUID();
    expect(await outcome(log, disclosure(exchange))).toBe('recorded');
    await refilled(`agency-m${randomUUID().slice(0, 8)}/adapter/0`, exchange);
    expect(await outcome(log, disclosure(exchange))).toBe('existing');
  }
});

test('what came back from a mirror refuses a disclosure as what was recorded does, and is never changed', async () => {
  const log = await openTestLog(database(), logIdentity());
  const exchange = randomUUID();
  await refilled('agency-lost/adapter/0', exchange);
  expect(await outcome(log, disclosure(exchange))).toBe('answered-elsewhere');
  const change = database().pool.query('update log_entry set refilled = not refilled');
  await expect(change).rejects.toThrow('append-only');
});

/** A disclosure as `refillFromMirror` puts it back. */
async function refilled(origin: string, exchange: string): Promise<void> {
  await database().pool.query(
    `insert into log_entry (origin, index, leaf, kind, exchange, at, public, refilled)
      values ($1, 0, '', 'disclosure', $2, now(), '', true)`,
    [origin, exchange],
  );
}
