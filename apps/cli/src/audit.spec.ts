import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodePrivateLine, privHash } from '#evidence';
import { Problem } from '#problem';
import { person } from '#testing';
import { cli } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { entryOf, makeLog, receiptAt, write } from './log.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
const { idNumber } = person(11);
const privateLine = encodePrivateLine({
  salt: Buffer.alloc(16, 5).toString('base64url'),
  purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
  basis: ['晋建审字〔2024〕179号'],
  fields: { personName: 'mask', payerName: 'plain' },
});
const log = makeLog(5);
const exchange = '00000000-0000-4000-8000-000000000002';
log.entries[2] = entryOf(log.origin, 2, {
  ...{ region: '990100', heldBack: 2, priv: privHash(privateLine) },
});
log.entries[4] = entryOf(log.origin, 4, { exchange });
const receipt = receiptAt(log, 2, privateLine);
const hit = {
  entry: JSON.parse(receipt.entry) as object,
  queryTitle: '社保缴费记录查询',
  purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
  purposeTitle: '挂证比对排查',
  basis: ['晋建审字〔2024〕179号'],
  fields: { personName: 'mask', payerName: 'plain' },
  receipt,
};

/** A log whose owner records entries in the name of others. */
const strange = makeLog(5, 'fund-990100/adapter/0');

let audit: TestGateway;
let reply: () => unknown;
beforeEach(async () => {
  audit = await startTestGateway(
    () => province.view(),
    () => reply(),
  );
});
afterEach(() => audit.close());

const signed = () => ['--audit', audit.url, '--key', province.key];
const trust = () => ['--keys', write(province.path(), 'log-keys', `${log.verifierKey}\n`)];
const whoAsked = (argv: string[] = ['--id-stdin'], stdin = `${idNumber}\n`) =>
  cli(['audit', 'who-asked', ...signed(), ...argv], { stdin });

describe('who asked about a person', () => {
  test('is asked with the id from a file or standard input, and from nowhere else', async () => {
    reply = () => ({ hits: [], more: false });
    const body = { idType: 'citizen-id', idNumber };
    const file = write(province.path(), 'id', `${idNumber}\n`);
    expect((await whoAsked()).out).toBe('没有查询记录\n');
    await whoAsked(['--id-file', file, '--from', '2026-03-01', '--to', '2026-03-02T08:00:00+08:00']);
    expect(audit.asked.map(({ url, body: sent }) => [url, JSON.parse(sent) as unknown])).toEqual([
      ['/v1/search/subject', body],
      ['/v1/search/subject', { ...body, from: '2026-02-28T16:00:00.000Z', to: '2026-03-02T00:00:00.000Z' }],
    ]);
    for (const argv of [[], ['--id-stdin', '--id-file', file]]) {
      const { code, err } = await whoAsked(argv);
      expect([code, err.split('\n')[0]]).toEqual([2, 'error: one of --id-file and --id-stdin is wanted']);
    }
    expect((await whoAsked(['--id-stdin'], '\n')).err).toContain('there is no id to search for');
    expect((await cli(['audit', 'who-asked', '--help'])).out).not.toContain('--id <');
  });

  test('goes in the clear to no other machine unless that is said', async () => {
    const away = [
      'audit',
      'who-asked',
      '--audit',
      'http://audit.invalid',
      '--key',
      province.key,
      '--id-stdin',
    ];
    const { code, err } = await cli(away, { stdin: idNumber });
    expect([code, err]).toEqual([
      2,
      '7021 输入无法读取: https, or a loopback address, is wanted; --plain-http allows another (--audit)\n',
    ]);
    expect((await cli([...away, '--plain-http'], { stdin: idNumber })).err).toContain('not reached');
  });

  test('is told in Chinese, each entry with its receipt checked, and the id nowhere', async () => {
    reply = () => ({ hits: [hit], more: true });
    const { code, out, err } = await whoAsked(['--id-stdin', ...trust()]);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      '查询记录 1 条，新的在前',
      '',
      '2026-06-01 08:00:00  答复  测试市住房和城乡建设局（housing-990100） → 测试省人力资源和社会保障厅（hrss-990000）',
      '  接口：社保缴费记录查询（HR-SI-01@1），区划 990100',
      '  结果：查到 1，记录 1 条，区划外未放出 2 条',
      '  目的：挂证比对排查（licence-screening），专项 TC-2026-01',
      '  依据：晋建审字〔2024〕179号',
      '  字段：姓名（掩码）、缴费单位名称',
      `  交换 ${exchange}，日志 hrss-990000/adapter/0 第 2 条（共 5 条）：回执核验通过`,
      '',
      '还有更早的记录：加 --to 2026-06-01T00:00:00.000Z 续查',
      '',
    ]);
    expect(out).not.toContain(idNumber);
    expect((await whoAsked()).out).toContain('：回执未核验\n');
  });

  test.each([
    ['another requester', { entry: { ...hit.entry, to: 'fund-990100' } }, 'entry-differs'],
    ['another purpose', { purpose: { code: 'fund-service', case: 'X' } }, 'entry-differs'],
    ['another basis', { basis: [] }, 'entry-differs'],
    ['no receipt', { receipt: undefined }, 'receipt-missing'],
    ['a receipt of another entry', { receipt: receiptAt(log, 3) }, 'entry-differs'],
    ['a changed receipt', { receipt: { ...receipt, proof: 'x' } }, 'proof-unreadable'],
  ])('is not believed for the server’s word: %s', async (_what, change, finding) => {
    reply = () => ({ hits: [{ ...hit, ...change }], more: false });
    const { code, out } = await whoAsked(['--id-stdin', ...trust(), '--json']);
    const { hits } = JSON.parse(out) as { hits: { verified: boolean; findings: { what: string }[] }[] };
    expect([code, hits[0]!.verified, hits[0]!.findings.map(({ what }) => what)]).toEqual([
      1,
      false,
      expect.arrayContaining([finding]),
    ]);
  });

  test('that is refused, or no answer, is one line', async () => {
    reply = () => {
      throw new Problem('not-entitled');
    };
    expect(await whoAsked()).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^4037 .*\n$/) as unknown,
    });
    for (const strange of [[], { hits: 1 }, { hits: [{}] }]) {
      reply = () => strange;
      const { code, err } = await whoAsked();
      expect([code, err]).toEqual([2, '7021 输入无法读取: not the answer of an audit server (--audit)\n']);
    }
  });

  test('shows no control characters that the server sends, also not in what it refuses', async () => {
    reply = () => ({ hits: [{ ...hit, queryTitle: '\u001b[2J' }], more: false });
    expect((await whoAsked()).out).not.toContain('\u001b');
    reply = () => {
      throw new Problem('not-entitled', { detail: '\u001b[2J\r\u009b1A\u202e', field: '\u001b]0;' });
    };
    const { err } = await whoAsked();
    expect([err.match(/\uFFFD/g)?.length, err.slice(-1)]).toEqual([5, '\n']);
    expect(err.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('prints no control characters that the server sends as JSON either, and the same JSON', async () => {
    const queryTitle = '\u009b2J\u007f\u202e\u2028\u{e0001}\ufeff\n\u001b名';
    reply = () => ({ hits: [{ ...hit, queryTitle }], more: false });
    const { out } = await whoAsked(['--id-stdin', '--json']);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(out).toContain('"\\u009b2J\\u007f\\u202e\\u2028\\udb40\\udc01\\ufeff\\n\\u001b名"');
    expect(JSON.parse(out)).toEqual({ hits: [{ ...hit, queryTitle }], more: false });
  });

  test('says nothing of having been checked unless it was', async () => {
    reply = () => ({ hits: [{ ...hit, verified: true, findings: [], log: {} }], more: false });
    expect(JSON.parse((await whoAsked(['--id-stdin', '--json'])).out)).toEqual({ hits: [hit], more: false });
  });
});

describe('the entries of an exchange', () => {
  const of = (...argv: string[]) => cli(['audit', 'receipt', exchange, ...signed(), ...argv]);

  test('are asked for by its id and told with their receipts checked', async () => {
    reply = () => ({ exchange, receipts: [receipt] });
    const { code, out } = await of(...trust());
    expect([code, audit.asked[0]!.url]).toEqual([0, `/v1/receipts/${exchange}`]);
    expect(out).toContain(`交换 ${exchange}：存证 1 条\n`);
    expect(out).toContain('目的：licence-screening，专项 TC-2026-01\n');
    expect(out).toContain('第 2 条（共 5 条）：回执核验通过\n');
  });

  test('hold nothing that could be checked when there are none, now or offline', async () => {
    reply = () => ({ exchange, receipts: [] });
    const { code, out, err } = await of(...trust());
    expect([code, out, err]).toEqual([1, `交换 ${exchange}：存证 0 条\n`, '没有存证条目，无从核验\n']);
    const json = await of(...trust(), '--json');
    expect([json.code, JSON.parse(json.out), json.err]).toEqual([
      1,
      { exchange, receipts: [], verified: [] },
      '没有存证条目，无从核验\n',
    ]);
    const file = write(province.path(), 'none.json', json.out);
    expect((await cli(['verify', 'receipt', file, ...trust()])).code).toBe(1);
  });

  test('kept as JSON are checked later, offline', async () => {
    reply = () => ({ exchange, receipts: [receipt, receiptAt(log, 4)] });
    const { out } = await of('--json');
    const file = write(province.path(), 'receipts.json', out);
    const checked = await cli(['verify', 'receipt', file, ...trust()]);
    expect([checked.code, checked.out.match(/核验通过/g)?.length]).toEqual([0, 2]);
    const spoilt = write(province.path(), 'spoilt.json', out.replace('\\"rows\\":1', '\\"rows\\":2'));
    expect((await cli(['verify', 'receipt', spoilt, ...trust()])).code).toBe(1);
  });

  test.each([
    ['of another exchange', () => [log, receiptAt(log, 3)] as const, '条目属于另一次交换 [other-exchange]'],
    [
      'in the log of another agency',
      () => [strange, receiptAt(strange, 2)] as const,
      '条目或检查点属于另一日志 [other-log]',
    ],
  ])('%s are not taken for them, now or offline', async (_what, given, words) => {
    const [{ verifierKey }, other] = given();
    const keys = ['--keys', write(province.path(), 'other-keys', `${verifierKey}\n`)];
    reply = () => ({ exchange, receipts: [other] });
    const refused = [1, expect.stringContaining(words)];
    const { code, out } = await of(...keys);
    expect([code, out]).toEqual(refused);
    const file = write(province.path(), 'other.json', (await of('--json')).out);
    const later = await cli(['verify', 'receipt', file, ...keys]);
    expect([later.code, later.out]).toEqual(refused);
  });

  test('say nothing of having been checked unless they were', async () => {
    const lie = { verified: true, findings: [], log: {} };
    reply = () => ({ exchange, verified: [lie], receipts: [{ ...receipt, ...lie }] });
    expect(JSON.parse((await of('--json')).out)).toEqual({ exchange, receipts: [receipt] });
  });

  test('come in the clear from no other machine unless that is said', async () => {
    const away = [
      ...['audit', 'receipt', exchange],
      ...['--audit', 'http://audit.invalid', '--key', province.key],
    ];
    const { code, err } = await cli(away);
    expect([code, err]).toEqual([2, expect.stringContaining('--plain-http allows another (--audit)')]);
    expect((await cli([...away, '--plain-http'])).err).toContain('not reached');
  });
});
