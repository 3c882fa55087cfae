import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mirrored } from '#apps/demo';
import { type CallAnswer } from '#client';
import { samplePersons } from '#synthetic';
import { checkpointOf, forkOf, makeLog, writeLog } from '../../apps/cli/src/log.fixture.js';
import { call, question } from '../support/http.js';
import { filledIn, paste, printedCommands, ROOT } from '../support/printed.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
const [HOUSING, HRSS, DATA] = ['housing-990100', 'hrss-990000', 'data-990000'] as const;
const ORIGIN = `${HRSS}/adapter/0`;
const root = mkdtempSync(join(tmpdir(), 'documents-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const gatewayOf = (agency: string) => province().gateways.get(agency)!.url;
const nodeOf = (agency: string) => join(province().dir, 'nodes', agency);
const auditOf = (agency: string) => province().watching.audits.get(agency)!.url;

/** A folder of its own, with links to what the document takes to be there. */
function folder(name: string, links: Readonly<Record<string, string>> = {}): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const [link, target] of Object.entries(links)) symlinkSync(target, join(path, link));
  return path;
}

/** Who pastes stands in a checkout: what is left in the folder and could be committed from there. */
function notIgnored(cwd: string): string[] {
  const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n');
  const patterns = ignored.filter((line) => line !== '').map((line) => line.replaceAll(/^\/|\/$/g, ''));
  return readdirSync(cwd).filter((name) => !patterns.some((pattern) => matchesGlob(name, pattern)));
}

jest.setTimeout(180_000); // each command is a process of its own that compiles what it runs: seconds, on a busy machine

const fingerprintIn = (printed: string) => /fingerprint ([0-9a-f]{64})/.exec(printed)![1]!;

describe('the commands of README', () => {
  test('ask, also from a file and with curl', async () => {
    const script = filledIn(printedCommands('README.md', 'Ask a question yourself'), {
      'http://127.0.0.1:PORT': gatewayOf(HOUSING),
      "'KEY'": `'${province().keys.registryKey}'`,
    });
    const cwd = folder('readme', { province: province().dir });
    const out = await paste(script, { cwd });
    expect(out).toContain('社保缴费单位一致性核验：查到');
    expect(out).toContain('：回执核验通过，');
    expect(out).toContain('HR-SI-01@1 社保缴费记录查询：查到');
    const byCurl = JSON.parse(out.slice(out.lastIndexOf('{"call"'))) as CallAnswer;
    expect(byCurl).toMatchObject({ query: 'HR-SI-01@1', answer: 'found' });
    expect(byCurl.replayed).toBeUndefined();
    expect(notIgnored(cwd)).toEqual([]);
  });

  test('make, register and rotate keys', async () => {
    const cwd = folder('readme-keys');
    const [make, ...rest] = printedCommands('README.md', 'Keys').split('\n');
    const FINGERPRINT = fingerprintIn(await paste(make!, { cwd }));
    const out = await paste(filledIn(rest.join('\n'), { FINGERPRINT }), { cwd });
    expect(out).toContain('registry 1 with 1 keys: registry/registry-000001.note\n');
    expect(out).toContain('registry 2 with 2 keys: registry/registry-000002.note\n');
    expect(notIgnored(cwd)).toEqual([]);
  });
});

describe('the commands of the guide for askers', () => {
  test('make, register and rotate keys', async () => {
    const cwd = folder('client-keys');
    await paste('cli keys make --store province-keys --agency data-990000 --use registry', { cwd });
    const lines = printedCommands('docs/guides/client.md', 'Keys').split('\n');
    const FINGERPRINT = fingerprintIn(await paste(lines.slice(0, 2).join('\n'), { cwd }));
    const rest = filledIn(lines.slice(2).join('\n'), { '<hex, as compared>': FINGERPRINT });
    expect(await paste(rest, { cwd })).toContain('registry 1 with 1 keys');
    expect(notIgnored(cwd)).toEqual([]);
  });

  test('ask, with curl too, and check what was answered, the log and a fork', async () => {
    const cwd = folder('client', { keys: nodeOf(HOUSING), auditor: join(nodeOf(DATA), 'keys') });
    mkdirSync(join(cwd, 'registry'));
    symlinkSync(join(province().dir, 'registry.note'), join(cwd, 'registry/registry-000001.note'));
    const { registryKey } = province().keys;
    const asking = filledIn(printedCommands('docs/guides/client.md', 'Asking from a terminal'), {
      'https://gw1.example': gatewayOf(HOUSING),
      'https://gw2.example': gatewayOf(HOUSING),
      '<verifier key of the province>': registryKey,
    });
    const out = await paste(asking.replace(/^( +--request .*)$/m, '$1 --json > answer.json'), { cwd });
    expect(JSON.parse(out)).toMatchObject({ query: 'HR-SI-01@1', answer: 'found' });

    const log = makeLog(300);
    const files = { older: checkpointOf(log, 200), newer: checkpointOf(log) };
    const forked = { one: checkpointOf(log), other: checkpointOf(forkOf(log, 3)) };
    for (const [name, note] of Object.entries({ ...files, ...forked })) writeFileSync(join(cwd, name), note);
    writeLog(join(cwd, 'log-folder'), log);
    await paste(
      `cli keys show --store "${nodeOf(HRSS)}" --agency ${HRSS} | sed -n 's/.*verifier key //p' > log-keys`,
      { cwd },
    );
    writeFileSync(join(cwd, 'log-keys'), `\n${log.verifierKey}\n`, { flag: 'a' });
    const checking = filledIn(printedCommands('docs/guides/client.md', 'Evidence, offline'), {
      'https://audit.example': auditOf(HRSS),
      '<vkey>': registryKey,
    });
    const said = await paste(checking, { cwd });
    expect(said.match(/^核验通过：/gm)).toHaveLength(3);
    expect(said).toMatch(/哈希瓦片 \d+ 个，条目 \d+ 条\n/);
    expect(said).toContain('一致：日志 ');
    expect(said).toContain('分叉成立：日志 ');
  });
});

describe('the commands of the guide for those who connect', () => {
  test('make a centre’s keys and bring them into the province’s registry', async () => {
    const cwd = folder('connect');
    cpSync(join(ROOT, 'contracts'), join(cwd, 'contracts'), { recursive: true });
    cpSync(
      join(ROOT, 'test/conformance/sample-centre/fund-990102.yaml'),
      join(cwd, 'contracts/agencies/fund-990102.yaml'),
    );
    await paste('cli keys make --store province-keys --agency data-990000 --use registry', { cwd });
    const script = printedCommands('docs/guides/adapter.md', '8. Keys and registration');
    const [making = '', registering = ''] = script.split(/^(?=cli keys register )/m);
    const shown = await paste(making, { cwd });
    const register = filledIn(registering.split(/^cli scheme/m)[0]!, {
      '<hex>': fingerprintIn(shown.slice(shown.lastIndexOf('http-signature/1'))),
      ' --registry-source': ' --contracts contracts --registry-source',
    });
    expect(await paste(register, { cwd })).toContain('registry 1 with 5 keys: ');
  });
});

describe('the commands of the guide for auditors', () => {
  const document = 'docs/guides/auditor.md';
  let cwd: string;
  let exchange: string;
  const audit = () => ({ 'https://audit.example': auditOf(HRSS) });

  beforeAll(async () => {
    const subjects = [{ idType: 'citizen-id', idNumber: samplePersons[0]!.idNumber }];
    const body = { ...question(), subjects };
    const asked = await call(province(), { agency: HOUSING, path: '/v1/queries/HR-SI-01', body });
    ({ exchange } = (asked.body as unknown as CallAnswer).exchanges[0]!);
    expect(await mirrored(province(), 20_000)).toBe(true);
    const keys = join(nodeOf(HRSS), 'keys');
    cwd = folder('auditor', { keys, 'registry.note': join(province().dir, 'registry.note') });
    writeFileSync(join(cwd, 'id.txt'), `${samplePersons[0]!.idNumber}\n`);
    writeFileSync(join(cwd, 'uscc.txt'), `${samplePersons[0]!.registeredUnit.uscc}\n`);
    await paste(`curl -s ${auditOf(HRSS)}/logs/${ORIGIN}/checkpoint > older`, { cwd });
  });

  /** The section's commands, after the `checked` that the first one defines. */
  function run(section: string, values: Readonly<Record<string, string>>): Promise<string> {
    const checked = /^checked\(\).*$/m.exec(printedCommands(document, 'Who asked about a person'))![0];
    const preamble = filledIn(checked, { VKEY: province().keys.registryKey });
    const script = filledIn(printedCommands(document, section).replace(checked, ''), values);
    return paste(`${preamble}\n${script}`, { cwd });
  }

  test('find who asked', async () => {
    const out = await run('Who asked about a person', audit());
    expect(out).toMatch(/^查询记录 \d+ 条，新的在前\n/);
    expect(out).toContain('目的：挂证比对排查（licence-screening），专项 TC-2026-01\n');
    expect(out).toContain('没有查询记录\n');
    expect(out).not.toContain('不通过');
  });

  test('find an exchange’s entries, and check them offline', async () => {
    const out = await run('One exchange, and offline', { ...audit(), EXCHANGE: exchange });
    expect(out).toContain(`交换 ${exchange}：存证 1 条\n`);
    expect(out).toContain(`核验通过：交换 ${exchange}，`);
    expect(out).not.toContain('不通过');
  });

  test('check the log itself', async () => {
    const out = await run('The log itself', audit());
    expect(out).toContain('一致：日志 ');
    expect(out).not.toContain('不通过');
  });

  test('find whether it adds up', async () => {
    const out = await run('Does it add up', { 'https://monitor.example': province().monitorUrl });
    expect(out).toContain('对账差异 0（');
    expect(out).toContain('没有差异，');
    expect(out).toContain('没有告警\n');
    expect(notIgnored(cwd)).toEqual(['newer', 'older', 'registry.note']); // signed, and open to all
  });
});

// Last: it suspends a grant of the province.
describe('the commands of a provider for its schemes', () => {
  test('lint, explain, compare, publish and suspend', async () => {
    const cwd = folder('schemes', { keys: nodeOf(HRSS), contracts: join(ROOT, 'contracts') });
    writeFileSync(
      join(cwd, 'bundle-before.note'),
      province().gateways.get(HRSS)!.node.bundles.active(HRSS)!.note,
    );
    const section = "Schemes (a provider's own)";
    const script = printedCommands('docs/guides/client.md', section);
    const out = await paste(filledIn(script, { 'https://gw.example': gatewayOf(HRSS) }), { cwd });
    expect(out).toContain('可以：');
    expect(out.match(/^没有变化$/gm)).toHaveLength(2);
    expect(out).toMatch(/方案包 hrss-990000 第 \d+ 号（试算，未签名未发布）/);
    expect(out).toMatch(/方案包 hrss-990000 第 \d+ 号已生效\n +暂停授权/);
  });
});
