import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { defineConfig } from './index.js';

const config = defineConfig<{ port: number; url: string; quiet: boolean }>('gateway', {
  port: { env: 'GATEWAY_PORT', schema: { type: 'integer', minimum: 0, maximum: 65535, default: 8080 } },
  url: { env: 'GATEWAY_DATABASE', schema: { type: 'string', pattern: '^postgres://' } },
  quiet: { env: 'GATEWAY_QUIET', schema: { type: 'boolean', default: false } },
});

describe('a configuration', () => {
  test('names every missing and malformed variable at once and echoes no value', () => {
    let caught: unknown;
    try {
      config.load({ GATEWAY_PORT: 'eighty-secret' });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(Problem);
    const { detail } = caught as Problem;
    expect(detail).toBe('gateway: GATEWAY_DATABASE is missing; GATEWAY_PORT must be integer');
  });

  test('gives typed values with defaults filled in', () => {
    expect(config.load({ GATEWAY_DATABASE: 'postgres://x', GATEWAY_PORT: '9000' })).toEqual({
      port: 9000,
      url: 'postgres://x',
      quiet: false,
    });
  });

  test('treats an empty variable as absent', () => {
    expect(() => config.load({ GATEWAY_DATABASE: '' })).toThrow('GATEWAY_DATABASE is missing');
  });
});

describe('a setting in a file', () => {
  let dir: string;
  const file = (): string => join(dir, 'url');
  const optional = defineConfig<{ key: string }>('gateway', {
    key: { env: 'GATEWAY_TLS_KEY', schema: { type: 'string', default: '' } },
  });

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'config-'));
    writeFileSync(file(), 'postgres://from-file\n');
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('is taken from where <NAME>_FILE says, without the line break at its end', () => {
    expect(config.load({ GATEWAY_DATABASE_FILE: file() }).url).toBe('postgres://from-file');
  });

  test('is refused when the file cannot be read, without naming the path', () => {
    expect(() => config.load({ GATEWAY_DATABASE_FILE: join(dir, 'nothing') })).toThrow(
      'gateway: the file that GATEWAY_DATABASE_FILE names cannot be read',
    );
  });

  test('is refused when the file is empty, or none is named: it would count as left out, and left out may mean off', () => {
    for (const nothing of ['', '\n', ' \n']) {
      writeFileSync(join(dir, 'empty'), nothing);
      expect(() => optional.load({ GATEWAY_TLS_KEY_FILE: join(dir, 'empty') })).toThrow(
        'gateway: the file that GATEWAY_TLS_KEY_FILE names is empty',
      );
    }
    expect(() => optional.load({ GATEWAY_TLS_KEY_FILE: '' })).toThrow('GATEWAY_TLS_KEY_FILE names no file');
    expect(optional.load({})).toEqual({ key: '' });
  });

  test('is refused when the variable is set too: nobody could tell which one holds', () => {
    expect(() => config.load({ GATEWAY_DATABASE: 'postgres://x', GATEWAY_DATABASE_FILE: file() })).toThrow(
      'gateway: GATEWAY_DATABASE and GATEWAY_DATABASE_FILE are both set',
    );
  });
});
