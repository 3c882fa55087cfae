import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync, chmodSync, copyFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cli, done, NOW } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { LOG, makeKey, useProvince } from './province.fixture.js';

const province = useProvince();
const { path } = province;
const data = () => [
  '--store',
  path('data'),
  '--agency',
  'data-990000',
  '--registry-source',
  path('registry'),
];
const hrss = () => ['--store', path('hrss'), '--agency', 'hrss-990000'];

async function registered(store: string, agency: string, id: string, ...more: string[]): Promise<string> {
  const file = path(`${id.replaceAll('/', '.')}.again`);
  const argv = ['keys', 'registration', '--store', path(store), '--agency', agency, '--id', id, ...more];
  writeFileSync(file, await done(argv));
  return file;
}

describe('making keys', () => {
  test('keeps the private halves to their user and shows the public ones', async () => {
    expect(statSync(province.key).mode & 0o777).toBe(0o600);
    const { out } = await cli(['keys', 'show', ...hrss(), '--json']);
    const keys = JSON.parse(out) as { id: string; use: string; verifierKey?: string }[];
    expect(keys.map(({ id, use }) => [id, use])).toEqual([
      [LOG, 'log'],
      ['hrss-990000/http-signature/1', 'http-signature'],
      ['hrss-990000/scheme/1', 'scheme'],
    ]);
    expect(keys.map(({ verifierKey }) => verifierKey?.split('+')[0])).toEqual([
      LOG,
      undefined,
      'hrss-990000/scheme',
    ]);
    expect(out).not.toContain('"d"');
    expect(province.view().verifierKey(LOG)).toBe(keys[0]!.verifierKey);
  });

  test('in a store of another agency is refused', async () => {
    const { code, err } = await cli([
      'keys',
      'make',
      '--store',
      path('hrss'),
      '--agency',
      'fund-990100',
      '--use',
      'hpke',
    ]);
    expect([code, err]).toEqual([2, '5001 密钥库不可用或权限不当: holds the key of another agency\n']);
  });
});

describe('registering keys', () => {
  test('makes the next registry with the keys that are endorsed', async () => {
    expect(province.view().number).toBe(1);
    await makeKey(path('housing'), 'housing-990100', 'hpke');
    const document = await registered('housing', 'housing-990100', 'housing-990100/hpke/1');
    const { code, out } = await cli(['keys', 'register', ...data(), '--registration', document, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ number: 2, file: path('registry', 'registry-000002.note'), keys: 5 });
  });

  test('refuses an agency’s first key until somebody compared its fingerprint', async () => {
    await makeKey(path('fund'), 'fund-990100', 'http-signature');
    const document = await registered('fund', 'fund-990100', 'fund-990100/http-signature/1');
    const { code, err } = await cli(['keys', 'register', ...data(), '--registration', document]);
    expect(code).toBe(2);
    expect(err).toBe(
      '7011 登记册签名无效: first key of fund-990100: compare its fingerprint with the agency and name it (--fingerprint)\n',
    );
  });

  test('refuses a document that was changed, and one of a stranger', async () => {
    const document = await registered('hrss', 'hrss-990000', 'hrss-990000/scheme/1');
    writeFileSync(
      document,
      readFileSync(document, 'utf8').replace('hrss-990000/scheme/1', 'hrss-990000/scheme/2'),
    );
    const changed = await cli(['keys', 'register', ...data(), '--registration', document]);
    expect([changed.code, changed.err.slice(0, 4)]).toEqual([2, '7011']);

    const made = await makeKey(path('stranger'), 'stranger-1', 'http-signature');
    const strange = await registered('stranger', 'stranger-1', 'stranger-1/http-signature/1');
    const argv = [
      'keys',
      'register',
      ...data(),
      '--registration',
      strange,
      '--fingerprint',
      made.fingerprint,
    ];
    const { code, err } = await cli(argv);
    expect([code, err]).toEqual([2, expect.stringContaining('is not a registered agency')]);
  });

  test('refuses to sign on top of a registry that another key signed', async () => {
    await makeKey(path('rogue'), 'data-990000', 'registry');
    const document = await registered('hrss', 'hrss-990000', 'hrss-990000/scheme/1');
    const argv = [
      'keys',
      'register',
      '--store',
      path('rogue'),
      ...data().slice(2),
      '--registration',
      document,
    ];
    expect(await cli(argv)).toEqual({ code: 2, out: '', err: '7011 登记册签名无效\n' });
  });
});

describe('rotating a key', () => {
  test('ends the old one after the overlap, and both are registered by the old one’s word', async () => {
    const out = await done([
      'keys',
      'rotate',
      ...hrss(),
      '--use',
      'http-signature',
      '--overlap',
      '12h',
      '--json',
    ]);
    const { made, ended } = JSON.parse(out) as {
      made: { id: string; from: string };
      ended: { id: string; to: string }[];
    };
    expect([made.id, made.from]).toEqual(['hrss-990000/http-signature/2', new Date(NOW).toISOString()]);
    expect(ended).toEqual([
      expect.objectContaining({
        id: 'hrss-990000/http-signature/1',
        to: new Date(NOW + 12 * 3_600_000).toISOString(),
      }),
    ]);
    const first = 'hrss-990000/http-signature/1';
    const documents = [
      await registered('hrss', 'hrss-990000', made.id, '--endorser', first),
      await registered('hrss', 'hrss-990000', first, '--endorser', first),
    ];
    const register = await cli(['keys', 'register', ...data(), '--registration', ...documents]);
    expect([register.code, register.err]).toEqual([0, '']);
  });

  test('that is registered cannot be made longer again', async () => {
    const file = path('hrss', 'keys', 'http-signature.000001.json');
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { key: { to?: string } };
    delete stored.key.to;
    writeFileSync(file, JSON.stringify(stored));
    const id = 'hrss-990000/http-signature/1';
    const document = await registered(
      'hrss',
      'hrss-990000',
      id,
      '--endorser',
      'hrss-990000/http-signature/2',
    );
    const { code, err } = await cli(['keys', 'register', ...data(), '--registration', document]);
    expect([code, err]).toEqual([
      2,
      '7013 登记册内容不合规: a registered key can only be ended earlier (/key)\n',
    ]);
  });
});

describe('signing for curl', () => {
  let gateway: TestGateway | undefined;
  afterEach(() => gateway?.close());

  test('refuses a key that others may read', async () => {
    const open = path('open.json');
    copyFileSync(province.key, open);
    chmodSync(open, 0o644);
    const { code, err } = await cli([
      'keys',
      'sign-curl',
      '--key',
      open,
      '--url',
      'http://127.0.0.1/v1/quotas',
    ]);
    expect([code, err]).toEqual([
      2,
      '5001 密钥库不可用或权限不当: the key file is open to group or others (--key)\n',
    ]);
  });

  test('prints one command that a shell runs and a gateway accepts, whatever the body holds', async () => {
    gateway = await startTestGateway(
      () => province.view(),
      ({ body }) => ({ got: body }),
    );
    const file = path("it's $(odd) body.json");
    const body = `{"a":"'\\"$HOME \`x\`"}\n`;
    writeFileSync(file, body);
    const url = `${gateway.url}/v1/queries/HR-SI-01?a={1,2}&b=[x]`;
    for (const data of [`@${file}`, body]) {
      const command = await done([
        'keys',
        'sign-curl',
        '--key',
        province.key,
        '--url',
        url,
        '--method',
        'POST',
        '--data',
        data,
      ]);
      expect(command.startsWith('curl ')).toBe(true);
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        command.replace(/^curl/, 'curl --silent --noproxy "*"'),
      ]);
      expect(JSON.parse(stdout)).toEqual({ got: body });
    }
    expect(gateway.asked.map(({ agency }) => agency)).toEqual(['housing-990100', 'housing-990100']);
  });
});
