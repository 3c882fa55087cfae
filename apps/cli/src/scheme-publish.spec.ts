import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { Problem } from '#problem';
import { openBundle, schemeKeyName, type Bundle } from '#sharing';
import { noteVerifier } from '#tlog';
import { cli, done, NOW } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
const { path } = province;

describe('publishing', () => {
  let gateway: TestGateway;
  let inForce: Bundle | undefined;
  let note: string | null = null;
  let newest: number | undefined;
  const options = () => ['--provider', 'hrss-990000', '--store', path('hrss'), '--gateway', gateway.url];
  let failing = false;
  const published = () => gateway.asked.filter(({ url }) => url === '/v1/admin/bundles').length;
  const suspended = () =>
    inForce!.schemes.flatMap(({ scheme, grants }) =>
      grants.filter((grant) => grant.suspended).map(({ query }) => `${scheme} ${query}`),
    );

  beforeAll(async () => {
    gateway = await startTestGateway(
      () => province.view(),
      ({ body, agency, url }) => {
        if (url === '/v1/admin/bundle') {
          const number = inForce?.number ?? 0;
          return { provider: agency, bundle: note === null ? null : number, note, newest: newest ?? number };
        }
        expect(url).toBe('/v1/admin/bundles');
        if (failing) throw new Problem('database-unavailable');
        const { note: brought } = JSON.parse(body) as { note: string };
        const name = schemeKeyName(agency);
        const verifiers = province
          .view()
          .schemeKeys(agency, NOW)
          .map(({ keyObject }) => noteVerifier(name, keyObject));
        inForce = openBundle(brought, { provider: agency, verifiers, atLeast: (inForce?.number ?? 0) + 1 });
        note = brought;
        return { provider: agency, bundle: inForce.number, changed: true };
      },
    );
  });
  afterAll(() => gateway.close());

  test('a dry run signs and sends nothing', async () => {
    const out = await done(['scheme', 'publish', ...options(), '--dry-run']);
    expect(out).toContain('方案包 hrss-990000 第 1 号（试算，未签名未发布）');
    expect(published()).toBe(0);
    expect(existsSync(path('hrss', 'bundle.note'))).toBe(false);
  });

  test('suspending needs a bundle in force', async () => {
    const { code, err } = await cli([
      'scheme',
      'suspend',
      ...options(),
      '--requester',
      'housing-990100',
      '--reason',
      '调查',
    ]);
    expect([code, err]).toEqual([
      2,
      '7021 输入无法读取: no bundle is in force that could be changed (--provider)\n',
    ]);
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
    const sent = published();
    const run = async (command: string, ...target: string[]) => {
      const reason = command === 'suspend' ? ['--reason', '再次'] : [];
      const { code, err } = await cli(['scheme', command, ...options(), '--requester', ...target, ...reason]);
      return [code, err];
    };
    expect(await run('suspend', 'fund-990200')).toEqual([
      1,
      '4030 共享方案未授权此查询: no grant there to change (--requester)\n',
    ]);
    expect(await run('suspend', 'housing-990100', '--query', 'HR-SI-01')).toEqual([
      1,
      '这些授权已在暂停中，没有变更 (--requester)\n',
    ]);
    expect(await run('resume', 'housing-990100', '--query', 'HR-LR-01')).toEqual([
      1,
      '这些授权不在暂停中，没有变更 (--requester)\n',
    ]);
    expect(await run('suspend', 'housing-99010')).toEqual([
      2,
      '7021 输入无法读取: no such agency or class in the contracts (--requester)\n',
    ]);
    expect(await run('suspend', 'housing-990100', '--query', 'HR-XX-01')).toEqual([
      2,
      '4004 没有这个查询接口 (--query)\n',
    ]);
    expect(published()).toBe(sent);
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

  test('a number that leaps is refused before anything is signed, with the highest that may follow', async () => {
    const kept = readFileSync(path('hrss', 'bundle.note'), 'utf8');
    const sent = published();
    for (const more of [[], ['--dry-run']]) {
      const { code, err } = await cli([
        ...['scheme', 'publish', ...options()],
        ...['--number', '900719925474099', ...more],
      ]);
      expect([code, err]).toEqual([
        2,
        '7006 方案包编号超出允许范围: bundle 900719925474099 of hrss-990000: after 4 at most 10000004 (--number)\n',
      ]);
    }
    const { code, err } = await cli(['scheme', 'publish', ...options(), '--number', '9007199254740991']);
    expect([code, err]).toEqual([2, expect.stringContaining('a whole number from 1 to 999999999999999')]);
    expect([published(), readFileSync(path('hrss', 'bundle.note'), 'utf8')]).toEqual([sent, kept]);
  });

  test('a bundle of which nobody knows whether it arrived keeps its number', async () => {
    failing = true;
    const { code, err } = await cli(['scheme', 'publish', ...options(), '--timeout', '300']);
    failing = false;
    expect(code).toBe(1);
    expect(err.split('\n').at(-2)).toMatch(/^\d{4} .*$/);
    expect(inForce!.number).toBe(4);
    await done(['scheme', 'publish', ...options()]);
    expect(inForce!.number).toBe(6);
  });

  test('a gateway that does not say what is in force stops everything', async () => {
    const nowhere = [...options().slice(0, -1), 'http://127.0.0.1:9', '--timeout', '300'];
    const { code, err } = await cli(['scheme', 'publish', ...nowhere]);
    expect([code, err.split('\n').at(-2)]).toEqual([1, expect.stringMatching(/^5037 网关无法连接/)]);
  });

  test('another machine’s store signs the next bundle against what the node has in force', async () => {
    await done(['scheme', 'suspend', ...options(), '--requester', 'housing-990100', '--reason', '核查']);
    const before = [inForce!.number, suspended()];
    const kept = readFileSync(path('hrss', 'bundle.note'), 'utf8');
    rmSync(path('hrss', 'bundle.note'));
    await done(['scheme', 'publish', ...options()]);
    expect([inForce!.number - 1, suspended()]).toEqual(before);
    await done(['scheme', 'resume', ...options(), '--requester', 'housing-990100']);
    expect(kept).not.toBe(note);
  });

  test('a node that lost its bundle gets the one signed last again, or nothing until it is named', async () => {
    const lost = note;
    [note, newest] = [null, inForce!.number];
    await done(['scheme', 'publish', ...options(), '--dry-run']);
    newest += 1;
    const { code, err } = await cli(['scheme', 'publish', ...options()]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^7021 .*the node holds it no more.*\(--current\)/),
    ]);
    [note, newest] = [lost, undefined];
  });

  test('what is in force is compared with the folder as soon as the options for asking are there', async () => {
    const { root } = loadContracts();
    const compared = await cli(['scheme', 'diff', 'in-force', root, ...options()]);
    expect(compared).toEqual({ code: 0, out: '没有变化\n', err: '' });
    const { code, err } = await cli(['scheme', 'diff', 'in-force', root, ...options().slice(0, -2)]);
    expect([code, err]).toEqual([2, '7021 输入无法读取: wanted for in-force (--gateway)\n']);
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
    expect(untold.err).toMatch(/^注意：方案包的签名未核验（未给出 --registry 和 --registry-key）/);

    const explain = (file: string, ...more: string[]) =>
      cli([
        ...['scheme', 'explain', '--bundle', file, '--requester', 'housing-990100', '--query', 'HR-SI-01'],
        ...['--provider', 'hrss-990000', '--field', 'idNumber', '--purpose', 'licence-screening'],
        ...['--campaign', 'TC-2026-01', '--region', '990100', ...more],
      ]);
    expect(await explain(note, ...trust)).toMatchObject({ code: 0, err: '' });
    expect((await explain(forged, ...trust)).err.slice(0, 4)).toBe('7001');
    for (const more of [[], ['--json']]) {
      const { code, err } = await explain(forged, ...more);
      expect([code, err]).toEqual([0, expect.stringMatching(/^注意：方案包的签名未核验.*可能是伪造的\n$/)]);
    }
  });
});
