import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { Edge, hashLeaf } from '#tlog';
import { draftLines, type EntryDraft } from '../draft.js';
import {
  erasePrivateLines,
  evidenceMigrations,
  orderErasure,
  parsePublicLine,
  PeerLogs,
  type RecordedEntry,
} from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';
import { signCheckpoint } from '../signed-checkpoint.js';
import { PeerPins } from './peer-pins.js';

const database = useDatabase(evidenceMigrations, { poolSize: 20 });

afterEach(closeTestLogs);

/** A peer's log in memory: it can be honest or show two histories. */
class Peer {
  readonly identity: LogIdentity = logIdentity();

  /** How it shows, and signs, its lines: not as a node writes them, when it likes. */
  shown = (publicLine: Buffer): Buffer => publicLine;

  /** The tree over `drafts`, each entry with its proof. */
  entries(drafts: readonly EntryDraft[]): RecordedEntry[] {
    return this.growing(drafts, [drafts.length])[0]!;
  }

  /** One history as seen at several sizes. */
  growing(drafts: readonly EntryDraft[], sizes: readonly number[]): RecordedEntry[][] {
    const lines = drafts
      .map((draft) => draftLines(draft, this.identity.origin, AT))
      .map((line) => ({ ...line, publicLine: this.shown(line.publicLine) }));
    return sizes.map((size) => {
      const leaves = lines.slice(0, size).map(({ publicLine }) => hashLeaf(publicLine));
      const { edge, paths } = Edge.empty().extend(leaves);
      const checkpoint = signCheckpoint(this.identity.signer, edge);
      return leaves.map((leaf, index) => {
        const { publicLine, privateLine } = lines[index]!;
        return { index, publicLine, privateLine, leaf, path: paths[index]!, checkpoint };
      });
    });
  }
}

const AT = '2026-03-02T01:00:00.000Z';
let peer: Peer;
let logs: PeerLogs;
let keys: { publicKey: Buffer; fromSize: number; toSize?: number }[];

const openLogs = () =>
  PeerLogs.open({
    database: database(),
    keysOf: (origin) => (origin === peer.identity.origin ? keys : []),
  });

beforeEach(async () => {
  peer = new Peer();
  keys = [{ publicKey: peer.identity.verifier.publicKey, fromSize: 0 }];
  logs = await openLogs();
});

afterEach(() => logs.close());

const refusal = (entry: RecordedEntry, expected = {}) => {
  try {
    logs.verify(entry, expected);
    return undefined;
  } catch (error) {
    return (error as { problem: string }).problem;
  }
};

describe("a peer's entry", () => {
  test('is verified and gives its public line', () => {
    const [entry] = peer.entries([intent(), intent()]);
    expect(logs.verify(entry!, { kind: 'intent', origin: peer.identity.origin })).toEqual(
      parsePublicLine(entry!.publicLine),
    );
  });

  test('is remembered as it was shown, and nothing of the message that it came in', () => {
    const bytes = Buffer.alloc(10_000, 1);
    const cut = (part: Buffer): Buffer => bytes.subarray(0, part.copy(bytes));
    const [first, second] = [peer.entries([intent(), intent()]), peer.entries([intent(), intent()])];
    const pins = new PeerPins();
    const { index, leaf, path, checkpoint } = first[0]!;
    const { origin } = peer.identity;
    const kept = { index, leaf: leaf.toString('base64'), path: path.map((hash) => hash.toString('base64')) };
    pins.pinEntry({ origin, index, leaf: cut(leaf), path, checkpoint });
    bytes.fill(0);
    path[0]!.fill(0);
    expect(pins.pinEntry({ ...second[0]!, origin })?.first).toMatchObject(kept);
  });

  test('is refused when anything about it is not what was signed', () => {
    const [entry, other] = peer.entries([intent(), intent(), intent()]) as [RecordedEntry, RecordedEntry];
    const stranger = new Peer().entries([intent()])[0]!;
    const { checkpoint } = entry;
    expect([
      refusal(stranger),
      refusal({ ...entry, publicLine: Buffer.from('{}') }),
      refusal({ ...entry, index: 1 }),
      refusal({ ...entry, path: other.path }),
      refusal({ ...entry, path: [] }),
      refusal({ ...entry, leaf: other.leaf }),
      refusal({ ...entry, checkpoint: { ...checkpoint, size: 4 } }),
      refusal({ ...entry, checkpoint: { ...checkpoint, root: Buffer.alloc(32) } }),
      refusal({ ...entry, checkpoint: { ...checkpoint, note: checkpoint.note.replace('\n3\n', '\n2\n') } }),
      refusal({ ...entry, checkpoint: { ...checkpoint, note: stranger.checkpoint.note } }),
      refusal({ ...entry, checkpoint: { ...checkpoint, note: '' } }),
      refusal({ ...entry, privateLine: other.privateLine! }),
      refusal(entry, { exchange: 'another' }),
    ]).toEqual([
      'sender-unknown',
      'envelope-spliced',
      ...Array.from({ length: 9 }, () => 'entry-not-in-log'),
      'envelope-spliced',
      'envelope-spliced',
    ]);
    expect(refusal(entry)).toBeUndefined();
  });

  test('is refused when its checkpoint was signed by a key outside the sizes that it may sign', () => {
    const [entry] = peer.entries([intent(), intent()]);
    keys[0]!.toSize = 1;
    expect(refusal(entry!)).toBe('entry-not-in-log');
    keys[0]!.toSize = 2;
    expect(refusal(entry!)).toBeUndefined();
    keys = [{ publicKey: logIdentity().verifier.publicKey, fromSize: 0 }];
    expect(refusal(entry!)).toBe('entry-not-in-log');
  });
});

describe('a peer that shows', () => {
  test('a smaller tree after a larger one is only late', () => {
    const [small, large] = peer.growing([intent(), intent()], [1, 2]);
    expect([refusal(large![1]!), refusal(small![0]!)]).toEqual([undefined, undefined]);
    expect(logs.newest().find(({ origin }) => origin === peer.identity.origin)?.size).toBe(2);
  });

  test('another root at the same size has forked: it is closed, here and after a restart, with both proofs', async () => {
    const [first] = peer.entries([intent()]);
    const [second] = peer.entries([intent()]);
    expect(refusal(first!)).toBeUndefined();
    expect(refusal(second!)).toBe('log-forked');
    expect(refusal(first!)).toBe('log-forked');
    expect(logs.isClosed(peer.identity.origin)).toBe(true);
    await logs.save();
    const forks = await logs.forks();
    expect(forks.filter(({ origin }) => origin === peer.identity.origin)).toMatchObject([
      {
        first: { size: 1, note: first!.checkpoint.note },
        second: { size: 1, note: second!.checkpoint.note },
      },
    ]);
    await logs.close();
    logs = await openLogs();
    expect(refusal(first!)).toBe('log-forked');
  });

  test('another leaf at the same place of a larger tree has forked', () => {
    const [first] = peer.entries([intent()]);
    const [second] = peer.entries([intent(), intent()]);
    expect([refusal(first!), refusal(second!)]).toEqual([undefined, 'log-forked']);
  });

  test('another root at the newest size of an earlier run has forked', async () => {
    expect(refusal(peer.entries([intent()])[0]!)).toBeUndefined();
    await logs.close();
    logs = await openLogs();
    expect(refusal(peer.entries([intent()])[0]!)).toBe('log-forked');
  });
});

describe("a peer's entry kept with our own", () => {
  test('is there with its proof, once', async () => {
    const log = await openTestLog(database(), logIdentity());
    const [parent] = peer.entries([intent()]);
    await log.append({ ...intent(), kind: 'disclosure', parentReceipt: parent! });
    await log.append({ ...intent(), kind: 'disclosure', parentReceipt: parent! });
    const { rows } = await database().pool.query(
      'select index, public, note from peer_entry where origin = $1',
      [peer.identity.origin],
    );
    expect(rows).toEqual([{ index: '0', public: parent!.publicLine, note: parent!.checkpoint.note }]);
    await log.close();
  });

  test('loses its private line with the retention of its own time, and nothing else', async () => {
    const log = await openTestLog(database(), logIdentity());
    const [parent] = peer.entries([intent()]);
    await log.append({ ...intent(), kind: 'disclosure', parentReceipt: parent! });
    const kept = async () => {
      const { rows } = await database().pool.query<Record<string, unknown>>(
        'select * from peer_entry where origin = $1',
        [peer.identity.origin],
      );
      return rows[0]!;
    };
    const before = await kept();
    expect(before['private']).toEqual(parent!.privateLine);
    const erase = async (moment: Date) =>
      erasePrivateLines(database(), await orderErasure(database(), log.origin, moment));
    await erase(new Date(AT));
    expect(await kept()).toEqual(before);
    const later = new Date(Date.parse(AT) + 1);
    expect(await erase(later)).toBeGreaterThan(0);
    expect(await erase(later)).toBe(0);
    expect(await kept()).toEqual({ ...before, private: null });
    await log.close();
  });

  test.each([
    ['a NUL in a text', '"reason":"r"', '"reason":"\\u0000"'],
    ['a year that there was not', '"at":"2026', '"at":"0000'],
  ])('with %s is refused; one from before loses its private line, and so do others', async (_, is, shown) => {
    const log = await openTestLog(database(), logIdentity());
    peer.shown = (line) => Buffer.from(line.toString().replace(is, shown));
    const [strange] = peer.entries([{ ...intent(), reason: 'r' }]);
    expect(refusal(strange!)).toBe('envelope-spliced');
    const [honest] = new Peer().entries([intent()]);
    for (const parentReceipt of [strange!, honest!])
      await log.append({ ...intent(), kind: 'disclosure', parentReceipt });
    const later = new Date(Date.parse(AT) + 1);
    await erasePrivateLines(database(), await orderErasure(database(), log.origin, later));
    const { rowCount } = await database().pool.query('select from peer_entry where private is not null');
    expect(rowCount).toBe(0);
    await log.close();
  });

  test('whose place holds another leaf refuses that draft alone, and closes the peer', async () => {
    const log = await openTestLog(database(), logIdentity());
    const [first] = peer.entries([intent()]);
    const [second] = peer.entries([intent()]);
    await log.append({ ...intent(), kind: 'disclosure', parentReceipt: first! });
    const [refused, other] = await Promise.allSettled([
      log.append({ ...intent(), kind: 'disclosure', parentReceipt: second! }),
      log.append(intent()),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { problem: 'log-forked' } });
    expect(other).toMatchObject({ status: 'fulfilled', value: { index: 1 } });
    await logs.save();
    expect(logs.isClosed(peer.identity.origin)).toBe(true);
    await log.close();
  });
});
