import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Readable, type Writable } from 'node:stream';

/**
 * Starts a process of our own sources outside Jest, for specs that kill it. stdin and stdout are pipes, stderr is the
 * spec's; the caller ends the process.
 *
 * @param source text of an ES module; it imports libraries by their names (`#database`)
 * @param args `process.argv.slice(1)` of the program
 */
export function startProgram(
  source: string,
  args: readonly string[] = [],
): ChildProcessByStdio<Writable, Readable, null> {
  const flags = [
    '--conditions=source',
    '--import',
    './scripts/run-sources.mjs',
    '--input-type=module',
    '-e',
    source,
  ];
  return spawn(process.execPath, [...flags, '--', ...args], {
    cwd: root(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function root(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'scripts', 'run-sources.mjs'))) folder = dirname(folder);
  return folder;
}
