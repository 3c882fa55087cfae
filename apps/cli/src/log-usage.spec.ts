import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cli, useFolder } from './cli.fixture.js';

const path = useFolder();
const missing = path('nothing');
const text = path('text');
writeFileSync(text, 'nothing of the kind\n', { mode: 0o600 });
const database = ['--database', 'postgres://127.0.0.1:1/x'];
const log = [...database, '--origin', 'hrss-990000/adapter/0'];
const own = [...log, '--store', missing];
const owner = ['--monitor', 'http://127.0.0.1:1', '--key', missing];
const next = (origin: string) => ['--successor', origin];
const revoke = ['keys', 'revoke', '--store', missing, '--agency', 'a', '--registry-source', missing];

describe('wrong usage says what is wrong, where the usage is, and exits with 2', () => {
  test.each<[string[], string]>([
    [['log', 'check', '--origin', 'a/adapter/0'], "required option '--database <url>' not specified"],
    [['log', 'check', ...database], "required option '--origin <origin>' not specified"],
    [['log', 'check', ...database, '--origin', 'adapter'], '<agency>/<role>/<ordinal> is wanted'],
    [['log', 'check', ...log], 'either --keys, or --registry with --registry-key'],
    [['log', 'check', ...log, '--registry', 'x'], '--registry and --registry-key belong together'],
    [['log', 'refill', ...log, ...owner], "required option '--store <dir>' not specified"],
    [['log', 'refill', ...own, '--key', 'x'], "required option '--monitor <url>' not specified"],
    [['log', 'refill', ...own, '--monitor', 'http://a'], "required option '--key <file>' not specified"],
    [['log', 'close', ...own], "required option '--successor <origin>' not specified"],
    [['log', 'close', ...own, ...next('adapter/1')], '<agency>/<role>/<ordinal> is wanted'],
    [['log', 'close', ...own, ...next('hrss-990000/adapter/0'), ...owner], 'another log of the same agency'],
    [['log', 'close', ...own, ...next('fund-990100/adapter/1'), ...owner], 'another log of the same agency'],
    [
      ['log', 'close', ...own, ...next('hrss-990000/adapter/1')],
      'either --checkpoint or --monitor is wanted',
    ],
    [
      ['log', 'close', ...own, ...next('hrss-990000/adapter/1'), ...owner, '--checkpoint', 'x'],
      'either --checkpoint or --monitor is wanted',
    ],
    [
      ['log', 'close', ...own, ...next('hrss-990000/adapter/1'), '--monitor', 'http://a'],
      '--monitor and --key belong together',
    ],
    [['log', 'erase', ...log], "required option '--before <moment>' not specified"],
    [['log', 'erase', ...log, '--before', 'soon'], 'a day (2026-06-01) or a timestamp'],
    [['log', 'erase', ...log, '--before', '2026-06-02'], '--before is in the past'],
    [['log', 'erase', ...log, '--before', '2026-05-02', '--as', 'a/adapter/1'], '--as belongs to --store'],
    [
      ['log', 'erase', ...own, '--before', '2026-05-02', '--as', 'a/adapter/1'],
      'another log of the same agency',
    ],
    [['registry', 'show'], "missing required argument 'file'"],
    [['registry', 'publish', ...owner], "required option '--registry <file>' not specified"],
    [revoke, "required option '--id <id>' not specified"],
    [[...revoke, '--id', 'x', '--at', 'soon'], 'a day (2026-06-01) or a timestamp'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await cli(argv);
    expect(err).toContain(said);
    expect(err).toContain('(--help shows the options)');
    expect([code, out]).toEqual([2, '']);
  });
});

describe('input that cannot be read is one line and exits with 2', () => {
  test.each<[string[], string]>([
    [['log', 'check', ...log, '--keys', missing], '7021 输入无法读取: ENOENT (--keys)'],
    [
      ['log', 'check', ...log, '--registry', text, '--registry-key', 'x'],
      '7021 输入无法读取: a verifier key is name+hash+base64 (--registry-key)',
    ],
    [['log', 'refill', ...own, ...owner], '5001 密钥库不可用或权限不当: no key store (--store)'],
    [
      ['log', 'close', ...own, ...next('hrss-990000/adapter/1'), ...owner],
      '5001 密钥库不可用或权限不当: no key store (--store)',
    ],
    [['log', 'erase', ...log, '--before', '2026-05-01'], '5035 数据库不可用: not reached (--database)'],
    [['registry', 'show', missing], '7021 输入无法读取: ENOENT (file)'],
    [['registry', 'show', text], '7013 登记册内容不合规: not a signed registry (file)'],
    [['registry', 'publish', ...owner, '--registry', missing], '7021 输入无法读取: ENOENT (--registry)'],
    [['registry', 'publish', ...owner, '--registry', text], '7021 输入无法读取: ENOENT (--key)'],
    [[...revoke, '--id', 'x'], '5001 密钥库不可用或权限不当: no key store (--store)'],
  ])('%j', async (argv, line) => {
    const { code, out, err } = await cli(argv);
    expect(err.slice(0, line.length)).toBe(line);
    expect(err.split('\n').length).toBe(2);
    expect([code, out]).toEqual([2, '']);
  });
});
