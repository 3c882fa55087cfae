import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { clientOf } from '#apps/demo';
import { type CallAnswer } from '#client';
import { loadContracts } from '#contracts';
import { samplePersons } from '#synthetic';
import { cli, fileIn, keyFileOf, storeOf, trustOf, type Ran } from '../support/cli.js';
import { question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const housing = 'housing-990100';
const hrss = 'hrss-990000';
const urlOf = (agency: string) => province().gateways.get(agency)!.url;
const whoAsks = (gateway = urlOf(housing), key = keyFileOf(province(), housing)) => [
  ...['--gateway', gateway, '--key', key],
];
const about = (person: number) => [
  ...['--subject', samplePersons[person]!.idNumber, '--purpose', 'licence-screening'],
  ...['--campaign', 'TC-2026-01', '--region', '990100', '--operator', 'officer-0117'],
];
const months = ['--params', '{"months":{"from":"2026-04","to":"2026-09"}}'];

const ask = (query: string, ...argv: string[]): Promise<Ran> => cli(['ask', query, ...whoAsks(), ...argv]);

describe('a question that is not answered', () => {
  test.each([
    ['a grant that has expired', ['HR-EX-01', ...about(0)], '4033 授权未生效或已到期\n'],
    [
      'a region beyond the grant',
      ['HR-SI-01', ...about(0), ...months, '--region', '990200'],
      '4032 查询区划超出授权范围 (/region)\n',
    ],
    [
      'a field beyond the grant',
      ['PF-01', ...about(0), ...months, '--fields', 'unitName,contributionBase'],
      '4031 共享方案未授权此字段 (/fields/1)\n',
    ],
    ['no parameters', ['HR-SI-01', ...about(0)], '4003 请求不符合接口契约: required (/params)\n'],
  ])('for %s says so with its code and exits with 1', async (_why, [query, ...argv], line) => {
    const { code, out, err } = await ask(query!, ...argv);
    expect([code, out, err]).toEqual([1, '', line]);
  });

  test('is not asked with the key of another agency, nor at another agency’s gateway', async () => {
    const tail = [...about(0), ...months];
    for (const where of [
      whoAsks(urlOf(housing), keyFileOf(province(), hrss)),
      whoAsks(urlOf(hrss), keyFileOf(province(), housing)),
    ]) {
      const { code, out, err } = await cli(['ask', 'HR-SI-01', ...where, ...tail]);
      expect([code, out, err.slice(0, 4)]).toEqual([1, '', '4037']);
    }
  });

  test('is not asked with a key that nobody registered', async () => {
    const store = `${province().dir}/stray`;
    const made = await cli([
      'keys',
      'make',
      '--store',
      store,
      '--agency',
      housing,
      '--use',
      'http-signature',
    ]);
    expect(made.code).toBe(0);
    const key = `${store}/keys/http-signature.000001.json`;
    const argv = ['ask', 'HR-SI-01', ...whoAsks(urlOf(housing), key), ...about(0), ...months];
    const { code, err } = await cli(argv);
    expect([code, err.slice(0, 4)]).toEqual([1, '4010']);
  });

  test('says that no gateway was there, and a second one that is there answers', async () => {
    const nobody = await deadAddress();
    const tail = [...about(0), ...months, '--timeout', '5000'];
    const alone = await cli(['ask', 'HR-SI-01', ...whoAsks(nobody), ...tail, '--timeout', '300']);
    expect(alone.code).toBe(1);
    expect(alone.err.split('\n').at(-2)).toMatch(/^5037 /);
    const gateways = ['--gateway', nobody, urlOf(housing), '--key', keyFileOf(province(), housing)];
    const { code, err } = await cli(['ask', 'HR-SI-01', ...gateways, ...tail]);
    expect([code, err]).toEqual([0, `${nobody}: gateway-unreachable ECONNREFUSED\n`]);
  });
});

describe('a question that is answered', () => {
  test('is printed in Chinese, masked, with evidence that the province’s registry vouches for', async () => {
    const { idNumber, name } = samplePersons[0]!;
    const { code, out, err } = await ask('HR-SI-01', ...about(0), ...months, ...trustOf(province()));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('HR-SI-01@1 社保缴费记录查询：查到');
    expect(out).toContain('■ 测试省人力资源和社会保障厅（hrss-990000）：查到');
    expect(out).toMatch(/证件号码（掩码）：9\*{16}0/);
    expect(out).toMatch(/：回执核验通过，日志 hrss-990000\/adapter\/0 第 \d+ 条（共 \d+ 条）\n/);
    expect(out).not.toContain(idNumber);
    expect(out).not.toContain(name);
  });

  test('with 无记录 is a success, with evidence too', async () => {
    const { code, out } = await ask('HR-SI-01', ...about(3), ...months, ...trustOf(province()));
    expect(code).toBe(0);
    expect(out).toContain('  对象 1：无记录\n');
    expect(out).toContain('：回执核验通过，');
  });

  test('can be checked later, offline, from what --json printed: every value of it', async () => {
    const argv = [...about(0), '--claim', `uscc=${samplePersons[0]!.registeredUnit.uscc}`];
    const asked = await ask('HR-SI-02', ...argv, '--params', '{"month":"2026-09"}', '--json');
    expect([asked.code, asked.err]).toEqual([0, '']);
    const answer = JSON.parse(asked.out) as CallAnswer;
    const [{ results, receipt } = { results: [] }] = answer.exchanges;
    expect(results[0]?.records[0]).toMatchObject({ payerUscc: '一致' });
    expect(JSON.parse(receipt!.entry)).toMatchObject({ kind: 'disclosure', from: hrss, to: housing });

    const check = async (text: string, requester = housing): Promise<unknown> => {
      const file = fileIn(province(), 'answer.json', text);
      const verify = ['verify', 'receipt', file, '--requester', requester, ...trustOf(province()), '--json'];
      const { code, out, err } = await cli(verify);
      const { receipts, findings } = JSON.parse(out) as {
        receipts: { findings: { what: string }[] }[];
        findings: { what: string }[];
      };
      const all = [...receipts.flatMap((receipt) => receipt.findings), ...findings];
      return [code, err, all.map(({ what }) => what)];
    };
    expect(await check(asked.out)).toEqual([0, '', []]);
    expect(await check(asked.out.replace('"一致"', '"不一致"'))).toEqual([1, '', ['values-differ']]);
    const flipped = JSON.stringify({ ...answer, answer: 'none' });
    expect(await check(flipped)).toEqual([1, '', ['call-differs']]);
    expect(await check(asked.out, 'housing-990000')).toEqual([1, '', ['other-requester']]);
  });
});

describe('a request signed for curl', () => {
  const sh = async (command: string): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)('sh', ['-c', command.replace(/^curl/, 'curl --silent')], {
      env: { ...process.env, no_proxy: '*' },
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const signed = async (path: string, ...argv: string[]): Promise<string> => {
    const key = ['--key', keyFileOf(province(), housing)];
    const { code, out, err } = await cli([
      'keys',
      'sign-curl',
      ...key,
      '--url',
      urlOf(housing) + path,
      ...argv,
    ]);
    expect([code, err]).toEqual([0, '']);
    return out;
  };

  test('is answered once', async () => {
    const body = fileIn(province(), 'question.json', JSON.stringify(question()));
    const command = await signed('/v1/queries/HR-SI-01', '--method', 'POST', '--data', `@${body}`);
    expect(await sh(command)).toMatchObject({ query: 'HR-SI-01@1', answer: 'found' });
    expect(await sh(command)).toMatchObject({ status: 401, code: 4012 });
  });

  test('may be one without a body', async () => {
    const { quotas } = await sh(await signed('/v1/quotas'));
    expect(quotas).toContainEqual(expect.objectContaining({ provider: hrss, query: 'HR-SI-01@1' }));
  });
});

describe('a provider’s own schemes', () => {
  const store = () => ['--provider', hrss, '--store', storeOf(province(), hrss), '--gateway', urlOf(hrss)];
  const target = ['--requester', housing, '--query', 'HR-LR-01'];
  const asked = async (query: string): Promise<number | string> => {
    const { code, err } = await ask(query, ...about(0), ...(query === 'HR-SI-01' ? months : []));
    return code === 0 ? 0 : err.slice(0, 4);
  };

  const active = () => province().gateways.get(hrss)!.node.bundles.active(hrss)!;

  test('in force are told by the own gateway, and compared with the folder', async () => {
    const { note, number } = active();
    const told = (agency: string) => clientOf(province(), agency).bundleInForce();
    expect(await told(hrss)).toEqual({ provider: hrss, bundle: number, note, newest: number });
    expect(await told(housing)).toEqual({ provider: housing, bundle: null, note: null, newest: 0 });
    const same = await cli(['scheme', 'diff', 'in-force', loadContracts().root, ...store()]);
    expect([same.code, same.out]).toEqual([0, '没有变化\n']);
  });

  test('are not put in force over a bundle that the given one is not', async () => {
    const { number, note } = active();
    const stale = fileIn(province(), 'stale.note', note);
    await cli(['scheme', 'publish', ...store()]);
    const { code, err } = await cli([
      'scheme',
      'publish',
      ...store(),
      '--current',
      stale,
      '--number',
      `${number}`,
    ]);
    expect([code, err.slice(0, 4)]).toEqual([1, '7002']);
  });

  test('are published, suspended for the very next question, and resumed', async () => {
    const { number } = active();
    const published = await cli(['scheme', 'publish', ...store()]);
    expect([published.code, published.err]).toEqual([0, '']);
    expect(published.out).toContain(`方案包 hrss-990000 第 ${number + 1} 号已生效\n  没有变化\n`);
    expect(await asked('HR-LR-01')).toBe(0);

    const suspended = await cli(['scheme', 'suspend', ...store(), ...target, '--reason', '核查']);
    expect([suspended.code, suspended.err]).toEqual([0, '']);
    expect(await asked('HR-LR-01')).toBe('4034');
    expect(await asked('HR-SI-01')).toBe(0);

    const resumed = await cli(['scheme', 'resume', ...store(), ...target]);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    await reaches(housing, number + 3);
    expect(await asked('HR-LR-01')).toBe(0);
  });

  /** The requester's own gateway has to hear that it may ask again; the design gives it a second. */
  async function reaches(agency: string, number: number): Promise<void> {
    const { bundles } = province().gateways.get(agency)!.node;
    for (const started = Date.now(); bundles.active(hrss)!.number < number; await sleep(5)) {
      if (Date.now() - started > 2_000) throw new Error('the bundle did not arrive within two seconds');
    }
  }
});

/** An address on which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}
