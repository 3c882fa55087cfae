import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AskedSubject } from '#exchange';
import { useDatabase } from '#testing';
import { coded, documentKeys, type SourceView } from './index.js';
import { SharedReads } from './shared-reads.js';
import { SourcePool } from './source-pool.js';
import { askView } from './source-view.js';
import { SubjectIndex } from './subject-index.js';

const database = useDatabase([
  { name: 'source', up: 'create table account (no text, name text, state text, unit text)' },
]);
let pool: SourcePool;

beforeAll(async () => {
  pool = new SourcePool(database().pool.options.connectionString!, 'view');
  await database().pool.query(
    `insert into account values ('ZZ1', '甲', '1', 'U'), ('ZZ2', '乙', '8', 'U'), ('ZZ3', '丙', '1', 'U')`,
  );
});
afterAll(() => pool.close());

const VIEW: SourceView = {
  columns: { state: { sql: 'a.state', read: coded({ 1: 'open' }) }, unit: { sql: 'a.unit' } },
  from: 'join account a on a.no = asked.number',
  number: 'a.no',
  holder: 'a.name',
  present: 'true',
  order: 'a.no',
};

async function ask(view: SourceView, fields: string[], ...normals: string[]): Promise<unknown[]> {
  const subjects: AskedSubject[] = normals.map((normal, position) => ({
    ...{ position, idType: 'passport', normal },
  }));
  const question = {
    ...{ query: 'PF-01@1' as const, region: '990100', subjects, params: {} },
    ...{ fields: new Set(fields), signal: AbortSignal.timeout(5_000) },
  };
  const index = new SubjectIndex(subjects, documentKeys({ passport: '1' }));
  const { findings } = await askView(new SharedReads(pool), view, question, index);
  return subjects.map(({ position }) => findings.get(position));
}

const unitOf = { answer: 'found', rows: [{ unit: 'U' }] };

describe('a view of a source', () => {
  test('with a code that is not mapped cannot read that subject, and reads the others', async () => {
    const open = { answer: 'found', rows: [{ state: 'open' }] };
    const found = await ask(VIEW, ['state'], 'ZZ1', 'ZZ2', 'ZZ3', 'ZZ4');
    expect(found).toEqual([open, { answer: 'unreadable', fault: 'unmapped' }, open, { answer: 'none' }]);
    expect(await ask(VIEW, ['unit'], 'ZZ2')).toEqual([unitOf]);
  });

  test('whose join yields somebody else tells nothing, though no field asked for says who it is', async () => {
    const wrong = {
      ...VIEW,
      from: `join account a on a.no = asked.number or asked.number = 'ZZ1' and a.no = 'ZZ3'`,
    };
    const other = { answer: 'unreadable', fault: 'other-person' };
    expect(await ask(wrong, ['unit'], 'ZZ1', 'ZZ3')).toEqual([other, unitOf]);
    expect(await ask({ ...wrong, present: 'false' }, [], 'ZZ1', 'ZZ3')).toEqual([other, { answer: 'none' }]);
  });

  test('may tell what is true of somebody whom nobody goes by', async () => {
    const view = {
      ...VIEW,
      columns: { clear: { sql: 'a.no is null' } },
      from: 'left join account a on a.no = asked.number',
    };
    expect(await ask(view, ['clear'], 'ZZ9')).toEqual([{ answer: 'found', rows: [{ clear: true }] }]);
  });
});
