import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makeDirectory } from './make-directory.js';

const root = mkdtempSync(join(tmpdir(), 'make-directory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a directory is made with those above it, and again without harm', () => {
  makeDirectory(join(root, 'a/b/c'), 0o700);
  makeDirectory(join(root, 'a/b/c'));
  const modes = ['a', 'a/b', 'a/b/c'].map((path) => statSync(join(root, path)).mode & 0o777);
  expect(modes).toEqual([0o700, 0o700, 0o700]); // a parent that others may enter would show them the names below it
});

test.each([
  ['a file', () => join(root, 'file'), 'EEXIST'],
  ['below a file', () => join(root, 'file/below'), 'ENOTDIR'],
])('where a directory cannot be, the system says why: %s', (_what, path, code) => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeDirectory(path())).toThrow(code);
});

(existsSync('/proc') ? test : test.skip)('below /proc it fails instead of never returning', () => {
  expect(() => makeDirectory('/proc/exchange-gateway/keys')).toThrow('ENOENT');
});
