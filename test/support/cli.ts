import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '#apps/cli';
import { type TestProvince } from './use-province.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line of the program in this process, at the real time. */
export async function cli(argv: readonly string[], stdin = ''): Promise<Ran> {
  const ran: Ran = { code: -1, out: '', err: '' };
  ran.code = await run(argv, {
    out: (text) => (ran.out += text),
    err: (text) => (ran.err += text),
    now: () => Date.now(),
    stdin: () => Promise.resolve(stdin),
  });
  return ran;
}

/** Key store of an agency's node. */
export function storeOf({ dir }: TestProvince, agency: string): string {
  return join(dir, 'nodes', agency);
}

/** The key with which an agency's system signs, as a file. */
export function keyFileOf(province: TestProvince, agency: string): string {
  return join(storeOf(province, agency), 'keys', 'http-signature.000001.json');
}

/** What a command believes signatures by: the province's registry and its pinned key. */
export function trustOf({ dir, keys }: TestProvince): string[] {
  return ['--registry', join(dir, 'registry.note'), '--registry-key', keys.registryKey];
}

/** A file for a command to read. */
export function fileIn({ dir }: TestProvince, name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}
