import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { projectRoot } from '#config';

interface Rules {
  forbidden: { name: string; from: { path?: string }; to: { path?: string } }[];
}

const require = createRequire(import.meta.url);
const RULES = join(projectRoot(), 'import-rules.cjs');
const { forbidden } = require(RULES) as Rules;
/** Libraries by the rules: each has its wall. */
const LIBS = forbidden.flatMap(({ name }) => /^(.+)-imports-only$/.exec(name)?.[1] ?? []);

/** One import for each rule that is about one place; walls are planted for every library below. */
const PLANTED: Record<string, string> = {
  'apps/beta/src/app.ts': '../../alpha/src/index.js',
  'libs/http/src/app.ts': '../../../apps/alpha/src/index.js',
  'apps/alpha/src/inner.ts': '../../../libs/http/src/inner.js',
  'apps/alpha/src/testing.ts': '../../../libs/testing/src/index.js',
  'apps/alpha/src/broker.ts': '../../../libs/local-kafka/src/index.js',
  'apps/alpha/src/new.ts': '../../../libs/new/src/index.js',
  'apps/alpha/src/test.ts': '../../../test/support/province.js',
  'apps/alpha/src/orm.ts': 'typeorm',
  'apps/alpha/src/kafka.ts': 'kafkajs',
  'apps/adapter-alpha/src/scheme.ts': '../../../libs/sharing/src/index.js',
  'libs/problem/src/framework.ts': 'typeorm',
  'libs/problem/src/files.ts': 'node:fs',
  'libs/contracts/src/generate/database.ts': '../../../database/src/index.js',
  'libs/http/src/missing.ts': './nowhere.js',
  'libs/http/src/one.ts': './other.js',
  'libs/http/src/other.ts': './one.js',
};

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'exchange-import-rules-'));
  await write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext' } }));
  for (const name of ['typeorm', 'kafkajs']) {
    await write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await write(`node_modules/${name}/index.js`, 'module.exports = { value: 1 };');
  }
  for (const lib of [...LIBS, 'new']) await write(`libs/${lib}/src/index.ts`, 'export const value = 1;');
  for (const file of ['apps/alpha/src/index.ts', 'libs/http/src/inner.ts', 'test/support/province.ts'])
    await write(file, 'export const value = 1;');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

test('every rule of the house bites', async () => {
  for (const [file, imported] of Object.entries(PLANTED)) await write(file, importing(imported));
  for (const lib of LIBS) {
    const beyond = LIBS.find((other) => !mayImport(lib, other))!;
    await write(`libs/${lib}/src/wall.ts`, importing(`../../${beyond}/src/index.js`));
  }
  for (const [lib, other] of typesOnly())
    await write(`libs/${lib}/src/types-of-${other}.ts`, importing(`../../${other}/src/index.js`));
  expect(await violated()).toEqual(forbidden.map(({ name }) => name).sort());
});

test('what the table of rooms allows is no violation', async () => {
  const typed = new Set(typesOnly().map(([lib, other]) => `${lib} ${other}`));
  for (const lib of LIBS) {
    for (const other of LIBS.filter((one) => one !== lib && mayImport(lib, one))) {
      const path = `../../${other}/src/index.js`;
      const text = typed.has(`${lib} ${other}`) ? `import type { value } from '${path}';` : importing(path);
      await write(`libs/${lib}/src/of-${other}.ts`, `${text}\nexport type Of = typeof value;`);
    }
  }
  expect(await violated()).toEqual([]);
});

function importing(path: string): string {
  return `import { value } from '${path}';\nexport const own = value;`;
}

/** As the wall itself says. */
function mayImport(lib: string, other: string): boolean {
  const { to } = forbidden.find(({ name }) => name === `${lib}-imports-only`)! as {
    to: { pathNot?: string };
  };
  return new RegExp(to.pathNot!).test(`libs/${other}/src/index.ts`);
}

function typesOnly(): [string, string][] {
  return forbidden
    .filter(({ name }) => name.endsWith('-imports-only-types'))
    .flatMap(({ name, to }) =>
      LIBS.filter((other) => new RegExp(to.path!).test(`libs/${other}/src/index.ts`)).map(
        (other): [string, string] => [name.replace('-imports-only-types', ''), other],
      ),
    );
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), text);
}

/** Names of the rules that the planted tree breaks. */
async function violated(): Promise<string[]> {
  const cruise = join(projectRoot(), 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruise, '--config', RULES, '--output-type', 'json', 'apps', 'libs'];
  const json = await new Promise<string>((resolve, reject) => {
    const options = { cwd: dir, maxBuffer: 64 * 1024 * 1024 };
    const cruised = execFile(process.execPath, args, options, (_, stdout, stderr) =>
      stderr === '' && stdout !== '' ? resolve(stdout) : reject(new Error(`${cruised.exitCode}: ${stderr}`)),
    );
  });
  const { summary } = JSON.parse(json) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}
