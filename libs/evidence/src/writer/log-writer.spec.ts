import { afterEach, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { hashLeaf, Edge, verifyInclusion } from '#tlog';
import { evidenceMigrations, parsePublicLine, privHash, type Appended, type Tail } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog } from '../log.fixture.js';
import { openCheckpoint } from '../signed-checkpoint.js';

const database = useDatabase(evidenceMigrations, { poolSize: 20 });

afterEach(closeTestLogs);

function isProved({ index, leaf, path, checkpoint }: Appended): boolean {
  const { size, root } = checkpoint;
  return verifyInclusion({ index, size, leaf, root, path });
}

describe('a log writer', () => {
  test('records a draft as a public line in the tree and a private line behind its hash', async () => {
    const identity = logIdentity();
    const log = await openTestLog(database(), identity, {
      clock: () => Date.parse('2026-03-02T01:00:00.000Z'),
    });
    const draft = intent();
    const entry = await log.append(draft);
    expect(parsePublicLine(entry.publicLine)).toEqual({
      v: 1,
      kind: 'intent',
      origin: identity.origin,
      exchange: draft.exchange,
      at: '2026-03-02T01:00:00.000Z',
      deadline: draft.deadline,
      from: draft.from,
      to: draft.to,
      query: draft.query,
      region: draft.region,
      subjects: 1,
      priv: privHash(entry.privateLine!),
    });
    expect(entry.leaf).toEqual(hashLeaf(entry.publicLine));
    expect(isProved(entry)).toBe(true);
    expect(openCheckpoint(entry.checkpoint.note, [identity.verifier])).toEqual(entry.checkpoint);
    await log.close();
  });

  test('gives 256 callers at once 256 places in few commits, each with its proof', async () => {
    const identity = logIdentity();
    const tails: Tail[] = [];
    const log = await openTestLog(database(), identity, { onCommit: (tail) => tails.push(tail) });
    const entries = await Promise.all(Array.from({ length: 256 }, () => log.append(intent())));
    const more = await Promise.all(Array.from({ length: 256 }, () => log.append(intent())));
    const all = [...entries, ...more];
    expect(all.map(({ index }) => index)).toEqual(Array.from({ length: 512 }, (_, i) => i));
    expect(all.every(isProved)).toBe(true);
    expect(tails.length).toBeLessThan(10);
    const lines = tails.flatMap((tail) => tail.lines);
    expect(lines).toEqual(all.map(({ publicLine }) => publicLine));
    expect(Edge.empty().extend(lines.map(hashLeaf)).root).toEqual(log.checkpoint().root);
    await log.close();
  });

  test('goes on from where it was after it was closed and opened again', async () => {
    const identity = logIdentity();
    const first = await openTestLog(database(), identity);
    await Promise.all(Array.from({ length: 300 }, () => first.append(intent())));
    await first.close();
    const second = await openTestLog(database(), identity);
    expect(second.checkpoint()).toEqual(first.checkpoint());
    const entry = await second.append(intent());
    expect(entry.index).toBe(300);
    expect(isProved(entry)).toBe(true);
    await second.close();
  });
});
