import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder in a node's private directory: what the province has to register. */
export const REGISTRATIONS = 'registrations';

/** The folder has these documents under names that begin so, and no others: also not those of keys destroyed since. */
export function keepApplications(
  dir: string,
  prefix: string,
  documents: readonly (readonly [string, string])[],
): void {
  const wanted = new Map(documents);
  const there = existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith(prefix)) : [];
  for (const name of there) if (!wanted.has(name)) rmSync(join(dir, name), { force: true });
  for (const [name, document] of wanted) writeWhole(dir, name, document);
}

/** The file appears whole: somebody may take it at any time, and two processes of the node write it. */
function writeWhole(dir: string, name: string, document: string): void {
  const file = join(dir, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === document) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const draft = join(dir, `.${name}.${process.pid}`);
  writeFileSync(draft, document, { mode: 0o600 });
  renameSync(draft, file);
}
