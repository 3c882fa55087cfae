import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dueErasures, evidenceMigrations } from '#evidence';
import { quotaMigrations } from '#quota';
import { ErasureCare } from '#node';
import { createLogger } from '#observability';
import { KeyStore } from '#registry';
import { useDatabaseUrl } from '#testing';
import { openDatabase, type Database } from '#database';
import { cli, NOW, type Ran } from './cli.fixture.js';
import {
  loseEntries,
  startTestMonitor,
  writeEntries,
  writingEntries,
  type TestMonitor,
  type Written,
} from './node-log.fixture.js';
import { LOG, useProvince } from './province.fixture.js';

const SUCCESSOR = 'hrss-990000/adapter/1';
const TODAY = '2026-06-01';
const DAY = 86_400_000;
const province = useProvince();
const { path } = province;
const url = useDatabaseUrl();
let database: Database;
let monitor: TestMonitor;
let mirror: Written;
const key = () => path('hrss', 'keys', 'http-signature.000001.json');
const trust = () => ['--registry', province.registryFile, '--registry-key', province.registryKey];
const own = () => ['--store', path('hrss'), '--database', url(), '--origin', LOG];
const asOwner = () => ['--monitor', monitor.url, '--key', key()];
const refill = (...argv: string[]): Promise<Ran> => cli(['log', 'refill', ...own(), ...asOwner(), ...argv]);
const check = (...argv: string[]): Promise<Ran> =>
  cli(['log', 'check', '--database', url(), '--origin', LOG, ...trust(), ...argv]);

beforeAll(async () => {
  const migrations = [...evidenceMigrations, ...quotaMigrations];
  database = await openDatabase({ url: url(), name: 'cli-spec', migrations });
  mirror = await writeEntries(database, path('hrss'), LOG, 300);
  monitor = await startTestMonitor(
    () => province.view(),
    () => ({ ...mirror, owner: 'hrss-990000' }),
  );
});

beforeEach(() => database.pool.query('truncate quota_spent_day'));

afterAll(async () => {
  await monitor.close();
  await database.close();
});

test('a log is not looked for in a database that is not there, not a node’s, or does not know it', async () => {
  const at = (where: string, origin = LOG) =>
    cli(['log', 'check', '--database', where, '--origin', origin, ...trust()]);
  const nobody = new URL(url());
  nobody.password = 'wrong';
  for (const [ran, line] of [
    [await at('postgres://127.0.0.1:1/x'), '5035 数据库不可用: not reached (--database)\n'],
    [await at('mysql://127.0.0.1/x'), '7021 输入无法读取: a postgres:// URL is wanted (--database)\n'],
    [await at(nobody.href), '7021 输入无法读取: no access (--database)\n'],
    [
      await at(url(), 'hrss-990000/adapter/7'),
      '4040 没有找到: the database does not know this log (--origin)\n',
    ],
  ] as const)
    expect(ran).toEqual({ code: 2, out: '', err: line });
});

describe('refilling a log that lost entries', () => {
  beforeAll(async () => {
    const { lines, checkpoint } = await loseEntries(database, LOG, () =>
      writeEntries(database, path('hrss'), LOG, 400),
    );
    mirror = { lines: [...mirror.lines, ...lines], checkpoint };
  });

  test('is refused by the monitor to an agency that does not own it', async () => {
    const ran = await refill('--key', province.key);
    expect(ran).toEqual({ code: 1, out: '', err: '4037 无权读取此内容\n' });
  });

  test('is refused with a mirror that does not give the signed root, or whose checkpoint nobody signed', async () => {
    const whole = mirror;
    mirror = { ...whole, lines: whole.lines.toSpliced(310, 1, whole.lines[311]!) };
    expect(await refill()).toEqual({
      code: 1,
      out: '',
      err: '6022 日志内容与已签名的根不符: the lines do not give the signed root\n',
    });
    mirror = { ...whole, checkpoint: whole.checkpoint.replace('\n700\n', '\n701\n') };
    const { code, err } = await refill(...trust());
    expect([code, err.slice(0, 4)]).toEqual([1, '6022']);
    mirror = whole;
    expect(await size()).toBe(300);
  });

  test('takes them from the mirror once, and today counts as spent', async () => {
    const ran = await refill('--json', ...trust());
    expect({ ...ran, out: JSON.parse(ran.out) as unknown }).toEqual({
      code: 0,
      err: '',
      out: { origin: LOG, added: 400, size: 700, spent: TODAY, recorded: 700 },
    });
    expect([await size(), await spent()]).toEqual([701, [TODAY]]);
    await database.pool.query('truncate quota_spent_day');
    expect(await refill()).toEqual({
      code: 0,
      err: '',
      out: `${LOG}: the mirror has nothing that the database lacks, 701 entries\n`,
    });
    expect(await spent()).toEqual([]);
    expect(await check()).toEqual({ code: 0, out: `核验通过：日志 ${LOG}，共 701 条\n`, err: '' });
  });
});

describe('private lines', () => {
  const erase = (before: string, ...more: string[]) =>
    cli(['log', 'erase', '--database', url(), '--origin', LOG, '--before', before, '--json', ...more], {
      now: NOW + 2 * DAY,
    });
  const alone = () => ['--store', path('hrss')];

  test('younger than the moment named stay, the others go once, and the log says so and stays whole', async () => {
    expect(await erased(await erase('2026-06-01', ...alone()))).toBe(0);
    await writeEntries(database, path('hrss'), LOG, 3);
    const counts = [];
    for (let i = 0; i < 2; i += 1) counts.push(await erased(await erase('2026-06-02', ...alone())));
    expect(counts).toEqual([301, 0]);
    const { rows } = await database.pool.query<{ public: Buffer }>(
      'select public from log_entry where origin = $1 order by index desc limit 1',
      [LOG],
    );
    expect(JSON.parse(rows[0]!.public.toString())).toMatchObject({
      ...{ kind: 'admin', from: 'hrss-990000', reason: 'private-lines-erased' },
    });
    expect((await check()).code).toBe(0);
  });

  test('are erased by the process that writes the log, while it does', async () => {
    await writingEntries(database, path('hrss'), LOG, async (log) => {
      await log.append({ kind: 'admin', exchange: randomUUID(), from: 'hrss-990000', to: 'hrss-990000' });
      expect(await erase('2026-06-02', ...alone())).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^6020 /),
      });
      const care = new ErasureCare({ database, logger: createLogger('silent') }, log);
      const before = new Date(NOW + 3 * DAY).toISOString();
      const order = ['log', 'erase', '--database', url(), '--origin', LOG, '--before', before, '--json'];
      const ordered = cli(order, { now: NOW + 3 * DAY });
      while ((await dueErasures(database, LOG)).length === 0) await sleep(20);
      await care.tend();
      expect(await erased(await ordered)).toBe(8); // all since, among them what said so before, and says so now
    });
    expect((await check()).code).toBe(0);
  });

  test('stay when no process writes the log, and the order is taken back', async () => {
    expect(await erase('2026-06-02')).toEqual({
      ...{ code: 1, out: '' },
      err: '5031 存证日志不可写，未放出任何数据: no process that writes it began, nothing is said or erased; if none runs, --store erases without one (of a closed log with --as) (--origin)\n',
    });
    const { rows } = await database.pool.query('select from erasure_order where done_at is null');
    expect(rows).toEqual([]);
  }, 30_000);
});

describe('checking a log', () => {
  test('tells every change of the database’s superuser', async () => {
    await database.pool.query(
      `alter table log_entry disable trigger user;
       update log_entry set kind = 'key' where origin = '${LOG}' and index = 5;
       update log_entry set public = public || ' '::bytea where origin = '${LOG}' and index = 400;
       alter table log_entry enable trigger user`,
    );
    const { code, out } = await check('--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      valid: false,
      origin: LOG,
      size: await size(),
      findings: [
        { what: 'columns-differ', index: 5 },
        { what: 'entry-changed', index: 400 },
        { what: 'tile-differs', path: 'tile/0/1' },
        { what: 'root-differs' },
      ],
    });
    expect((await check()).out).toContain('条目在库中的列与其内容不符 [columns-differ] 第 5 条');
  });
});

describe('closing a log', () => {
  const close = (...argv: string[]) => cli(['log', 'close', ...own(), '--successor', SUCCESSOR, ...argv]);

  test('needs a key of the successor, and a checkpoint that the log signed', async () => {
    const file = path('checkpoint');
    writeFileSync(file, mirror.checkpoint);
    const keyless = await close('--checkpoint', file);
    expect([keyless.code, keyless.err]).toEqual([
      2,
      '5001 密钥库不可用或权限不当: no key of the successor (successor)\n',
    ]);
    new KeyStore(path('hrss'), 'hrss-990000').logKey(SUCCESSOR, NOW);
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n700\n', '\n699\n'));
    expect((await close('--checkpoint', file)).err.slice(0, 4)).toBe('6022');
    expect(await spent()).toEqual([]);
  });

  test('says where it ended and spends today; nobody writes it again', async () => {
    const ran = await close(...asOwner(), '--json');
    expect({ ...ran, out: JSON.parse(ran.out) as unknown }).toEqual({
      code: 0,
      err: '',
      out: { origin: LOG, successor: SUCCESSOR, index: 0, size: 700, spent: TODAY },
    });
    expect(await spent()).toEqual([TODAY]);
    await expect(writeEntries(database, path('hrss'), LOG, 1)).rejects.toMatchObject({
      problem: 'log-fenced',
    });
  });
});

function erased({ code, out, err }: Ran): Promise<number> {
  expect([code, err]).toEqual([0, '']);
  return Promise.resolve((JSON.parse(out) as { erased: number }).erased);
}

async function size(): Promise<number> {
  const { rows } = await database.pool.query<{ size: string }>(
    'select size from log_head where origin = $1',
    [LOG],
  );
  return Number(rows[0]!.size);
}

async function spent(): Promise<string[]> {
  const { rows } = await database.pool.query<{ day: string }>('select day::text from quota_spent_day');
  return rows.map(({ day }) => day);
}
