import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { run } from './run.js';

/** The moment at which all these specs run. */
export const NOW = Date.parse('2026-06-01T00:00:00.000Z');

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process. */
export async function cli(argv: readonly string[], { now = NOW, stdin = '' } = {}): Promise<Ran> {
  const ran: Ran = { code: -1, out: '', err: '' };
  ran.code = await run(argv, {
    out: (text) => (ran.out += text),
    err: (text) => (ran.err += text),
    now: () => now,
    stdin: () => Promise.resolve(stdin),
  });
  return ran;
}

/** The same, for a step of a spec that must succeed; its standard output. */
export async function done(
  argv: readonly string[],
  more: { now?: number; stdin?: string } = {},
): Promise<string> {
  const { code, out, err } = await cli(argv, more);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${err}${out}`);
  return out;
}

/** A folder of the calling spec, removed after it. */
export function useFolder(): (...parts: string[]) => string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (...parts) => join(folder, ...parts);
}
