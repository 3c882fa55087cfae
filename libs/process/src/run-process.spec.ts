import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { projectRoot } from '#config';

const SOURCES = ['--conditions=source', '--import', './scripts/run-sources.mjs'];

/** Everything a gateway has to be told; nothing of it is there. */
const TOLD = {
  EXCHANGE_AGENCY: 'housing-990100',
  EXCHANGE_DATABASE_URL: 'postgres://node:secret-of-the-node@127.0.0.1:9/node',
  EXCHANGE_DIR: 'nowhere',
  EXCHANGE_REGISTRY_KEY: 'data-990000/registry+00000000+AAAA',
  EXCHANGE_REGISTRY_NOTE: 'no note',
  EXCHANGE_MONITOR: 'data-990000',
  KAFKA_BROKERS: '127.0.0.1:9',
};

async function run(env: Record<string, string>): Promise<{ code: number | null; words: string[] }> {
  const child = spawn(process.execPath, [...SOURCES, 'apps/gateway/src/main.ts'], {
    cwd: projectRoot(),
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  return { code, words: said.split('\n').filter((line) => line !== '' && !line.startsWith('{')) };
}

describe('a process of a node', () => {
  test('that is told nothing ends with 78 and lists everything that it has to be told', async () => {
    expect(await run({})).toEqual({
      code: 78,
      words: [
        'gateway: EXCHANGE_AGENCY is missing; EXCHANGE_DATABASE_URL is missing; EXCHANGE_DIR is missing; ' +
          'EXCHANGE_REGISTRY_KEY is missing; EXCHANGE_REGISTRY_NOTE is missing; EXCHANGE_MONITOR is missing; ' +
          'KAFKA_BROKERS is missing',
      ],
    });
  });

  test.each([
    [{ EXCHANGE_AGENCY: 'housing-000000' }, 'EXCHANGE_AGENCY is not in the contracts'],
    [{ KAFKA_USERNAME: 'housing-990100' }, 'KAFKA_USERNAME and KAFKA_PASSWORD go together'],
    [
      { KAFKA_USERNAME: 'housing-990100', KAFKA_PASSWORD: 'secret' },
      'KAFKA_USERNAME without KAFKA_CA would be used without TLS; KAFKA_CLEARTEXT=accept allows it',
    ],
    [{ HTTP_TLS_KEY: 'pem' }, 'HTTP_TLS_KEY and HTTP_TLS_CERT go together'],
    [
      { HTTP_TLS_KEY_FILE: '/dev/null', HTTP_TLS_CERT_FILE: '/dev/null' },
      'gateway: the file that HTTP_TLS_KEY_FILE names is empty; the file that HTTP_TLS_CERT_FILE names is empty',
    ],
    [{ KAFKA_CA_FILE: '/dev/null' }, 'gateway: the file that KAFKA_CA_FILE names is empty'],
  ])('refuses %j with 78, before it opens anything', async (wrong, words) => {
    expect(await run({ ...TOLD, ...wrong })).toEqual({ code: 78, words: [words] });
  });

  test.each([
    [{}],
    [{ KAFKA_USERNAME: 'housing-990100', KAFKA_PASSWORD: 'secret', KAFKA_CLEARTEXT: 'accept' }],
  ])('told %j ends with 69 when no broker answers, and says that', async (more) => {
    const { code, words } = await run({ ...TOLD, ...more });
    expect([code, words.length]).toEqual([69, 1]);
    expect(words[0]).toMatch(/broker/);
  });
});
