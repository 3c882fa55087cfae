import { describe, expect, test } from '@jest/globals';
import { type Finding, type SourceRow } from '#adapter';
import { recordValidator } from '#contracts';
import { type AdapterRoom, ask, findings, type Query } from './adapter-room.js';

/** What the answers are. */
export function answerCases(room: () => AdapterRoom): void {
  describe('answers', () => {
    test('every query that the agency provides, and no other', () => {
      expect(
        room()
          .handlers.map(({ query }) => query as string)
          .toSorted(),
      ).toEqual([...room().provided].toSorted());
    });

    test('every query in the words of its contract, and has something to tell', async () => {
      for (const query of room().queries) {
        const rows = await rowsOf(query);
        expect([query.contract.code, rows.length > 0]).toEqual([query.contract.code, true]);
        for (const row of rows) expect(fault(query, row)).toBeUndefined();
      }
    });

    test('with every field that its contract has, of one or the other', async () => {
      for (const query of room().queries) {
        const told = new Set((await rowsOf(query)).flatMap((row) => Object.keys(row)));
        const missing = query.contract.fields.filter(({ name }) => !told.has(name));
        expect([query.contract.code, missing.map(({ name }) => name)]).toEqual([query.contract.code, []]);
      }
    });

    test('each field alone as it does among the others, and nothing besides', async () => {
      for (const query of room().queries) {
        const whole = await rowsOf(query);
        for (const { name } of query.contract.fields) {
          const alone = await rowsOf(query, new Set([name]));
          expect([name, alone]).toEqual([name, whole.map((row) => only(row, name))]);
        }
      }
    });

    test('no field at all with empty rows, and an unknown one likewise', async () => {
      for (const query of room().queries) {
        const whole = await rowsOf(query);
        expect(await rowsOf(query, new Set())).toEqual(whole.map(() => ({})));
        expect(await rowsOf(query, new Set(['toString', 'x"; select 1 --']))).toEqual(whole.map(() => ({})));
      }
    });

    test('without one name of the source', async () => {
      const names = await sourceNames(room());
      for (const query of room().queries) {
        const used = (await rowsOf(query)).flatMap((row) => Object.keys(row));
        expect(used.filter((name) => names.has(name.toLowerCase()))).toEqual([]);
      }
    });

    test('ambiguous, where two persons go by one number', async () => {
      for (const query of room().queries) {
        const { ambiguous } = query.subjects;
        expect(await findings(ask(query, ambiguous))).toEqual(ambiguous.map(() => ({ answer: 'ambiguous' })));
      }
    });

    test('with the time that its data is from', async () => {
      for (const query of room().queries) {
        const { dataTime } = await ask(query, query.subjects.known.slice(0, 1));
        expect(dataTime.getTime()).toBeGreaterThan(Date.parse('2026-01-01'));
        expect(dataTime.getTime()).toBeLessThan(Date.now() + 60_000);
      }
    });
  });
}

async function rowsOf(query: Query, fields?: ReadonlySet<string>): Promise<SourceRow[]> {
  const reply = ask(query, query.subjects.known, fields && { fields });
  return ((await findings(reply)) as Finding[]).flatMap((finding) =>
    finding.answer === 'found' ? finding.rows : [],
  );
}

/** The validator's words, without the record. */
function fault({ contract }: Query, row: SourceRow): string | undefined {
  const problem = recordValidator(contract)(row);
  return problem && `${contract.code} ${problem.field} ${problem.detail}`;
}

function only(row: SourceRow, name: string): SourceRow {
  return Object.hasOwn(row, name) ? { [name]: row[name] } : {};
}

/** Tables and columns of the source's own. */
async function sourceNames(room: AdapterRoom): Promise<Set<string>> {
  const pool = room.sourcePool();
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'migrations'
      union select column_name from information_schema.columns where table_schema = 'public' and table_name <> 'migrations'`,
  );
  await pool.end();
  expect(rows.length).toBeGreaterThan(5);
  return new Set(rows.map(({ name }) => name.toLowerCase()));
}
