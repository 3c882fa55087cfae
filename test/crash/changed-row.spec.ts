import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Province } from '#apps/demo';
import { openPool } from '#database';
import { checkLog, type LogFinding } from '#evidence';
import { call, type Answer } from '../support/http.js';
import { ask, endings, isAnswered, questionOf, type Answered } from './callers.js';
import { openProvince, useDirectory, verifierOf, type Surface } from './surface.js';

const AGENCY = 'housing-990100';
const ORIGIN = 'housing-990100/gateway/0';

let province: Province;
let surface: Surface;
let closed = false;
const dir = useDirectory(() => (closed ? undefined : province?.close()));
let [changed, untouched]: [string, string] = ['', ''];
let index: number;

beforeAll(async () => {
  ({ province, surface } = await openProvince(dir()));
  const answered = await askMany();
  [changed, untouched] = answered.map(({ body }) => body.exchanges[0]!.exchange) as [string, string];
  await asSuperuser(async (pool) => {
    await pool.query('alter table log_entry disable trigger all');
    const { rows } = await pool.query<{ index: string }>(
      `update log_entry set public = convert_to(replace(convert_from(public, 'UTF8'), '"found"', '"none"'), 'UTF8')
         where origin = $1 and exchange = $2 and kind = 'outcome' returning index`,
      [ORIGIN, changed],
    );
    index = Number(rows[0]!.index);
    await pool.query('alter table log_entry enable trigger all');
  });
}, 120_000);

describe('an outcome that the database’s superuser changed', () => {
  test('is named by the check of its log, which no longer gives the signed root', async () => {
    expect(await findings()).toEqual([{ what: 'entry-changed', index }, { what: 'root-differs' }]);
  });

  test('has no receipt any more, while others have theirs', async () => {
    expect(await stateOf(changed)).toMatchObject({ status: 503, body: { code: 6022 } });
    expect(await stateOf(untouched)).toMatchObject({ status: 200, body: { state: 'closed' } });
  });

  test('is not signed by a writer that goes on: what it signs is the tree with the line that was recorded', async () => {
    await askMany();
    expect(await findings()).toEqual([{ what: 'entry-changed', index }, { what: 'root-differs' }]);
  });

  test('keeps the log from being opened for writing again, and the province says which one', async () => {
    await province.close();
    closed = true;
    await expect(openProvince(dir())).rejects.toMatchObject({
      problem: 'log-tampered',
      detail: expect.stringContaining(ORIGIN) as unknown,
    });
  });
});

/** Eight questions in turn, so that the first is about somebody with records. */
async function askMany(): Promise<Answered[]> {
  const asked = [];
  for (let n = 0; n < 8; n++) asked.push(await ask(surface, questionOf(AGENCY)));
  expect(endings(asked)).toEqual({ 200: 8 });
  return asked.filter(isAnswered);
}

function stateOf(exchange: string): Promise<Answer> {
  return call(
    { ...province, logLines: [], dir: dir() },
    { agency: AGENCY, path: `/v1/exchanges/${exchange}` },
  );
}

function findings(): Promise<LogFinding[]> {
  return asSuperuser((pool) => checkLog({ pool }, ORIGIN, [verifierOf(surface, ORIGIN)]));
}

async function asSuperuser<T>(work: (pool: ReturnType<typeof openPool>) => Promise<T>): Promise<T> {
  const database = new URL(surface.databaseUrls.get(AGENCY)!).pathname.slice(1);
  const pool = openPool({ url: province.databases.postgres.url(database), name: 'crash-spec' });
  return work(pool).finally(() => pool.end());
}
