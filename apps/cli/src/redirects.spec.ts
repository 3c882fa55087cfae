import { expect, test } from '@jest/globals';
import { person, useRedirect } from '#testing';
import { cli } from './cli.fixture.js';
import { checkpointOf, makeLog, write } from './log.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
const redirect = useRedirect();
const log = makeLog(3);
const older = { ...log, entries: log.entries.slice(0, 2) };
const exchange = '00000000-0000-4000-8000-000000000002';

const signed = (option: string) => [option, redirect.url, '--key', province.key];
const keys = () => ['--keys', write(province.path(), 'log-keys', `${log.verifierKey}\n`)];
const checkpoints = () => [
  write(province.path(), 'older', checkpointOf(older)),
  write(province.path(), 'newer', checkpointOf(log)),
];

test.each<[string, string, () => string[]]>([
  ['who asked about a person', '--audit', () => ['audit', 'who-asked', ...signed('--audit'), '--id-stdin']],
  ['an exchange’s receipts', '--audit', () => ['audit', 'receipt', exchange, ...signed('--audit')]],
  ['the monitor’s logs', '--monitor', () => ['monitor', 'logs', ...signed('--monitor')]],
  ['the reconciliation', '--monitor', () => ['monitor', 'reconciliation', ...signed('--monitor')]],
  ['a log’s tiles', 'log', () => ['verify', 'range', redirect.url, ...keys()]],
  [
    'a log’s entries',
    'log',
    () => ['verify', 'range', redirect.url, ...keys(), '--with-entries', '--key', province.key],
  ],
  [
    'tiles that prove consistency',
    '--tiles',
    () => ['verify', 'consistency', ...checkpoints(), ...keys(), '--tiles', redirect.url],
  ],
])(
  '%s are asked of the server that is named, and of none that it sends on to',
  async (_what, field, argv) => {
    const { code, out, err } = await cli(argv(), { stdin: person(11).idNumber });
    expect([code, out, err]).toEqual([2, '', `7021 输入无法读取: HTTP 307 (${field})\n`]);
    expect([redirect.asked.length, redirect.followed]).toEqual([1, []]);
  },
);
