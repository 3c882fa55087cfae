import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cpuSeconds, memory, treeCpuSeconds } from './proc-stat.js';

test('a process that is not there has used nothing that could be told', () => {
  expect(() => cpuSeconds(2 ** 30)).toThrow('has ended');
});

test('the CPU of a process is its own, that of its tree also what it has started', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-spec-'));
  const program = join(dir, 'busy.mjs');
  writeFileSync(
    program,
    `const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end); process.send('done'); setInterval(() => {}, 1e3);`,
  );
  const before = { own: cpuSeconds(process.pid), tree: treeCpuSeconds(process.pid) };
  const child = fork(program, { execArgv: [] });
  try {
    await once(child, 'message');
    const own = cpuSeconds(process.pid) - before.own;
    expect(treeCpuSeconds(process.pid) - before.tree - own).toBeGreaterThanOrEqual(0.29);
    expect(memory(child.pid!).peak).toBeGreaterThanOrEqual(memory(child.pid!).now);
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true });
  }
});
