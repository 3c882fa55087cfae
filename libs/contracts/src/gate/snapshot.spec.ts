import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { found, released } from '../testing/edited-snapshot.js';
import { loadContracts } from '../load-contracts.js';
import { compareReleases } from './gate.js';
import { lastReleased, printSnapshot, writeRelease } from './snapshot.js';

describe('releases', () => {
  test('are written once, upwards, and read back as they were', () => {
    const root = mkdtempSync(join(tmpdir(), 'released-'));
    try {
      expect(lastReleased(root)).toBeUndefined();
      writeRelease(root, '0.9.0', released);
      writeRelease(root, '0.10.0', released);
      expect(lastReleased(root)).toEqual({
        version: '0.10.0',
        snapshot: JSON.parse(printSnapshot(released)) as unknown,
      });
      expect(() => writeRelease(root, '0.9.1', released)).toThrow('above 0.10.0');
      expect(() => writeRelease(root, '../1.0.0', released)).toThrow('n.n.n');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test('hold what stands in this checkout: nothing undeclared since the last one', () => {
    const last = found(lastReleased(loadContracts().root));
    expect(compareReleases(last.snapshot, released).filter(({ declared }) => !declared)).toEqual([]);
  });
});
