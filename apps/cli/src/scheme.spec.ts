import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { cli, useFolder } from './cli.fixture.js';

const path = useFolder();
const SCHEME = ['sharing', 'hrss-990000', 'housing-990100.yaml'] as const;

/** A copy of the contracts in which a spec may change the scheme of 人社 for the housing bureau. */
function contractsWith(name: string, change: (yaml: string) => string): string {
  const folder = path(name);
  cpSync(loadContracts().root, folder, { recursive: true });
  const file = path(name, ...SCHEME);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return folder;
}

describe('scheme lint', () => {
  test('tells every fault of a folder that cannot be loaded, as errors', async () => {
    const contracts = contractsWith('broken', (yaml) =>
      yaml.replace('payerName:', 'salary:').replace("['990100']", "['123456']"),
    );
    const { code, out } = await cli(['scheme', 'lint', '--contracts', contracts, '--json']);
    expect(code).toBe(1);
    const findings = JSON.parse(out) as { level: string; scheme: string }[];
    expect(findings.length).toBeGreaterThanOrEqual(2);
    expect(new Set(findings.map(({ level, scheme }) => `${level} ${scheme}`))).toEqual(
      new Set([`error ${SCHEME.join('/')}`]),
    );
  });

  test('tells an overlap as an error and exits with 1', async () => {
    const contracts = contractsWith('overlap', (yaml) => {
      const first = yaml.indexOf('  - query: HR-SI-02@1');
      return `${yaml}${yaml.slice(first, yaml.indexOf('  - query: HR-LR-01@1'))}`;
    });
    const { code, out } = await cli([
      'scheme',
      'lint',
      '--contracts',
      contracts,
      '--provider',
      'hrss-990000',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('错误 hrss-990000 hrss-990000.housing-990100 /grants/5/purposes/0：与另一授权重叠');
  });

  test('tells of the schemes in the tree what somebody has to look at, and no error', async () => {
    const { code, out } = await cli(['scheme', 'lint', '--provider', 'hrss-990000']);
    expect(code).toBe(0);
    expect(out).toContain(
      '警告 hrss-990000 hrss-990000.housing-990100 /grants/3/validity/to：已于 2025-06-30 到期',
    );
    expect(out).toMatch(/提示 .*可见部分至少对应 \d+ 个可能的号码/);
    expect(out).not.toContain('错误');
  });
});

describe('scheme diff', () => {
  test('says nothing changed when nothing did', async () => {
    const { root } = loadContracts();
    const { code, out, err } = await cli(['scheme', 'diff', root, root]);
    expect([code, out, err]).toEqual([0, '没有变化\n', '']);
  });

  test('says in Chinese what more and what less can be seen', async () => {
    const after = contractsWith('wider', (yaml) =>
      yaml
        .replace('payerName: { release: plain }', 'payerName: { release: mask, mask: unit }')
        .replace('perDay: 20000', 'perDay: 20001'),
    );
    const { out } = await cli(['scheme', 'diff', loadContracts().root, after, '--provider', 'hrss-990000']);
    expect(out.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(
        /^收紧或不变 hrss-990000：放出方式变更：payerName（缴费单位名称）→ .+，由明文改为.+〔HR-SI-01@1，目的：/,
      ),
      expect.stringMatching(/^放宽 hrss-990000：每日配额变更：→ .+，由 20000 改为 20001〔HR-SI-01@1，目的：/),
    ]);
  });
});

describe('scheme explain', () => {
  const question = (more: Record<string, string> = {}) =>
    Object.entries({
      requester: 'housing-990100',
      provider: 'hrss-990000',
      query: 'HR-SI-01',
      field: 'idNumber',
      purpose: 'licence-screening',
      campaign: 'TC-2026-01',
      region: '990100',
      ...more,
    }).flatMap(([name, value]) => [`--${name}`, value]);

  test('says as what a field is seen, by which grant and on which basis', async () => {
    const { code, out } = await cli(['scheme', 'explain', ...question()]);
    expect(code).toBe(0);
    expect(out).toContain('可以：');
    expect(out).toContain('共享方案 hrss-990000.housing-990100 第 1 版授权');
    expect(out).toContain('依据：晋建审字〔2024〕179号 二(二)');
  });

  test.each([
    [{ region: '990200' }, '查询区划超出授权范围'],
    [{ purpose: 'fund-service' }, '共享方案未授权此查询目的'],
    [
      { campaign: 'TC-2020-01' },
      '目的 licence-screening 已授权，专项不在授权之列，已授权的专项是 TC-2026-01',
    ],
    [{ requester: 'fund-990200' }, '共享方案未授权此查询'],
    [{ at: '2031-01-01' }, '授权未生效或已到期'],
  ])('says why not with %j', async (change, why) => {
    const { code, out } = await cli(['scheme', 'explain', ...question(change), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      allowed: false,
      basis: [],
      why: expect.stringContaining(why) as unknown,
    });
  });
});
