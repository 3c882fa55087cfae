import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { manualClock, useDatabase } from '#testing';
import { evidenceMigrations, LogReader, parsePublicLine, type LoggedEntry } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations);
afterAll(closeTestLogs);

const START = Date.parse('2026-03-02T01:00:00.000Z');
const COUNT = 2_000;
/** Entries of one millisecond in each of the two logs. */
const EACH = 5;
const person = Buffer.alloc(32, 1);
const clock = manualClock(START);

const timeOf = ({ publicLine }: LoggedEntry): number => Date.parse(parsePublicLine(publicLine).at);
const placeOf = ({ origin, index }: LoggedEntry): string => `${origin} ${index}`;

describe('the entries about a person', () => {
  const reader = () => new LogReader({ database: database() });

  beforeAll(async () => {
    const logs = [
      await openTestLog(database(), logIdentity(), { clock }),
      await openTestLog(database(), logIdentity(), { clock }),
    ];
    const appended = [];
    for (let n = 0; n < COUNT; n += logs.length * EACH, clock.advance(1))
      for (let i = 0; i < EACH; i++)
        for (const log of logs) appended.push(log.append({ ...intent(), subjectIndex: [person] }));
    await Promise.all(appended);
    await Promise.all(logs.map((log) => log.close()));
  });

  test('are read in one statement, those of the range alone', async () => {
    const query = jest.spyOn(database().pool, 'query');
    const range = { from: START + 100, to: START + 102, most: 500 };
    const { entries, more } = await reader().disclosuresAbout(person, range);
    const results = await Promise.all(query.mock.results.map(({ value }) => value as Promise<unknown>));
    query.mockRestore();
    expect(results).toMatchObject([{ rowCount: 20 }]);
    expect(entries.map(timeOf)).toEqual([
      ...Array.from({ length: 10 }, () => START + 101),
      ...Array.from({ length: 10 }, () => START + 100),
    ]);
    expect(more).toBe(false);
    expect(entries[0]).toEqual((await reader().entries(entries[0]!.origin, entries[0]!.index, 1))[0]);
  });

  test('are proved together: some statements for each log, not for each entry', async () => {
    const { entries } = await reader().disclosuresAbout(person, { most: COUNT });
    const query = jest.spyOn(database().pool, 'query');
    const proved = await reader().prove(entries);
    const statements = query.mock.calls.length;
    query.mockRestore();
    expect(statements).toBeLessThan(40);
    expect(proved.map((entry) => entry?.index)).toEqual(entries.map(({ index }) => index));
    const { origin, index } = entries[7]!;
    expect(proved[7]).toEqual(await reader().receipt(origin, index));
  });

  test('come in pages that end with a millisecond, and nothing is missed or told twice', async () => {
    const told: LoggedEntry[] = [];
    const pages: number[] = [];
    for (let to = Infinity, more = true; more;) {
      const page = await reader().disclosuresAbout(person, { to, most: 333 });
      told.push(...page.entries);
      pages.push(page.entries.length);
      more = page.more;
      to = timeOf(page.entries.at(-1)!);
    }
    expect(pages).toEqual([340, 340, 340, 340, 340, 300]);
    expect(new Set(told.map(placeOf)).size).toBe(COUNT);
    const times = told.map(timeOf);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });

  test('of one millisecond are told all, however many they are', async () => {
    const { entries, more } = await reader().disclosuresAbout(person, { to: START + 2, most: 1 });
    expect([entries.length, more]).toEqual([10, true]);
    const rest = await reader().disclosuresAbout(person, { to: START + 1, most: 10 });
    expect([rest.entries.length, rest.more]).toEqual([10, false]);
  });

  test('are none outside of the range', async () => {
    const none = { entries: [], more: false };
    expect(await reader().disclosuresAbout(person, { to: START, most: 10 })).toEqual(none);
    expect(await reader().disclosuresAbout(Buffer.alloc(32, 2), { most: 10 })).toEqual(none);
  });
});
