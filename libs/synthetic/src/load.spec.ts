import { beforeAll, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import {
  CENTRES,
  emptySources,
  fundSource,
  generateProvince,
  hrssSource,
  housingSource,
  type Label,
  loadProvince,
  type LoadCounts,
  type ProvinceSource,
  samplePersons,
} from './index.js';
import { BLOCK } from './unit.js';

const OPTIONS = { seed: 20260301, persons: 2_000 };

describe('a loaded province', () => {
  const housing = useDatabase(housingSource, { pipeline: false });
  const hrss = useDatabase(hrssSource, { pipeline: false });
  const funds = {
    '990100': useDatabase(fundSource, { pipeline: false }),
    '990200': useDatabase(fundSource, { pipeline: false }),
  };
  const sources = (): ProvinceSource[] => [
    { vocabulary: 'housing', region: '990000', database: housing() },
    { vocabulary: 'hrss', region: '990000', database: hrss() },
    ...CENTRES.map((region) => ({ vocabulary: 'fund' as const, region, database: funds[region]() })),
  ];
  let counts: LoadCounts;
  const first = new Map<string, Label>();

  beforeAll(async () => {
    expect(await emptySources(sources())).toHaveLength(4);
    counts = await loadProvince({ ...OPTIONS, sources: sources() });
    for await (const label of generateProvince(OPTIONS).labels()) {
      if (label.index >= samplePersons.length && !first.has(label.situation))
        first.set(label.situation, label);
    }
  });

  const one = async (database: { pool: ReturnType<typeof housing>['pool'] }, sql: string, id: string) =>
    (await database.pool.query<{ x: string }>(sql, [id])).rows.map(({ x }) => x);
  const numberOf = (situation: string) => first.get(situation)?.idNumber ?? fail(situation);

  /** Credit codes of the units that each agency names for the person planted with a situation. */
  async function seen(situation: string) {
    const id = numberOf(situation);
    const registered = `select distinct qy_tyshxydm as x from ry_jbxx join ry_zcxx using (ry_id) join qy_jbxx using (reg_qyid)
      where idcard = $1 and reg_state = '1' order by 1`;
    const paid = `select distinct coalesce(bab010, aab004, '个人') as x from ac01 join ac43 using (aac001) left join ab01 using (aab001)
      where aae135 = $1 order by 1`;
    const works = `select distinct bab010 as x from ac01 join ldyg_ba using (aac001) join ab01 using (aab001)
      where aae135 = $1 and (aae031 is null or aae031 > '2026-10-31') order by 1`;
    const deposits =
      'select distinct tyshxydm as x from grzhxx join dwzhxx using (dwzh) where zjhm in ($1, $2) order by 1';
    const old = `${id.slice(0, 6)}${id.slice(8, 17)}`;
    const fund = await Promise.all(
      CENTRES.map(async (centre) =>
        (await funds[centre]().pool.query<{ x: string }>(deposits, [id, old])).rows.map(({ x }) => x),
      ),
    );
    return {
      registered: await one(housing(), registered, id),
      paid: await one(hrss(), paid, id),
      works: await one(hrss(), works, id),
      fund: fund.flat(),
    };
  }

  test('holds exactly the generated rows, table by table', async () => {
    const generated = generateProvince(OPTIONS);
    const expected: Record<string, number> = {};
    for (const [source, tables] of [
      ['housing', generated.housing],
      ['hrss', generated.hrss],
      ...CENTRES.map((centre) => [`fund-${centre}`, generated.fund[centre]] as const),
    ] as const) {
      for (const table of tables) {
        let rows = 0;
        for await (const _ of table.rows()) rows += 1;
        expected[`${source}.${table.name}`] = rows;
      }
    }
    expect(counts).toEqual(expected);
    for (const [name, rows] of Object.entries(counts)) {
      const [source, table] = name.split('.') as [string, string];
      const database =
        { housing, hrss, 'fund-990100': funds['990100'], 'fund-990200': funds['990200'] }[source] ??
        fail(source);
      const stored = await database().pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
      expect([name, stored.rows[0]?.n]).toEqual([name, rows]);
    }
    expect(counts['hrss.ac43']).toBeGreaterThan(20_000);
  });

  test('is not loaded a second time', async () => {
    await expect(loadProvince({ ...OPTIONS, sources: sources() })).rejects.toThrow('is not empty');
    expect(await emptySources(sources())).toEqual([]);
    expect((await housing().pool.query('select count(*)::int as n from ry_jbxx')).rows).toEqual([
      { n: counts['housing.ry_jbxx'] },
    ]);
  });

  test('keeps the ground truth out of every database', async () => {
    for (const database of [housing, hrss, funds['990100'], funds['990200']]) {
      const { rows } = await database().pool.query<{ column_name: string }>(
        "select column_name from information_schema.columns where table_schema = 'public' and column_name ~ 'label|rule|situation'",
      );
      expect(rows).toEqual([]);
    }
  });

  test('R07: all four agencies name one unit', async () => {
    const { registered, paid, works, fund } = await seen('all-agree');
    expect(registered).toHaveLength(1);
    expect([paid, works, fund]).toEqual([registered, registered, registered]);
  });

  test('R09: the payer is a branch of the registered unit', async () => {
    const { registered, paid } = await seen('paid-by-branch');
    const relation =
      "select gx_tyshxydm as x from qy_jbxx join qy_gx using (reg_qyid) where qy_tyshxydm = $1 and gx_type = '分公司'";
    expect(paid).toEqual(await one(housing(), relation, registered[0] ?? ''));
    expect(await one(hrss(), 'select frxydm as x from ab01 where bab010 = $1', paid[0] ?? '')).toEqual(
      registered,
    );
  });

  test('R08, R10, R15, R16, R21: the payer is the registered unit in another guise, or its kin', async () => {
    expect((await seen('payer-without-credit-code')).paid).toEqual([expect.stringContaining('（集团） ')]);
    const absorbed = await seen('unit-absorbed');
    const successor = 'select bg_new_tyshxydm as x from qy_bgjl where bg_old_tyshxydm = $1';
    expect(absorbed.paid).toEqual(await one(housing(), successor, absorbed.registered[0] ?? ''));
    const kin =
      "select gx_tyshxydm as x from qy_jbxx join qy_gx using (reg_qyid) where qy_tyshxydm = $1 and gx_type <> '分公司'";
    for (const situation of ['institution-pays-its-firm', 'university-pays-its-firm', 'paid-by-parent']) {
      const { registered, paid } = await seen(situation);
      expect(paid).toEqual(await one(housing(), kin, registered[0] ?? ''));
    }
    const renamed = `select distinct (reg_qymc <> qy_name and reg_qymc = bg_old_name)::text as x from ry_jbxx join ry_zcxx using (ry_id)
      join qy_jbxx using (reg_qyid) join qy_bgjl using (reg_qyid) where idcard = $1`;
    expect(await one(housing(), renamed, numberOf('unit-renamed'))).toEqual(['true']);
  });

  test('R11, R12, R31, R32, R30, R27: who pays, who employs and who deposits are others', async () => {
    const works = await seen('works-elsewhere');
    expect([works.paid, works.works]).toEqual([
      works.registered,
      expect.not.arrayContaining(works.registered),
    ]);
    const fund = await seen('fund-paid-elsewhere');
    expect([fund.paid, fund.fund]).toEqual([fund.registered, expect.not.arrayContaining(fund.registered)]);
    const unrelated = await seen('paid-by-unrelated-unit');
    expect(unrelated).toEqual({
      registered: unrelated.registered,
      paid: expect.not.arrayContaining(unrelated.registered),
      works: [],
      fund: [],
    });
    const high = await seen('works-for-unrelated-unit');
    expect(high.paid).not.toEqual(high.registered);
    expect([high.works, high.fund]).toEqual([high.paid, high.paid]);
    expect((await seen('two-payers')).paid).toHaveLength(2);
    const moved = await seen('changed-jobs');
    expect(moved.works).toHaveLength(1);
    expect(moved.works).not.toEqual(moved.registered);
  });

  test('R20, R22, R23: the payer’s kind tells', async () => {
    const kind = `select distinct aab019 || '/' || aab022 || '/' || aae140 as x from ac01 join ac43 using (aac001) join ab01 using (aab001)
      where aae135 = $1`;
    expect(await one(hrss(), kind, numberOf('paid-by-organ'))).toEqual(['60/9221/120']);
    expect(await one(hrss(), kind, numberOf('paid-by-dispatch-unit'))).toEqual(['10/7263/110']);
    expect(await one(hrss(), kind, numberOf('paid-by-agency'))).toEqual(['10/7262/110']);
    const dispatched = 'select pqbz as x from ac01 join ldyg_ba using (aac001) where aae135 = $1';
    expect(await one(hrss(), dispatched, numberOf('paid-by-dispatch-unit'))).toEqual(['1']);
  });

  test('R17, R18, R24, R25: nobody pays for them but they themselves, or nobody at all', async () => {
    const own = `select distinct aae140 || '/' || aaa115 || '/' || coalesce(aac064, '-') as x from ac01 join ac43 using (aac001)
      where aae135 = $1 and aab001 is null`;
    expect(await one(hrss(), own, numberOf('veteran-pays-alone'))).toEqual(['110/10/10']);
    expect(await one(hrss(), own, numberOf('bought-out'))).toEqual(['110/20/-']);
    expect(await one(hrss(), own, numberOf('pays-alone'))).toEqual(['110/10/-']);
    expect(await one(hrss(), own, numberOf('resident-pension-only'))).toEqual(['170/10/-']);
    expect(await seen('nowhere-insured')).toMatchObject({ paid: [], works: [], fund: [] });
  });

  test('R01–R05, R36: the housing side shows conflict, state, death, ban, two units and the ministry’s list', async () => {
    const known = 'select ry_name as x from ry_jbxx where idcard = $1';
    expect(await one(housing(), known, numberOf('wrong-check-digit-in-housing'))).toEqual([]);
    const names = 'select aac003 as x from ac01 where aae135 = $1 order by 1';
    expect(await one(hrss(), names, numberOf('two-names-in-hrss'))).toHaveLength(2);
    const other = numberOf('other-name-in-housing');
    expect(await one(housing(), known, other)).not.toEqual(await one(hrss(), names, other));
    const state = 'select distinct reg_state as x from ry_jbxx join ry_zcxx using (ry_id) where idcard = $1';
    const states = ['registration-cancelled', 'registration-lapsed', 'registration-revoked'];
    expect(await Promise.all(states.map((situation) => one(housing(), state, numberOf(situation))))).toEqual([
      ['2'],
      ['3'],
      ['4'],
    ]);
    const died = 'select aae138::text as x from ac01 where aae135 = $1';
    expect(await one(hrss(), died, numberOf('deceased'))).toEqual([expect.stringMatching(/^2026-/)]);
    const banned =
      "select (punish_edate > '2026-10-31')::text as x from ry_jbxx join ry_bljl using (ry_id) where idcard = $1";
    expect(await one(housing(), banned, numberOf('banned-yet-registered'))).toEqual(['true']);
    expect((await seen('registered-at-two-units')).registered).toHaveLength(2);
    const listed = 'select list_no as x from ry_ysgz where idcard = $1';
    expect(await one(housing(), listed, numberOf('listed-by-the-ministry-yet-matching'))).toHaveLength(1);
  });

  test('R06, R13, R14, R26, R28, R29, R33–R35, R38: time, place and hints', async () => {
    const months = `select string_agg(aae003::text, ' ' order by aae003) as x from ac01 join ac43 using (aac001) where aae135 = $1`;
    expect(await one(hrss(), months, numberOf('new-entrant'))).toEqual(['202610']);
    expect((await one(hrss(), months, numberOf('gap-of-two-months')))[0]?.split(' ')).toHaveLength(11);
    expect((await one(hrss(), months, numberOf('paid-elsewhere-long-ago')))[0]).toMatch(/^202402 .* 202609$/);
    const late = `select count(*)::text as x from ac01 join ac43 using (aac001) where aae135 = $1 and aaa115 = '20'`;
    expect(await one(hrss(), late, numberOf('paid-afterwards'))).toEqual(['3']);
    const retired = "select aac084 || (aic162 < '2026-10-31') as x from ac01 where aae135 = $1";
    expect(await one(hrss(), retired, numberOf('retired-and-rehired'))).toEqual(['1true']);
    const fund = async (sql: string, situation: string) =>
      (await Promise.all(CENTRES.map((centre) => one(funds[centre](), sql, numberOf(situation))))).flat();
    expect(
      await fund(
        "select (gxsj < now() - interval '1 year')::text as x from grzhxx where zjhm = $1",
        'fund-data-too-old',
      ),
    ).toEqual(['true']);
    expect(await fund('select grzhzt as x from grzhxx where zjhm = $1', 'fund-sealed')).toEqual(['02']);
    const away = `select distinct (left(ac43.aab301, 4) <> left(ab01.aab301, 4))::text as x from ac01 join ac43 using (aac001)
      join ab01 using (aab001) where aae135 = $1`;
    expect(await one(hrss(), away, numberOf('paid-in-another-city'))).toEqual(['true']);
    const exam = 'select bmdw as x from ac01 join zyzg_ksbm using (aac001) where aae135 = $1';
    const holder = 'select cflx as x from ac01 join ryda using (aac001) where aae135 = $1';
    const units = 'select distinct reg_qymc as x from ry_jbxx join ry_zcxx using (ry_id) where idcard = $1';
    const entered = numberOf('entered-exam-from-another-unit');
    expect(await one(hrss(), exam, entered)).not.toEqual(await one(housing(), units, entered));
    expect(await one(hrss(), holder, numberOf('file-at-talent-centre'))).toEqual(['2']);
    expect(await seen('foreigner-passport')).toMatchObject({
      registered: [expect.any(String)],
      paid: [],
      fund: [],
    });
  });

  test('R37: one unit has most of its registered persons paid by others', async () => {
    const { rows } = await housing().pool.query<{ n: number }>(
      `select count(distinct ry_id)::int as n from ry_zcxx where reg_qyid like 'Q%' group by reg_qyid
       having right(reg_qyid, 7)::int % ${BLOCK} = 0 and right(reg_qyid, 7)::int > 0`,
    );
    expect(rows).toEqual([{ n: expect.any(Number) }]);
    expect(rows[0]?.n).toBeGreaterThanOrEqual(10);
  });

  test('shows each sample person as documented', async () => {
    for (const { idNumber, name, registeredUnit, index } of samplePersons) {
      const { rows } = await housing().pool.query<{ ry_name: string; reg_qymc: string }>(
        'select ry_name, reg_qymc from ry_jbxx join ry_zcxx using (ry_id) where idcard = $1 order by reg_sdate, rn',
        [idNumber],
      );
      expect({
        index,
        names: rows.map(({ ry_name }) => ry_name),
        units: rows.map(({ reg_qymc }) => reg_qymc),
      }).toEqual({
        index,
        names: rows.map(() => name),
        units: expect.arrayContaining([registeredUnit.name]),
      });
    }
    const [, mismatch, , none, ambiguous, , , away] = samplePersons;
    const payers =
      'select distinct aab004 as x from ac01 join ac43 using (aac001) join ab01 using (aab001) where aae135 = $1';
    expect(await one(hrss(), payers, mismatch?.idNumber ?? '')).toEqual(['测试规划设计院']);
    expect(await one(hrss(), 'select aac003 as x from ac01 where aae135 = $1', none?.idNumber ?? '')).toEqual(
      [],
    );
    expect(
      await one(
        hrss(),
        'select aac003 as x from ac01 where aae135 = $1 order by 1',
        ambiguous?.idNumber ?? '',
      ),
    ).toEqual(['赵模拟', '赵模拟试']);
    expect(
      await one(funds['990200'](), 'select xingming as x from grzhxx where zjhm = $1', away?.idNumber ?? ''),
    ).toEqual(['吴甲乙']);
    expect(
      await one(funds['990100'](), 'select xingming as x from grzhxx where zjhm = $1', '990101710203005'),
    ).toEqual(['欧阳𠮷']);
  });
});

function fail(what: string): never {
  throw new Error(`missing: ${what}`);
}
