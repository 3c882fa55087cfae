import { mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { KeyStore, publicPart } from './index.js';

const AT = Date.parse('2026-06-01T00:00:00.000Z');
const ORIGIN = 'fund/gateway/0';
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-generations-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the keys of a log in the store', () => {
  test('have a next one though a closed one was destroyed', () => {
    const store = new KeyStore(dir, 'fund');
    const first = store.logKey(ORIGIN, AT);
    const second = store.nextLogKey(ORIGIN, AT);
    store.changeLogKey(first, second, 9);
    unlinkSync(join(dir, 'keys', 'fund.gateway.0.000001.json'));
    store.reload();
    const third = store.nextLogKey(ORIGIN, AT);
    expect(store.nextLogKey(ORIGIN, AT).publicKey).toBe(third.publicKey);
    const stored = new KeyStore(dir, 'fund').keys('log').map(publicPart);
    expect(stored).toEqual([{ ...publicPart(second), fromSize: 10 }, publicPart(third)]);
    expect([third.fromSize, readdirSync(join(dir, 'keys'))]).toEqual([
      11,
      ['fund.gateway.0.000002.json', 'fund.gateway.0.000003.json'],
    ]);
  });

  test('have no next one that another process made meanwhile passed for a new one; it is the one that waits', () => {
    const [one, other] = [new KeyStore(dir, 'fund'), new KeyStore(dir, 'fund')];
    const first = one.logKey(ORIGIN, AT);
    expect(other.logKey(ORIGIN, AT).publicKey).toBe(first.publicKey);
    const made = one.nextLogKey(ORIGIN, AT);
    expect(problemOf(() => other.nextLogKey(ORIGIN, AT))).toBe('key-store');
    expect(other.nextLogKey(ORIGIN, AT).publicKey).toBe(made.publicKey);
    expect(readdirSync(join(dir, 'keys'))).toHaveLength(2);
  });

  test('never end before they begin', () => {
    const store = new KeyStore(dir, 'fund');
    const [first, second] = [store.logKey(ORIGIN, AT), store.nextLogKey(ORIGIN, AT)];
    store.changeLogKey(first, second, 9);
    const [closed, next] = store.logKeys(ORIGIN, AT) as [typeof first, typeof first];
    expect([
      problemOf(() => store.changeLogKey(next, store.nextLogKey(ORIGIN, AT), 9)),
      problemOf(() => store.changeLogKey(next, closed, 10)),
    ]).toEqual(['key-store', 'key-store']);
    const kept = new KeyStore(dir, 'fund').logKeys(ORIGIN, AT);
    expect(kept.map(({ fromSize, toSize }) => [fromSize, toSize])).toEqual([
      [0, 9],
      [10, undefined],
      [11, undefined],
    ]);
  });
});
