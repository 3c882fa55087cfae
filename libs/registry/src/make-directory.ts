import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory and those above it, as far as they are not there. One by one: Node's own recursive way never returns
 * below a directory that takes none and says `ENOENT`, as `/proc` does.
 * @throws the system's error for a path at which no directory can be
 */
export function makeDirectory(dir: string, mode = 0o777): void {
  const path = resolve(dir);
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isDirectory(path)) throw error; // else another process was first
  }
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
