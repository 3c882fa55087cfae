import { readFileSync } from 'node:fs';
import { parseStrictJson } from '#http';
import { Problem } from '#problem';

/** A file's text. @throws Problem `input-unreadable` naming the option */
export function readText(path: string, option: string): string {
  return readBytes(path, option).toString('utf8');
}

/** @throws Problem `input-unreadable` naming the option */
export function readBytes(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = 'unknown fault' } = error as NodeJS.ErrnoException;
    throw new Problem('input-unreadable', { field: option, detail: code, cause: error });
  }
}

/** A file's JSON, strictly read. @throws Problem `input-unreadable`, or as `parseStrictJson` does */
export function readJson(path: string, option: string): unknown {
  return parseJson(readBytes(path, option), option);
}

/** @throws Problem `malformed-json` and the like, naming the option */
export function parseJson(bytes: Uint8Array, option: string): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.problem, { field: option, ...(error.detail && { detail: error.detail }) });
  }
}
