import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One generated file: path from the top of the checkout, and its text. */
export interface Output {
  path: string;
  text: string;
}

/** Folders that hold nothing but generated files. */
const FOLDERS = ['contracts/generated', 'libs/contracts/src/generated'];

/** Writes all outputs and removes what is no longer generated. */
export function writeOutputs(top: string, outputs: readonly Output[]): void {
  for (const path of existing(top).filter((path) => !outputs.some((output) => output.path === path))) {
    rmSync(join(top, path));
  }
  for (const { path, text } of outputs) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
}

/** Paths that differ from what would be generated now: changed, missing or left over. */
export function staleOutputs(top: string, outputs: readonly Output[]): string[] {
  const there = existing(top);
  const changed = outputs.filter(
    ({ path, text }) => !there.includes(path) || readFileSync(join(top, path), 'utf8') !== text,
  );
  const leftOver = there.filter((path) => !outputs.some((output) => output.path === path));
  return [...changed.map(({ path }) => path), ...leftOver].toSorted();
}

/** JSON as committed: two spaces, a newline at the end. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function existing(top: string): string[] {
  return FOLDERS.flatMap((folder) => {
    mkdirSync(join(top, folder), { recursive: true });
    return readdirSync(join(top, folder)).map((name) => `${folder}/${name}`);
  });
}
