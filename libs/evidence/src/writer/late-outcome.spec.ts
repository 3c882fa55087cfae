import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { checkLog, evidenceMigrations, OpenIntents, parsePublicLine, type EntryDraft } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations);
afterEach(closeTestLogs);

const LEAF = Buffer.alloc(32, 3).toString('base64url');
const nothing = (exchange: string): EntryDraft => ({
  ...intent(exchange),
  kind: 'outcome',
  parent: LEAF,
  outcomes: { unavailable: 1 },
  reason: 'provider-timeout',
});
const late = (exchange: string): EntryDraft => ({ ...nothing(exchange), answer: LEAF, late: true });

async function rowsOf(exchange: string): Promise<{ kind: string; late: boolean }[]> {
  const { rows } = await database().pool.query<{ kind: string; late: boolean }>(
    'select kind, late from log_entry where exchange = $1 order by index',
    [exchange],
  );
  return rows;
}

describe('a late acknowledgement', () => {
  test('stands beside the outcome that said that nothing came', async () => {
    const [identity, exchange] = [logIdentity(), randomUUID()];
    const log = await openTestLog(database(), identity);
    const entries = [];
    for (const draft of [intent(exchange), nothing(exchange), late(exchange)])
      entries.push(await log.append(draft));
    expect(entries.map(({ existing }) => existing)).toEqual([false, false, false]);
    expect(await rowsOf(exchange)).toEqual([
      { kind: 'intent', late: false },
      { kind: 'outcome', late: false },
      { kind: 'outcome', late: true },
    ]);
    await log.close();
    expect(await checkLog(database(), identity.origin, [identity.verifier])).toEqual([]);
  });

  test('and its outcome appended again, at once or later, are given back each as it was recorded', async () => {
    const [identity, exchange] = [logIdentity(), randomUUID()];
    const log = await openTestLog(database(), identity);
    const [first, , acknowledged] = await Promise.all(
      [nothing, nothing, late, late].map((draft) => log.append(draft(exchange))),
    );
    const again = await Promise.all([late, nothing].map((draft) => log.append(draft(exchange))));
    expect(again.map(({ existing }) => existing)).toEqual([true, true]);
    expect(again.map(({ leaf }) => leaf)).toEqual([acknowledged!.leaf, first!.leaf]);
    expect(parsePublicLine(again[0]!.publicLine).late).toBe(true);
    expect(log.checkpoint().size).toBe(2);
    await log.close();
    const reopened = await openTestLog(database(), identity);
    expect(await reopened.append(late(exchange))).toMatchObject({
      existing: true,
      index: acknowledged!.index,
    });
  });

  test('lets no second ordinary outcome in, whatever it says', async () => {
    const exchange = randomUUID();
    const log = await openTestLog(database(), logIdentity());
    const first = await log.append(nothing(exchange));
    await log.append(late(exchange));
    const found = await log.append({ ...nothing(exchange), answer: LEAF, outcomes: { found: 1 } });
    expect(found).toMatchObject({ existing: true, leaf: first.leaf });
    const { rows } = await database().pool.query<{ origin: string }>(
      'select origin from log_entry where exchange = $1 limit 1',
      [exchange],
    );
    const again = (as: boolean) =>
      database().pool.query(
        `insert into log_entry (origin, index, leaf, kind, exchange, at, public, late)
          select origin, index + 100, leaf, kind, exchange, at, public, $2 from log_entry where origin = $1 and late`,
        [rows[0]!.origin, as],
      );
    await expect(again(true)).rejects.toMatchObject({ constraint: 'log_entry_once' });
    await expect(again(false)).rejects.toMatchObject({ constraint: 'log_entry_late' });
  });

  test('is known by the field alone, and not by a text that looks like it', async () => {
    const exchange = randomUUID();
    const log = await openTestLog(database(), logIdentity());
    await log.append({ ...nothing(exchange), reason: '"late":true', query: '\\"late\\":true' });
    expect(await rowsOf(exchange)).toEqual([{ kind: 'outcome', late: false }]);
  });

  test.each<[string, Partial<EntryDraft>]>([
    ['no outcome', { kind: 'disclosure' }],
    ['an outcome without an answer', { answer: undefined }],
    ['an outcome of no intent', { parent: undefined }],
    ['a replay', { replayed: true }],
  ])('is never %s', async (_what, change) => {
    const log = await openTestLog(database(), logIdentity());
    const draft = { ...late(randomUUID()), ...change };
    await expect(log.append(draft)).rejects.toMatchObject({ problem: 'internal', field: 'late' });
  });

  test('leaves an intent that has no outcome open', async () => {
    const [identity, exchange] = [logIdentity(), randomUUID()];
    const log = await openTestLog(database(), identity);
    await log.append(intent(exchange));
    await log.append(late(exchange));
    const open = new OpenIntents(database(), identity.origin);
    expect(await open.find(new Date())).toHaveLength(1);
  });
});
