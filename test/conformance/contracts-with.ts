import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadContracts, type Contracts } from '#contracts';

const PARTS = [
  'agencies',
  'campaigns',
  'common',
  'queries',
  'schema',
  'sharing',
  'purposes.yaml',
  'regions.yaml',
];

/** The contracts as they will be when the province has taken this agency in, by the path of its file. */
export function contractsWith(agencyFile: string): Contracts {
  const root = mkdtempSync(join(tmpdir(), 'contracts-'));
  try {
    const { root: ours } = loadContracts();
    for (const part of PARTS) cpSync(join(ours, part), join(root, part), { recursive: true });
    cpSync(agencyFile, join(root, 'agencies', basename(agencyFile)));
    return { ...loadContracts(root), root: ours }; // its pages are read later, and are the same
  } finally {
    rmSync(root, { recursive: true });
  }
}
