import { afterAll, describe, expect, test } from '@jest/globals';
import { Edge, hashLeaf, proveConsistency, type TileSource } from '#tlog';
import { draftLines } from './draft.js';
import { compareCheckpoints, verifyLines } from './index.js';
import { closeTestLogs, intent, logIdentity } from './log.fixture.js';
import { signCheckpoint } from './signed-checkpoint.js';

const identity = logIdentity();

afterAll(closeTestLogs);
const AT = '2026-03-02T01:00:00.000Z';
const history = (count: number) =>
  Array.from({ length: count }, () => draftLines(intent(), identity.origin, AT).publicLine);
const note = (lines: readonly Buffer[]) =>
  signCheckpoint(identity.signer, Edge.empty().extend(lines.map(hashLeaf)).edge).note;
const lines = history(10);

describe('two checkpoints', () => {
  const tiles: TileSource = {
    tile: (_level, _n, width) => Promise.resolve(Buffer.concat(lines.slice(0, width).map(hashLeaf))),
  };
  const compare = (first: string, second: string, proof?: Buffer[]) =>
    compareCheckpoints({ first, second }, [identity.verifier], proof).relation;

  test('of one history are consistent by a proof, in either order, and unproved without it', async () => {
    const proof = await proveConsistency(tiles, 4, 10);
    const [older, newer] = [note(lines.slice(0, 4)), note(lines)];
    expect(compare(older, newer, proof)).toBe('consistent');
    expect(compare(newer, older, proof)).toBe('consistent');
    expect(compare(older, newer)).toBe('unproved');
    expect(compare(note(history(4)), newer, proof)).toBe('unproved');
    expect(compare(newer, newer)).toBe('same');
  });

  test('of one size with two roots are a fork', () => {
    expect(compare(note(lines), note(history(10)))).toBe('forked');
  });

  test('prove nothing when one is not signed, or is of another log', () => {
    const other = logIdentity();
    const foreign = signCheckpoint(other.signer, Edge.empty()).note;
    expect(compare(note(lines), foreign)).toBe('unverified');
    const both = [identity.verifier, other.verifier];
    expect(compareCheckpoints({ first: note(lines), second: foreign }, both).relation).toBe('other-logs');
  });
});

describe('the lines of a log', () => {
  const check = (all: readonly Buffer[], signed: string) =>
    verifyLines([all.slice(0, 3), all.slice(3)], signed, [identity.verifier]);

  test('give the signed root, also of a smaller tree', async () => {
    expect(await check(lines, note(lines))).toEqual([]);
    expect(await check(lines, note(lines.slice(0, 5)))).toEqual([]);
  });

  test('with one changed, moved, missing or foreign are reported', async () => {
    const foreign = draftLines(intent(), logIdentity().origin, AT).publicLine;
    const signed = note(lines);
    expect(await check([...lines.slice(0, 9), Buffer.from('{}')], signed)).toEqual([
      { what: 'line-unreadable', index: 9 },
      { what: 'root-differs' },
    ]);
    expect(await check([lines[1]!, lines[0]!, ...lines.slice(2)], signed)).toEqual([
      { what: 'root-differs' },
    ]);
    expect(await check(lines.slice(0, 9), signed)).toEqual([{ what: 'lines-missing', index: 9 }]);
    expect(await check([foreign, ...lines.slice(1)], signed)).toEqual([
      { what: 'other-log', index: 0 },
      { what: 'root-differs' },
    ]);
    expect(await verifyLines([lines], signed, [logIdentity().verifier])).toEqual([
      { what: 'checkpoint-unverified' },
    ]);
  });
});
