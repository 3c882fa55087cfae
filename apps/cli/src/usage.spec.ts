import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { cli, useFolder } from './cli.fixture.js';

const path = useFolder();
const missing = path('nothing', 'here');

const store = ['--store', missing, '--agency', 'hrss-990000'];
const publication = ['--provider', 'hrss-990000', '--store', missing, '--gateway', 'http://127.0.0.1:1'];
const explained = [
  ...[
    'scheme',
    'explain',
    '--requester',
    'housing-990100',
    '--provider',
    'hrss-990000',
    '--query',
    'HR-SI-01',
  ],
  ...['--field', 'payerName', '--purpose', 'case-verification', '--region', '990100'],
];
const asked = ['ask', 'HR-SI-01', '--gateway', 'http://127.0.0.1:1', '--key', missing];
const keyed = ['--keys', missing];

test.each<[string[], string]>([
  [[], 'Usage: gateway-cli'],
  [['keys'], 'Usage: gateway-cli keys'],
  [['log'], 'Usage: gateway-cli log'],
  [['topics'], 'Usage: gateway-cli topics'],
])('what is no command yet explains itself with the usage and exits with 2: %j', async (argv, said) => {
  const { code, out, err } = await cli(argv);
  expect([code, out, err.split(' [')[0]]).toEqual([2, '', said]);
});

describe('wrong usage is its reason and where help is, and exits with 2', () => {
  test.each<[string[], string]>([
    [['no-such-command'], "unknown command 'no-such-command'"],
    [['ask', '--gateway', 'x', '--key', 'y'], "missing required argument 'code'"],
    [['ask', 'HR-SI-01'], "required option '--gateway <url...>' not specified"],
    [asked, 'either --request, or --subject'],
    [
      [...asked, '--subject', 'x', '--region', '990100', '--operator', 'o'],
      '--purpose with one of --campaign and --case',
    ],
    [
      [
        ...asked,
        '--subject',
        'a:b:c',
        '--region',
        '990100',
        '--operator',
        'o',
        '--purpose',
        'p',
        '--case',
        'c',
      ],
      'id or id:type',
    ],
    [
      [
        ...asked,
        '--subject',
        'a:nothing',
        '--region',
        '990100',
        '--operator',
        'o',
        '--purpose',
        'p',
        '--case',
        'c',
      ],
      'the type of --subject is one of',
    ],
    [[...asked, '--subject', 'a', '--region', '99', '--operator', 'o'], 'six digits are wanted'],
    [[...asked, '--params', '[1]'], 'a JSON object is wanted'],
    [[...asked, '--claim', 'uscc'], 'name=value is wanted'],
    [[...asked, '--fields', 'a,,b'], 'names separated by commas are wanted'],
    [[...asked, '--deadline', '5'], 'a whole number from 100 to 600000 is wanted'],
    [[...asked, '--deadline', '99999999'], 'a whole number from 100 to 600000 is wanted'],
    [[...asked, '--request', missing, '--region', '990100'], '--request and --region exclude each other'],
    [['keys', 'make', ...store], "required option '--use <use>' not specified"],
    [
      ['keys', 'make', ...store, '--use', 'tls'],
      'one of http-signature, log, scheme, hpke, registry is wanted',
    ],
    [['keys', 'make', ...store, '--use', 'log'], '--origin is wanted for log keys'],
    [['keys', 'make', ...store, '--use', 'scheme', '--origin', 'a/b/0'], '--origin is wanted for log keys'],
    [['keys', 'make', ...store, '--use', 'scheme', '--from', 'soon'], 'a day (2026-06-01) or a timestamp'],
    [['keys', 'show'], "required option '--store <dir>' not specified"],
    [['keys', 'registration', ...store], "required option '--id <id>' not specified"],
    [['keys', 'register', ...store], "required option '--registry-source <dir>' not specified"],
    [['keys', 'rotate', ...store, '--use', 'log'], '--origin is wanted for log keys'],
    [
      ['keys', 'rotate', ...store, '--use', 'log', '--origin', 'a/adapter/0', '--overlap', '7d'],
      'a log key ends at a size',
    ],
    [['keys', 'rotate', ...store, '--use', 'scheme', '--overlap', '7'], 'minutes, hours or days are wanted'],
    [['keys', 'sign-curl', '--key', missing], "required option '--url <url>' not specified"],
    [['keys', 'sign-curl', '--key', missing, '--url', 'gateway'], '--url is an http(s) address'],
    [
      ['keys', 'sign-curl', '--key', missing, '--url', 'http://a', '--method', 'PUT'],
      '--method is GET or POST',
    ],
    [['keys', 'sign-curl', '--key', missing, '--url', 'http://a', '--data', 'x'], 'a POST has --data'],
    [['scheme', 'lint', 'extra'], 'too many arguments'],
    [['scheme', 'diff', 'A'], "missing required argument 'B'"],
    [['scheme', 'diff', 'A', 'B', '--registry', missing], '--registry and --registry-key belong together'],
    [explained.slice(0, -2), "required option '--region <code>' not specified"],
    [['scheme', 'publish'], "required option '--provider <id>' not specified"],
    [
      ['scheme', 'publish', ...publication, '--number', '0'],
      'a whole number from 1 to 999999999999999 is wanted',
    ],
    [
      ['scheme', 'suspend', ...publication, '--requester', 'r'],
      "required option '--reason <text>' not specified",
    ],
    [['scheme', 'resume', ...publication], "required option '--requester <id>' not specified"],
    [['topics', 'create'], "required option '--brokers <host:port,…>' not specified"],
    [['topics', 'create', '--brokers', 'a:1,,b:1'], 'names separated by commas are wanted'],
    [['topics', 'create', '--brokers', 'a:1', '--replication', '0'], 'a whole number from 1 to 15 is wanted'],
    [
      ['topics', 'create', '--brokers', 'a:1', '--user', 'admin'],
      '--user and --password-file belong together',
    ],
    [
      ['topics', 'create', '--brokers', 'a:1', '--user', 'admin', '--password-file', 'p'],
      '--user wants --ca, or --cleartext to go without TLS',
    ],
    [['topics', 'acls', '--apply'], '--brokers is wanted'],
    [['verify', 'receipt'], "missing required argument 'file'"],
    [['verify', 'receipt', 'x'], 'either --keys, or --registry with --registry-key'],
    [['verify', 'receipt', 'x', ...keyed, '--registry', 'y'], '--keys and --registry exclude each other'],
    [['verify', 'range', 'x', '--from', '-1', ...keyed], 'a whole number from 0 is wanted'],
    [['verify', 'consistency', 'A', ...keyed], "missing required argument 'B'"],
    [['verify', 'fork', 'A', 'B'], 'either --keys, or --registry with --registry-key'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await cli(argv);
    expect(err).toContain(said);
    expect(err).toMatch(/^error: [^\n]+\n\(--help shows the options\)\n$/);
    expect([code, out]).toEqual([2, '']);
  });
});

describe('input that cannot be read is one line and exits with 2', () => {
  const text = path('text');
  writeFileSync(text, 'nothing of the kind\n', { mode: 0o600 }); // as a key file has to be
  const empty = path('empty');
  writeFileSync(empty, '');
  const whole = ['--subject', 'x', '--region', '990100', '--operator', 'o', '--purpose', 'p', '--case', 'c'];

  test.each<[string[], string]>([
    [['ask', 'XX-99', ...asked.slice(2), ...whole], '4004 没有这个查询接口'],
    [[...asked, ...whole], '7021 输入无法读取: ENOENT (--key)'],
    [[...asked, '--request', text], '4000 请求体不是合法的 JSON: syntax (--request)'],
    [
      [...asked, ...whole, '--contracts', missing],
      '7021 输入无法读取: no contracts folder there (--contracts)',
    ],
    [['keys', 'show', ...store], '5001 密钥库不可用或权限不当: no key store (--store)'],
    [['keys', 'registration', ...store, '--id', 'x'], '5001 密钥库不可用或权限不当: no key store (--store)'],
    [['keys', 'rotate', ...store, '--use', 'scheme'], '5001 密钥库不可用或权限不当: no key store (--store)'],
    [
      ['keys', 'register', ...store, '--registry-source', missing, '--registration', text],
      '5001 密钥库不可用或权限不当: no key store (--store)',
    ],
    [
      ['keys', 'sign-curl', '--key', text, '--url', 'http://a'],
      '5001 密钥库不可用或权限不当: a key file cannot be read (--key)',
    ],
    [
      ['scheme', 'lint', '--provider', 'nobody'],
      '7021 输入无法读取: no such agency in the contracts (--provider)',
    ],
    [['scheme', 'diff', missing, missing], '7021 输入无法读取: ENOENT (A)'],
    [['scheme', 'diff', text, text], '7004 方案包内容不合规: not a signed bundle'],
    [[...explained, '--field', 'salary'], '7021 输入无法读取: the contract has no such field (--field)'],
    [
      [...explained, '--requester', 'nobody'],
      '7021 输入无法读取: no such agency in the contracts (--requester)',
    ],
    [['scheme', 'publish', ...publication], '5001 密钥库不可用或权限不当: no key store (--store)'],
    [['topics', 'create', '--brokers', 'a:1', '--ca', missing], '7021 输入无法读取: ENOENT (--ca)'],
    [
      ['topics', 'acls', '--contracts', missing],
      '7021 输入无法读取: no contracts folder there (--contracts)',
    ],
    [['scheme', 'diff', path(), path()], '7021 输入无法读取: no contracts folder there (A)'],
    [[...explained, '--query', 'HR-XX-01'], '4004 没有这个查询接口 (--query)'],
    [
      ['keys', 'make', '--store', text, '--agency', 'hrss-990000', '--use', 'scheme'],
      '5001 密钥库不可用或权限不当: not a folder (--store)',
    ],
    [['verify', 'receipt', text, ...keyed], '7021 输入无法读取: ENOENT (--keys)'],
    [
      ['verify', 'receipt', text, '--keys', text],
      '7021 输入无法读取: a verifier key is name+hash+base64 (--keys line 1)',
    ],
    [['verify', 'receipt', text, '--keys', empty], '4000 请求体不是合法的 JSON: syntax (file)'],
    [
      ['verify', 'receipt', text, '--registry', text, '--registry-key', 'x'],
      '7021 输入无法读取: a verifier key is name+hash+base64 (--registry-key)',
    ],
    [
      ['verify', 'range', missing, '--keys', empty],
      '7021 输入无法读取: neither a folder nor an http(s) address (log)',
    ],
    [['verify', 'range', 'http://127.0.0.1:1', '--keys', empty], '7021 输入无法读取: not reached (log)'],
    [['verify', 'consistency', missing, text, '--keys', empty], '7021 输入无法读取: ENOENT (A)'],
    [['verify', 'fork', text, missing, '--keys', empty], '7021 输入无法读取: ENOENT (B)'],
  ])('%j', async (argv, line) => {
    const { code, out, err } = await cli(argv);
    expect(err.slice(0, line.length)).toBe(line);
    expect(err.split('\n').length).toBe(2);
    expect([code, out]).toEqual([2, '']);
  });
});

test('help is not wrong usage', async () => {
  for (const argv of [['--help'], ['keys', '--help'], ['verify', 'range', '--help']]) {
    const { code, out, err } = await cli(argv);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Usage: gateway-cli');
  }
});
