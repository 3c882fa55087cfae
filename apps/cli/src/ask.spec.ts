import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CallAnswer, type ExchangeAnswer } from '#client';
import { type QueryRequest } from '#contracts';
import { privHash } from '#evidence';
import { Problem } from '#problem';
import { person } from '#testing';
import { cli } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { commitTo, entryOf, makeLog, receiptAt, write } from './log.fixture.js';
import { LOG, useProvince } from './province.fixture.js';

const province = useProvince();
const { idNumber } = person(11);
const released: ExchangeAnswer = {
  exchange: '00000000-0000-4000-8000-000000000001',
  provider: 'hrss-990000',
  answer: 'found',
  dataTime: '2026-05-31T16:00:00.000Z',
  bundle: 3,
  results: [
    {
      subject: 0,
      answer: 'found',
      records: [
        {
          personName: '张**',
          payerName: '测试\u001b[2J\u202e公司',
          arrived: true,
          months: ['2026-01', '2026-02'],
        },
      ],
    },
  ],
  withheld: [{ field: 'idNumber', reason: 'not-granted' }],
  fields: { personName: 'mask', payerName: 'plain' },
  heldBack: 2,
};
const { privateLine, bodyNonce } = commitTo(released);
const log = makeLog(3, LOG);
log.entries[1] = entryOf(LOG, 1, { priv: privHash(privateLine), heldBack: 2 });

function answer(): CallAnswer {
  return {
    call: '22222222-2222-4222-8222-222222222222',
    requestId: '33333333-3333-4333-8333-333333333333',
    query: 'HR-SI-01@1',
    answer: 'partial',
    exchanges: [
      { ...released, bodyNonce, receipt: receiptAt(log, 1, privateLine) },
      {
        exchange: '00000000-0000-4000-8000-000000000002',
        provider: 'fund-990100',
        answer: 'unavailable',
        bundle: 1,
        results: [],
        withheld: [],
        fields: {},
        heldBack: 0,
        reason: 'provider-timeout',
      },
    ],
    missing: ['fund-990100'],
  };
}

let gateway: TestGateway;
let reply: () => unknown;
beforeAll(async () => {
  gateway = await startTestGateway(
    () => province.view(),
    () => reply(),
  );
});
afterAll(() => gateway.close());

const base = () => ['ask', 'HR-SI-01', '--gateway', gateway.url, '--key', province.key];
const whole = () => [
  ...base(),
  ...[
    '--subject',
    idNumber,
    '--purpose',
    'licence-screening',
    '--campaign',
    'TC-2026-01',
    '--region',
    '990100',
  ],
  ...['--operator', 'officer-0001', '--params', '{"months":{"from":"2026-01","to":"2026-02"}}'],
];
const lastBody = () => JSON.parse(gateway.asked.at(-1)!.body) as QueryRequest;

describe('a question that is refused', () => {
  test('is one line with its code, and 1', async () => {
    reply = () => {
      throw new Problem('field-not-granted', { field: '/fields/0' });
    };
    const { code, out, err } = await cli(whole());
    expect([code, out, err]).toEqual([1, '', '4031 共享方案未授权此字段 (/fields/0)\n']);
  });

  test('gives a program the gateway’s own document', async () => {
    const problem = new Problem('day-quota', { extensions: { retryAfter: 60 } });
    reply = () => {
      throw problem;
    };
    const { code, out, err } = await cli([...whole(), '--json']);
    expect([code, JSON.parse(out), err]).toEqual([1, problem.toDocument(), '4291 当日配额已用完\n']);
  });

  test('by an address that nobody listens at is told once for each address, however often it is tried', async () => {
    const dead = ['http://127.0.0.1:1', 'http://127.0.0.1:2'];
    const [, , , , ...rest] = whole();
    const argv = ['ask', 'HR-SI-01', '--gateway', ...dead, ...rest, '--timeout', '1500'];
    const { code, out, err } = await cli(argv);
    const lines = err.trimEnd().split('\n');
    expect([code, out, lines.length]).toEqual([1, '', 3]);
    expect(lines[0]).toMatch(/^http:\/\/127\.0\.0\.1:1: gateway-unreachable/);
    expect(lines[1]).toMatch(/^http:\/\/127\.0\.0\.1:2: gateway-unreachable/);
    expect(lines[2]).toMatch(/^5037 网关无法连接/);
  });

  test('is told when the key is not registered', async () => {
    const { code, err } = await cli([...whole()], { now: Date.parse('2025-01-01T00:00:00Z') });
    expect([code, err]).toEqual([1, '4011 签名时间超出允许范围 (signature-input)\n']);
  });
});

describe('a question that is answered', () => {
  beforeAll(() => {
    reply = answer;
  });

  test('is printed with titles, what was withheld and why, and who is missing', async () => {
    const { code, out, err } = await cli(whole());
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'HR-SI-01@1 社保缴费记录查询：部分答复',
      '调用 22222222-2222-4222-8222-222222222222，请求 33333333-3333-4333-8333-333333333333',
      '',
      '■ 测试省人力资源和社会保障厅（hrss-990000）：查到，数据时间 2026-05-31T16:00:00.000Z，方案包第 3 号',
      '  对象 1：查到，1 条',
      '    第 1 条',
      '      姓名（掩码）：张**',
      '      缴费单位名称：测试\uFFFD[2J\uFFFD公司',
      '      是否足额到账：是',
      '      费款所属期：2026-01、2026-02',
      '  另有 2 条记录不在授权区划内，未放出',
      '  未放出：证件号码——共享方案未授权',
      '  交换 00000000-0000-4000-8000-000000000001：有回执，未核验',
      '',
      expect.stringMatching(/^■ .+（fund-990100）：未能答复（提供方未在时限内答复），方案包第 1 号$/),
      '  交换 00000000-0000-4000-8000-000000000002：没有回执',
      '',
    ]);
    expect(out).not.toContain(idNumber);
  });

  test('was asked as the options say, or as the request file does', async () => {
    await cli([
      ...whole(),
      '--claim',
      'uscc=91990101MA00DEM14A',
      '--fields',
      'payerName,region',
      '--deadline',
      '5000',
    ]);
    const asked = lastBody();
    expect(asked).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      operatorId: 'officer-0001',
      purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
      region: '990100',
      subjects: [{ idType: 'citizen-id', idNumber, claims: { uscc: '91990101MA00DEM14A' } }],
      fields: ['payerName', 'region'],
      params: { months: { from: '2026-01', to: '2026-02' } },
      deadlineMs: 5000,
    });
    const file = province.path('request.json');
    writeFileSync(file, JSON.stringify(asked));
    expect((await cli([...base(), '--request', file])).code).toBe(0);
    expect(lastBody()).toEqual(asked);
    expect((await cli([...base(), '--request', '-'], { stdin: JSON.stringify(asked) })).code).toBe(0);
    expect(lastBody()).toEqual(asked);
  });

  test('has its evidence checked by a signed registry, and 1 when that does not hold', async () => {
    const trust = ['--registry', province.registryFile, '--registry-key', province.registryKey];
    const { code, out } = await cli([...whole(), ...trust]);
    expect(code).toBe(1); // the fixture's log has a key that is not the registered one
    expect(out).toContain('  交换 00000000-0000-4000-8000-000000000001：回执核验不通过');
    expect(out).toContain('检查点没有可信密钥的有效签名 [checkpoint-unverified]');
  });

  test('says nothing of having been checked unless it was', async () => {
    const lie = { verified: true, findings: [], log: {} };
    const lying = () => ({
      ...{ ...answer(), ...lie },
      exchanges: answer().exchanges.map((exchange) => ({ ...exchange, ...lie })),
    });
    reply = lying;
    const { out } = await cli([...whole(), '--json']);
    expect(JSON.parse(out)).toEqual(answer());
    reply = () => {
      throw new Problem('provider-timeout', { extensions: { exchanges: lying().exchanges, ...lie } });
    };
    const refused = await cli([...whole(), '--json']);
    reply = answer;
    const { exchanges } = answer();
    expect(JSON.parse(refused.out)).toEqual(
      new Problem('provider-timeout', { extensions: { exchanges } }).toDocument(),
    );
  });

  test('can be kept as JSON and checked later by the log’s key', async () => {
    const { out } = await cli([...whole(), '--json']);
    expect(JSON.parse(out)).toEqual(answer());
    const kept = write(province.path(), 'answer.json', out);
    const keys = write(province.path(), 'log-keys', log.verifierKey);
    const checked = await cli(['verify', 'receipt', kept, '--keys', keys, '--requester', 'housing-990100']);
    expect([checked.code, checked.out]).toEqual([
      0,
      `核验通过：交换 00000000-0000-4000-8000-000000000001，日志 ${LOG} 第 1 条（共 3 条）\n`,
    ]);
    const spoilt = write(province.path(), 'spoilt.json', out.replace('2026-02"', '2026-03"'));
    const found = await cli(['verify', 'receipt', spoilt, '--keys', keys, '--requester', 'housing-990100']);
    expect([found.code, found.out.split('\n')[1]]).toEqual([
      1,
      '  答复内容与条目所记的摘要不符，或无从核对 [values-differ]',
    ]);
  });
});
