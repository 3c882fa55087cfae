import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `contracts/` and `package.json`, found from this file upwards: the same from sources and from `dist`. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'contracts', 'queries'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no folder with contracts/queries above this file');
    folder = parent;
  }
  return folder;
}
