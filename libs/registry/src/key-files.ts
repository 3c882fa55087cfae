import { closeSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { statSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Problem } from '#problem';
import { makeDirectory } from './make-directory.js';

/**
 * A directory of small secret files: 0700, files 0600, refused when others may read them. A file appears whole or not at
 * all and survives a power cut. Two processes that make the same file at once get the same one.
 */
export class KeyFiles {
  /** @throws Problem `key-store` when group or others have any right to the directory */
  constructor(private readonly dir: string) {
    makeDirectory(dir, 0o700);
    refuseOpenToOthers(dir, 'directory');
  }

  /** Names present, sorted; leftovers of an interrupted write are not names. */
  names(): string[] {
    return readdirSync(this.dir)
      .filter((name) => !name.startsWith('.'))
      .sort();
  }

  /** @throws Problem `key-store` when group or others may read the file */
  read(name: string): string {
    refuseOpenToOthers(this.path(name), 'file');
    return readFileSync(this.path(name), 'utf8');
  }

  /** Makes a file that is not there yet; false when it already is (and then it is unchanged). */
  create(name: string, text: string): boolean {
    const draft = this.draft(text);
    try {
      linkSync(draft, this.path(name));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      unlinkSync(draft);
      this.sync();
    }
  }

  replace(name: string, text: string): void {
    renameSync(this.draft(text), this.path(name));
    this.sync();
  }

  remove(name: string): void {
    unlinkSync(this.path(name));
    this.sync();
  }

  private draft(text: string): string {
    const path = this.path(`.${randomUUID()}`);
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return path;
  }

  private sync(): void {
    const directory = openSync(this.dir, 'r');
    fsyncSync(directory);
    closeSync(directory);
  }

  private path(name: string): string {
    return join(this.dir, name);
  }
}

function refuseOpenToOthers(path: string, what: string): void {
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new Problem('key-store', { detail: `a key ${what} is open to group or others` });
  }
}
