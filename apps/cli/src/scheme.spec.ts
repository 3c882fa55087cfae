import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { openBundle, schemeKeyName, type Bundle } from '#sharing';
import { noteVerifier } from '#tlog';
import { cli, done, NOW } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
const { path } = province;
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
    const { code, out } = await cli(['scheme', 'diff', root, root]);
    expect([code, out]).toEqual([0, '没有变化\n']);
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
    [{ campaign: 'TC-2020-01' }, '共享方案未授权此查询目的'],
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

describe('publishing', () => {
  let gateway: TestGateway;
  let inForce: Bundle | undefined;
  const options = () => ['--provider', 'hrss-990000', '--store', path('hrss'), '--gateway', gateway.url];
  const suspended = () =>
    inForce!.schemes.flatMap(({ scheme, grants }) =>
      grants.filter((grant) => grant.suspended).map(({ query }) => `${scheme} ${query}`),
    );

  beforeAll(async () => {
    gateway = await startTestGateway(
      () => province.view(),
      ({ body, agency, url }) => {
        expect(url).toBe('/v1/admin/bundles');
        const { note } = JSON.parse(body) as { note: string };
        const name = schemeKeyName(agency);
        const verifiers = province
          .view()
          .schemeKeys(agency, NOW)
          .map(({ keyObject }) => noteVerifier(name, keyObject));
        inForce = openBundle(note, { provider: agency, verifiers, atLeast: (inForce?.number ?? 0) + 1 });
        return { provider: agency, bundle: inForce.number, changed: true };
      },
    );
  });
  afterAll(() => gateway.close());

  test('a dry run signs and sends nothing', async () => {
    const out = await done(['scheme', 'publish', ...options(), '--dry-run']);
    expect(out).toContain('方案包 hrss-990000 第 1 号（试算，未签名未发布）');
    expect(gateway.asked).toEqual([]);
    expect(existsSync(path('hrss', 'bundle.note'))).toBe(false);
  });

  test('suspending needs to know the bundle in force', async () => {
    const { code, err } = await cli([
      'scheme',
      'suspend',
      ...options(),
      '--requester',
      'housing-990100',
      '--reason',
      '调查',
    ]);
    expect(code).toBe(2);
    expect(err).toBe(
      '7021 输入无法读取: no bundle was signed from this store; name the one in force (--current)\n',
    );
  });

  test('puts the schemes in force as bundle 1 and says what they grant', async () => {
    const out = await done(['scheme', 'publish', ...options()]);
    expect(out).toContain('方案包 hrss-990000 第 1 号已生效');
    expect(out).toContain('新增可见：payerName（缴费单位名称）→ ');
    expect(inForce).toMatchObject({
      provider: 'hrss-990000',
      number: 1,
      issuedAt: new Date(NOW).toISOString(),
    });
    expect(suspended()).toEqual([]);
  });

  test('suspends one query at once, as bundle 2, and changes nothing else', async () => {
    const before = inForce!;
    const target = ['--requester', 'housing-990100', '--query', 'HR-SI-01', '--reason', '涉嫌超范围使用'];
    const out = await done(['scheme', 'suspend', ...options(), ...target, '--json']);
    expect(JSON.parse(out)).toMatchObject({ bundle: 2, changed: true });
    expect((JSON.parse(out) as { changes: string[] }).changes).toEqual([
      expect.stringMatching(/^暂停授权：→ .+，涉嫌超范围使用〔HR-SI-01@1，目的：/),
    ]);
    const grant = inForce!.schemes.find(({ requester }) => requester === 'housing-990100')!.grants[0]!;
    expect(grant.suspended).toEqual({ since: new Date(NOW).toISOString(), reason: '涉嫌超范围使用' });
    const lifted = structuredClone(inForce!.schemes);
    for (const { grants } of lifted) for (const one of grants) delete one.suspended;
    expect(lifted).toEqual(before.schemes);
  });

  test('a suspension that changes nothing is told and not sent', async () => {
    const sent = gateway.asked.length;
    for (const target of [
      ['--requester', 'fund-990200'],
      ['--requester', 'housing-990100', '--query', 'HR-SI-01'],
    ]) {
      const { code, err } = await cli(['scheme', 'suspend', ...options(), ...target, '--reason', '再次']);
      expect([code, err]).toEqual([1, '4030 共享方案未授权此查询: no grant there to change (--requester)\n']);
    }
    expect(gateway.asked.length).toBe(sent);
  });

  test('publishing again does not lift a suspension; resuming does', async () => {
    await done(['scheme', 'publish', ...options()]);
    expect([inForce!.number, suspended()]).toEqual([3, ['hrss-990000.housing-990100 HR-SI-01@1']]);
    await done(['scheme', 'resume', ...options(), '--requester', 'housing-990100']);
    expect([inForce!.number, suspended()]).toEqual([4, []]);
  });

  test('a number that is not next is refused by the gateway and not kept', async () => {
    const kept = readFileSync(path('hrss', 'bundle.note'), 'utf8');
    const { code, err } = await cli(['scheme', 'publish', ...options(), '--number', '2']);
    expect([code, err]).toEqual([1, '7002 方案包编号回退\n']);
    expect(readFileSync(path('hrss', 'bundle.note'), 'utf8')).toBe(kept);
  });

  test('a bundle of which nobody knows whether it arrived keeps its number', async () => {
    const nowhere = [...options().slice(0, -1), 'http://127.0.0.1:9', '--timeout', '300'];
    const { code, err } = await cli(['scheme', 'publish', ...nowhere]);
    expect(code).toBe(1);
    expect(err.split('\n').at(-2)).toMatch(/^5037 网关无法连接/);
    await done(['scheme', 'publish', ...options()]);
    expect(inForce!.number).toBe(6);
  });

  test('the bundle of a file is compared and explained by its signature', async () => {
    const trust = ['--registry', province.registryFile, '--registry-key', province.registryKey];
    const note = path('hrss', 'bundle.note');
    const { code, out, err } = await cli([
      'scheme',
      'diff',
      note,
      loadContracts().root,
      '--provider',
      'hrss-990000',
      ...trust,
    ]);
    expect([code, out, err]).toEqual([0, '没有变化\n', '']);
    const forged = path('forged.note');
    writeFileSync(forged, readFileSync(note, 'utf8').replace('"perDay":20000', '"perDay":90000'));
    const refused = await cli(['scheme', 'diff', forged, note, ...trust]);
    expect([refused.code, refused.err.slice(0, 4)]).toEqual([2, '7001']);
    const untold = await cli(['scheme', 'diff', note, note]);
    expect(untold.err).toBe('方案包的签名未核验（未给出 --registry）\n');
  });
});
