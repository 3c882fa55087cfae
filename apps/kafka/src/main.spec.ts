import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Readable } from 'node:stream';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { projectRoot } from '#config';
import { agenciesOf, aclCommands, provinceAcls } from '#messaging';
import { rolesOfContracts } from './roles.js';

const AGENCIES = [
  'data-990000',
  'fund-990100',
  'fund-990200',
  'housing-990000',
  'housing-990100',
  'hrss-990000',
];

// A JVM or two on a machine that has other work.
jest.setTimeout(180_000);
process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1';

describe('npm run kafka', () => {
  test('wrong arguments are answered with the usage and exit code 2', async () => {
    const program = start('--brokers', 'two');
    const [out, err, [code]] = await ended(program);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toMatch(/^--brokers wants 1 or 3\n\nusage: npm run kafka/);
  });

  test('prints the rules of every agency as commands, and starts nothing', async () => {
    expect(agenciesOf(rolesOfContracts())).toEqual(AGENCIES);
    const [out, err, [code]] = await ended(start('--print-acls'));
    expect([err, code]).toEqual(['', 0]);
    expect(out.trim().split('\n')).toEqual(aclCommands(provinceAcls(rolesOfContracts())));
  });

  test('a folder that cannot be used is said in one line, exit code 1', async () => {
    const [out, err, [code]] = await ended(start('--data', '/dev/null/here'));
    expect([out, code]).toEqual(['', 1]);
    expect(err).toBe('7020 配置不完整或不合规: the folder for the data cannot be used\n');
  });

  test('secure, it says where and who in one line of JSON, holds the agencies to their rules, and leaves nothing', async () => {
    const program = start('--secure', '--json');
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    const { bootstrap, brokers, ca, users } = JSON.parse(String(line)) as Said;
    expect([brokers, Object.keys(users)]).toEqual([[bootstrap], ['admin', ...AGENCIES]]);
    const city = (await clientOf(brokers, ca, 'housing-990100', users)).producer();
    await city.connect();
    const sent = (topic: string) => city.send({ topic, messages: [{ value: 'x' }] });
    await expect(sent('exchange.request.hrss-990000.dead')).rejects.toThrow(/[Nn]ot authorized/);
    await expect(sent('exchange.request.hrss-990000')).rejects.toThrow(/does not host this topic/); // its rules let it, but nobody has made it
    await city.disconnect();
    program.kill('SIGTERM');
    const [, err, exit] = await ended(program);
    expect([err, exit, existsSync(dirname(ca))]).toEqual(['', [143, null], false]);
  });

  test('plain, it prints the address alone; Ctrl-C keeps the data where it was asked to', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-kafka-'));
    const program = start('--data', dir);
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    expect(String(line)).toMatch(/^127\.0\.0\.1:\d+\n$/);
    program.kill('SIGINT');
    const [, err, exit] = await ended(program);
    expect([err, exit]).toEqual(['', [130, null]]);
    expect([existsSync(join(dir, 'broker-1', 'data')), existsSync(join(dir, 'guard.pid'))]).toEqual([
      true,
      false,
    ]);
    await rm(dir, { recursive: true });
  });
});

const started = new Set<Program>();
afterEach(() => started.forEach((program) => program.kill('SIGKILL')));

interface Said {
  bootstrap: string;
  brokers: string[];
  ca: string;
  users: Record<string, string>;
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

/** The program from its sources, in a process of its own. */
function start(...args: string[]): Program {
  const flags = [
    '--conditions=source',
    '--disable-warning=TimeoutNegativeWarning',
    '--import',
    './scripts/run-sources.mjs',
  ];
  const program = spawn(process.execPath, [...flags, 'apps/kafka/src/main.ts', ...args], {
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(program);
  return program;
}

async function ended(program: Program): Promise<[out: string, err: string, exit: unknown[]]> {
  return Promise.all([text(program.stdout), text(program.stderr), once(program, 'exit')]);
}

async function clientOf(
  brokers: string[],
  caFile: string,
  username: string,
  users: Record<string, string>,
): Promise<Kafka> {
  const password = users[username] ?? '';
  return new Kafka({
    brokers,
    ssl: { ca: [await readFile(caFile, 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username, password },
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
}
