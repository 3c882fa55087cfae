import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyRequest } from '#identity';
import { Problem } from '#problem';
import { cli, NOW } from './cli.fixture.js';
import { makeLog, write, writeLog } from './log.fixture.js';
import { useProvince } from './province.fixture.js';

const province = useProvince();
const log = makeLog(300);
const asked: { path: string; signed: boolean }[] = [];
let server: Server;
let entitled: string | undefined;
let url: string;

/** Serves the log as an audit server does: all is open but the entries, which are for one agency. */
beforeAll(async () => {
  writeLog(province.path('log'), log);
  server = createServer(({ method = '', url: target = '', headers }, response) => {
    const path = target.slice('/logs/x/'.length);
    asked.push({ path, signed: headers['signature'] !== undefined });
    try {
      if (path.startsWith('tile/entries/')) {
        const message = { method, target, headers, rawBody: Buffer.alloc(0) };
        const here = { registry: province.view(), now: NOW, authority: headers.host! };
        if (verifyRequest(message, here).agency !== entitled) throw new Problem('not-entitled');
      }
      response.end(readFileSync(province.path('log', ...path.split('/'))));
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const problem = missing ? new Problem('not-found') : Problem.from(error);
      response.writeHead(problem.status).end(JSON.stringify(problem.toDocument()));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs/x`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

function range(...argv: string[]) {
  const keys = write(province.path(), 'log-keys', `${log.verifierKey}\n`);
  return cli(['verify', 'range', url, '--keys', keys, '--with-entries', ...argv]);
}

describe('entries of a log that an audit server keeps', () => {
  test('cannot be checked without a key: what is missing is said', async () => {
    expect(await range()).toEqual({
      code: 2,
      out: '',
      err: '7021 输入无法读取: entries are for the owner, its auditors and the monitor: a key to sign with is wanted (--key)\n',
    });
  });

  test('are not for everybody who signs', async () => {
    entitled = 'data-990000';
    const { code, out, err } = await range('--key', province.key);
    expect([code, out, err.slice(0, 4)]).toEqual([1, '', '4037']);
  });

  test('are checked by one who may read them, and nothing else is asked for by name', async () => {
    entitled = 'housing-990100';
    asked.length = 0;
    const { code, out } = await range('--key', province.key, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { valid: true, size: 300, entries: 300 }]);
    const bundles = asked.filter(({ path }) => path.startsWith('tile/entries/'));
    expect(bundles.length).toBe(2);
    expect(asked.filter(({ signed }) => signed)).toEqual(bundles);
  });
});
