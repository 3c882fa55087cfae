import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { Problem } from '#problem';
import { type Faults } from './faults.js';

/** The contracts folder: as given, else found by walking up from this file (sources and dist alike). */
export function contractsRoot(given?: string): string {
  if (given !== undefined) return given;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'contracts', 'queries'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Problem('registry-invalid', { detail: 'no folder contracts/queries above the program' });
    folder = parent;
  }
  return join(folder, 'contracts');
}

/** Reads below one root; a file that cannot be read or parsed is a fault and gives undefined. */
export class DataFiles {
  constructor(
    readonly root: string,
    readonly faults: Faults,
  ) {}

  /** Names of sub-folders, sorted. */
  folders(path: string): string[] {
    return this.#entries(path, (entry) => entry.isDirectory());
  }

  /** Relative paths of files with this ending, sorted. */
  files(path: string, ending: string): string[] {
    return this.#entries(path, (entry) => entry.isFile() && entry.name.endsWith(ending)).map(
      (name) => `${path}/${name}`,
    );
  }

  json(path: string): unknown {
    return this.#attempt(path, (text) => JSON.parse(text) as unknown);
  }

  /** YAML 1.2 without duplicate keys, aliases or tags of its own: what is signed is what is read. */
  yaml(path: string): unknown {
    return this.#attempt(path, (text) => {
      const document = parseDocument(text, { uniqueKeys: true, strict: true });
      const wrong = [...document.errors, ...document.warnings].at(0);
      if (wrong) throw wrong;
      return document.toJS({ maxAliasCount: 0 }) as unknown;
    });
  }

  #entries(
    path: string,
    keep: (entry: { name: string; isDirectory(): boolean; isFile(): boolean }) => boolean,
  ): string[] {
    const folder = join(this.root, path);
    if (!existsSync(folder)) {
      this.faults.add(path, '', 'folder is missing');
      return [];
    }
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter(keep)
      .map(({ name }) => name)
      .toSorted();
  }

  #attempt(path: string, parse: (text: string) => unknown): unknown {
    try {
      return parse(readFileSync(join(this.root, path), 'utf8'));
    } catch (error) {
      this.faults.add(path, '', error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
