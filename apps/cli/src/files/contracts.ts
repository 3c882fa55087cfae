import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Contracts, loadContracts } from '#contracts';
import { Problem } from '#problem';

const OWN = '';
const read = new Map<string, Contracts>();

/**
 * A contracts folder (by default the one of this checkout), read once per process: a command that compares two folders with
 * titles from a third often means the same one, and reading compiles every schema in it.
 * @param option what named the folder
 * @throws Problem `input-unreadable` for what is no such folder, `registry-invalid` with every fault; what could not be loaded is read
 *   again next time
 */
export function contractsIn(dir?: string, option = '--contracts'): Contracts {
  const known = read.get(dir === undefined ? OWN : resolve(dir));
  if (known) return known;
  if (dir !== undefined && !existsSync(join(dir, 'queries')))
    throw new Problem('input-unreadable', { field: option, detail: 'no contracts folder there' });
  const contracts = loadContracts(dir);
  read.set(resolve(contracts.root), contracts);
  if (dir === undefined) read.set(OWN, contracts);
  return contracts;
}
