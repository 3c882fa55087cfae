import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { cli } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { checkpointOf, forkOf, makeLog, write } from './log.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
let monitor: TestGateway;
let reply: () => unknown;
beforeEach(async () => {
  monitor = await startTestGateway(
    () => province.view(),
    () => reply(),
  );
});
afterEach(() => monitor.close());

const read = (name: string, ...argv: string[]) =>
  cli(['monitor', name, '--monitor', monitor.url, '--key', province.key, ...argv]);
const asked = () => monitor.asked.at(-1)!.url;
const at = '2026-06-01T00:00:00.000Z';
const exchange = '00000000-0000-4000-8000-000000000002';

describe('volumes', () => {
  const counts = { exchanges: 2, subjects: 30, disclosures: 2, rows: 41, heldBack: 0, replays: 1 };

  test('are a table of what the monitor counted, asked for as the options say', async () => {
    const by = ['requester', 'provider', 'query', 'outcome'];
    const row = {
      requester: 'housing-990100',
      provider: 'hrss-990000',
      query: 'HR-SI-01@1',
      outcome: 'found',
    };
    reply = () => ({ unit: 'day', from: at, to: at, by, rows: [{ ...row, ...counts }] });
    const { code, out } = await read('volumes', '--requester', 'housing-990100', '--from', '2026-06-01');
    expect(code).toBe(0);
    expect(Object.fromEntries(new URL(asked(), 'http://x').searchParams)).toEqual({
      unit: 'day',
      by: by.join(','),
      requester: 'housing-990100',
      from: '2026-05-31T16:00:00.000Z',
    });
    expect(out.split('\n')).toEqual([
      '交换量，2026-06-01 08:00:00 至 2026-06-01 08:00:00',
      '请求方          提供方       接口        结果  交换  人次  答复  记录  区划外  重复',
      'housing-990100  hrss-990000  HR-SI-01@1  查到     2    30     2    41       0     1',
      '',
    ]);
    reply = () => ({ unit: 'day', from: at, to: at, by, rows: [] });
    expect((await read('volumes')).out).toContain('没有交换\n');
  });

  test('are refused in one line, and an answer that is none is told', async () => {
    reply = () => {
      throw new Problem('schema-invalid', { field: 'by' });
    };
    expect(await read('volumes', '--by', 'name')).toEqual({
      code: 1,
      out: '',
      err: '4003 请求不符合接口契约 (by)\n',
    });
    reply = () => ({});
    expect((await read('volumes')).err).toBe('7021 输入无法读取: not the answer of a monitor (--monitor)\n');
  });
});

describe('the reconciliation', () => {
  test('is a figure, and 1 when it is not 0', async () => {
    const total = { at, exchanges: 12, settled: 11, pending: 1, difference: 0, byKind: {} };
    reply = () => total;
    const well = await read('reconciliation');
    expect([well.code, well.out]).toEqual([
      0,
      '对账差异 0（交换 12，已核对 11，未到期 1），2026-06-01 08:00:00\n',
    ]);
    reply = () => ({ ...total, difference: 1, byKind: { 'outcome-missing': 1 } });
    const { code, out } = await read('reconciliation');
    expect([code, out.split('\n').slice(1, 3)]).toEqual([
      1,
      ['  1 次：缺结果条目 [outcome-missing]', '逐次列出：--differences'],
    ]);
  });

  test('names each exchange, why, and where its entries are', async () => {
    const entries = {
      intent: { origin: 'housing-990100/gateway/0', index: 4 },
      disclosure: { origin: 'hrss-990000/adapter/0', index: 7 },
      strays: [{ origin: 'fund-990100/adapter/0', index: 1 }],
    };
    const difference = {
      ...{ exchange, requester: 'housing-990100', provider: 'hrss-990000', query: 'HR-SI-01@1' },
      ...{ at, due: at, faults: ['wrong-log', 'disclosure-unacknowledged'], entries },
    };
    reply = () => ({ at, differences: [difference], next: exchange });
    const { code, out } = await read(
      'reconciliation',
      '--differences',
      '--kind',
      'wrong-log',
      '--limit',
      '1',
    );
    expect([code, asked()]).toEqual([1, '/v1/reconciliation/differences?kind=wrong-log&limit=1']);
    expect(out.split('\n').slice(2)).toEqual([
      `交换 ${exchange}  housing-990100 → hrss-990000  HR-SI-01@1  2026-06-01 08:00:00，应于 2026-06-01 08:00:00 前核对`,
      '  条目未记在本部门日志中 [wrong-log]',
      '  已答复，请求方未记收到 [disclosure-unacknowledged]',
      '  提问：housing-990100/gateway/0 第 4 条',
      '  答复：hrss-990000/adapter/0 第 7 条',
      '  多余：fund-990100/adapter/0 第 1 条',
      '',
      `还有：加 --after ${exchange} 续查`,
      '',
    ]);
    const wrong = await read('reconciliation', '--limit', '1');
    expect([wrong.code, wrong.err.split('\n')[0]]).toEqual([2, 'error: --limit goes with --differences']);
  });
});

describe('alarms', () => {
  const log = makeLog(8);
  const fork = forkOf(log, 3);
  const alarm = {
    ...{ id: 7, kind: 'forked', origin: log.origin, raisedAt: at, detail: { size: 8 } },
    proof: [checkpointOf(log), checkpointOf(fork)],
  };

  test('are none, or give 1 while one is open', async () => {
    reply = () => ({ alarms: [] });
    expect(await read('alarms')).toMatchObject({ code: 0, out: '没有告警\n' });
    expect(asked()).toBe('/v1/alarms');
    reply = () => ({ alarms: [{ ...alarm, kind: 'silent', proof: [], clearedAt: at }] });
    expect(await read('alarms', '--all')).toMatchObject({
      code: 0,
      out: expect.stringContaining('静默 [silent]') as unknown,
    });
    expect(asked()).toBe('/v1/alarms?state=all');
  });

  test('come with their proof, checked by the log’s key and written for `verify fork`', async () => {
    reply = () => ({ alarms: [alarm] });
    const keys = write(province.path(), 'log-keys', `${log.verifierKey}\n`);
    const { code, out } = await read('alarms', '--keys', keys, '--proofs', province.path('proofs'));
    expect(code).toBe(1);
    expect(out).toContain(`7  ${log.origin}：分叉 [forked]，2026-06-01 08:00:00 起\n`);
    expect(out).toContain('  签名检查点 2 个，签名核验通过\n');
    const files = readdirSync(province.path('proofs')).toSorted();
    expect(files).toEqual(['7-1.checkpoint', '7-2.checkpoint']);
    const proved = await cli([
      ...['verify', 'fork', ...files.map((file) => province.path('proofs', file))],
      ...['--keys', keys],
    ]);
    expect([proved.code, proved.out.slice(0, 4)]).toEqual([0, '分叉成立']);
    const stranger = write(province.path(), 'stranger', `${makeLog(1).verifierKey}\n`);
    expect((await read('alarms', '--keys', stranger)).out).toContain('签名核验不通过');
  });

  test('are not proved by the checkpoints of another log', async () => {
    const other = makeLog(8, 'fund-990100/adapter/0');
    const keys = write(province.path(), 'both-keys', `${log.verifierKey}\n${other.verifierKey}\n`);
    reply = () => ({
      alarms: [{ ...alarm, clearedAt: at, proof: [checkpointOf(log), checkpointOf(other)] }],
    });
    const { code, out } = await read('alarms', '--all', '--keys', keys);
    expect([code, out]).toEqual([1, expect.stringContaining('条目或检查点属于另一日志 [other-log] 2\n')]);
  });

  test('tell a program what was found out about them, and nothing that the monitor says of that', async () => {
    const stranger = write(province.path(), 'a-stranger', `${makeLog(1).verifierKey}\n`);
    reply = () => ({ alarms: [{ ...alarm, verified: true, findings: [] }], files: ['x'] });
    const json = async (...argv: string[]) =>
      JSON.parse((await read('alarms', '--json', ...argv)).out) as { alarms: { findings: object[] }[] };
    expect(await json()).toEqual({ alarms: [alarm] });
    expect((await json('--keys', stranger)).alarms[0]!.findings).toEqual([
      expect.objectContaining({ what: 'checkpoint-unverified', path: '1' }),
      expect.objectContaining({ what: 'checkpoint-unverified', path: '2' }),
    ]);
  });
});

test('logs are a table of how far each is mirrored', async () => {
  const log = { origin: 'hrss-990000/adapter/0', size: 12, lag: 0, state: 'following', grownAt: at };
  reply = () => ({ at, logs: [{ ...log, alarms: ['silent'] }] });
  expect((await read('logs')).out.split('\n').slice(1)).toEqual([
    '日志                   条数  未镜像  最近增长             状态    告警',
    'hrss-990000/adapter/0    12       0  2026-06-01 08:00:00  镜像中  静默 [silent]',
    '',
  ]);
});
