import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const PROGRAM = 'node --conditions=source --import ./scripts/run-sources.mjs apps/cli/src/main.ts';

/** The program as a shell starts it, in a pipeline: what it wrote, and what it ended with. */
async function sh(argv: string, pipeline = ''): Promise<{ stdout: string; stderr: string; code: number }> {
  const command = `{ ${PROGRAM} ${argv}; echo "ended with $?" >&2; } ${pipeline}`;
  const env = { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` };
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { cwd: root, env });
  const [, said = '', code] = /^([^]*)ended with (\d+)\n$/.exec(stderr) ?? [];
  return { stdout, stderr: said, code: Number(code) };
}

test('the program ends with its exit code, and tells wrong usage on standard error', async () => {
  const { stdout, stderr, code } = await sh('ask');
  expect([stdout, code]).toEqual(['', 2]);
  expect(stderr).toMatch(
    /^error: required option '--gateway <url...>' not specified\n\(--help shows the options\)\n$/,
  );
});

test('the program reads standard input', async () => {
  const argv = `verify receipt - --keys /dev/null --json`;
  const { stdout, stderr, code } = await sh(argv, `< /dev/null`);
  expect([stdout, stderr, code]).toEqual(['', '4000 请求体不是合法的 JSON: syntax (-)\n', 2]);
});

test('the program ends in silence when nobody reads on', async () => {
  expect(await sh('ask --help', '| true')).toEqual({ stdout: '', stderr: '', code: 141 });
});
