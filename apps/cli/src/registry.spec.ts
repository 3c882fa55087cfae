import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { openRegistry, type RegisteredKey } from '#registry';
import { parseVerifierKey } from '#tlog';
import { cli, done, NOW } from './cli.fixture.js';
import { startTestGateway, type TestGateway } from './gateway.fixture.js';
import { LOG, makeKey, useProvince } from './province.fixture.js';

const province = useProvince();
const { path } = province;
const show = (...argv: string[]) => cli(['registry', 'show', province.registryFile, ...argv]);

interface Shown {
  verified: boolean;
  number: number;
  keys: (RegisteredKey & { fingerprint: string })[];
}

describe('showing a registry', () => {
  test('refuses one that the given key did not sign, and what is none', async () => {
    const stranger = await makeKey(path('stranger'), 'data-990000', 'registry');
    expect(await show('--registry-key', stranger.verifierKey!)).toEqual({
      code: 2,
      out: '',
      err: '7011 登记册签名无效\n',
    });
    const file = path('none');
    writeFileSync(file, '{"agencies":1}\n\n— x y\n');
    expect(await cli(['registry', 'show', file])).toEqual({
      code: 2,
      out: '',
      err: '7013 登记册内容不合规: not a signed registry (file)\n',
    });
  });

  test('tells agencies and keys, and whether the signature was checked', async () => {
    const [checked, unchecked] = [await show('--registry-key', province.registryKey), await show()];
    expect(checked.out.split('\n')[0]).toBe(
      'registry 1 of 2026-06-01T00:00:00.000Z, signed by the given key',
    );
    expect(unchecked.out.split('\n')[0]).toContain('signature not checked (--registry-key)');
    const { out } = await show('--json', '--registry-key', province.registryKey);
    const { verified, number, keys } = JSON.parse(out) as Shown;
    expect([verified, number]).toEqual([true, 1]);
    expect(keys.map(({ id }) => id).sort()).toEqual([
      ...['housing-990100/http-signature/1', LOG],
      ...['hrss-990000/http-signature/1', 'hrss-990000/scheme/1'],
    ]);
    for (const { fingerprint } of keys) expect(checked.out).toContain(`fingerprint ${fingerprint}`);
  });
});

describe('publishing a registry', () => {
  let monitor: TestGateway | undefined;
  afterEach(() => monitor?.close());
  const publish = (url: string, ...argv: string[]) =>
    cli([
      ...['registry', 'publish', '--monitor', url, '--key', province.key],
      ...['--registry', province.registryFile, ...argv],
    ]);

  test('tells what the monitor refuses, and that it cannot be reached', async () => {
    monitor = await startTestGateway(
      () => province.view(),
      () => {
        throw new Problem('registry-rollback', { field: '/number' });
      },
    );
    expect(await publish(monitor.url)).toEqual({ code: 1, out: '', err: '7012 登记册编号回退 (/number)\n' });
    expect(await publish('http://127.0.0.1:1')).toEqual({
      code: 2,
      out: '',
      err: '7021 输入无法读取: not reached (--monitor)\n',
    });
  });

  test('brings it to the monitor, signed', async () => {
    monitor = await startTestGateway(
      () => province.view(),
      () => ({ registry: 1, changed: true }),
    );
    const { code, out } = await publish(`${monitor.url}/`);
    expect([code, out]).toEqual([0, 'registry 1 is in force, published to every node\n']);
    expect(JSON.parse((await publish(monitor.url, '--json')).out)).toEqual({ registry: 1, changed: true });
    const note = readFileSync(province.registryFile, 'utf8');
    const asked = { url: '/v1/registry', body: JSON.stringify({ note }), agency: 'housing-990100' };
    expect(monitor.asked).toEqual([asked, asked]);
  });
});

describe('revoking a key', () => {
  const revoke = (id: string, ...argv: string[]) =>
    cli([
      ...['keys', 'revoke', '--store', path('data'), '--agency', 'data-990000'],
      ...['--registry-source', path('registry'), '--id', id, ...argv],
    ]);
  const ID = 'housing-990100/http-signature/1';

  test.each([
    ['a key that nobody registered', 'housing-990100/http-signature/9', 'no such key in the registry'],
    ['a log’s key', LOG, 'a log key ends at a tree size: close the log in a successor'],
  ])('refuses %s', async (_what, id, detail) => {
    expect(await revoke(id)).toEqual({
      code: 2,
      out: '',
      err: `7013 登记册内容不合规: ${detail} (--id)\n`,
    });
  });

  test('refuses it from that moment on in the next registry; the moment may become earlier, not later', async () => {
    const revokedAt = '2026-06-01T16:00:00.000Z';
    const { code, out } = await revoke(ID, '--json', '--at', '2026-06-02');
    expect(code).toBe(0);
    const file = path('registry', 'registry-000002.note');
    expect(JSON.parse(out)).toEqual({ number: 2, file, id: ID, revokedAt });
    const pinned = parseVerifierKey(province.registryKey);
    const view = openRegistry(readFileSync(file, 'utf8'), { pinned });
    const end = Date.parse(revokedAt);
    expect([view.signatureKey(ID, end - 1)?.id, view.signatureKey(ID, end)]).toEqual([ID, undefined]);
    expect((await revoke(ID, '--at', '2026-06-02')).err).toContain('it is revoked already (--id)');
    expect(await revoke(ID)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`revokes ${ID} from ${new Date(NOW).toISOString()} on`) as unknown,
    });
  });

  test('takes its word away: what it endorses is a first key again, to be compared by people', async () => {
    const { fingerprint } = await makeKey(path('housing'), 'housing-990100', 'http-signature');
    const document = path('endorsed');
    const next = ['keys', 'registration', '--store', path('housing'), '--agency', 'housing-990100'];
    writeFileSync(
      document,
      await done([...next, '--id', 'housing-990100/http-signature/2', '--endorser', ID]),
    );
    const register = [
      ...['keys', 'register', '--store', path('data'), '--agency', 'data-990000'],
      ...['--registry-source', path('registry'), '--registration', document],
    ];
    expect((await cli(register)).err).toContain('first key of housing-990100: compare its fingerprint');
    expect((await cli([...register, '--fingerprint', fingerprint])).code).toBe(0);
  });
});
