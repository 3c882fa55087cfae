import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '#problem';
import { type Contracts, loadContracts } from '../load-contracts.js';
import { contractsRoot } from '../files.js';

/** A copy of the contracts folder that a test may damage. */
export class EditedCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'contracts-'));

  constructor() {
    for (const part of [
      'agencies',
      'campaigns',
      'common',
      'queries',
      'schema',
      'sharing',
      'purposes.yaml',
      'regions.yaml',
    ]) {
      cpSync(join(contractsRoot(), part), join(this.root, part), { recursive: true });
    }
  }

  /** Replaces the first occurrence; a text that is not there is an error of the test. */
  edit(file: string, from: string, to: string): void {
    const text = readFileSync(join(this.root, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(join(this.root, file), text.replace(from, to));
  }

  load(): Contracts {
    return loadContracts(this.root);
  }

  /** What loading the copy refuses; empty when it loads. */
  faults(): string[] {
    try {
      this.load();
      return [];
    } catch (error) {
      if (!(error instanceof Problem) || error.problem !== 'registry-invalid') throw error;
      return error.extensions['faults'] as string[];
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
