import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keyEntryText } from '#registry';
import { useDatabase } from '#testing';
import { noteSigner, noteVerifier, type NoteSigner } from '#tlog';
import { evidenceMigrations, openCheckpoint, parsePublicLine, type LogWriter, type Tail } from '../index.js';
import { closeTestLogs, intent, logIdentity, openTestLog, type LogIdentity } from '../log.fixture.js';

const database = useDatabase(evidenceMigrations);
let identity: LogIdentity;
let next: NoteSigner;
let tails: Tail[];
const closed = new Set<string>();
const isClosed = (key: Buffer) => closed.has(key.toString('hex'));
const close = ({ publicKey }: { publicKey: Buffer }) => closed.add(publicKey.toString('hex'));

beforeEach(() => {
  identity = logIdentity();
  next = keyOf(identity.origin);
  tails = [];
});
afterEach(closeTestLogs);

function keyOf(origin: string): NoteSigner {
  return noteSigner(origin, generateKeyPairSync('ed25519').privateKey);
}

function open(...signers: NoteSigner[]): Promise<LogWriter> {
  const onCommit = (tail: Tail) => void tails.push(tail);
  return openTestLog(database(), identity, { signer: signers, isClosed, onCommit });
}

/** Which of the keys signed a checkpoint. */
function signedBy({ note }: { note: string }, ...keys: NoteSigner[]): boolean[] {
  return keys.map(({ name, publicKey }) => {
    try {
      return openCheckpoint(note, [noteVerifier(name, publicKey)]).origin === name;
    } catch {
      return false;
    }
  });
}

const [OLD, BOTH, NEW] = [
  [true, false],
  [true, true],
  [false, true],
];

describe('a log that changes its key', () => {
  test('does so at its key entry, with appends in flight, and lets the old key sign beside until it is closed', async () => {
    const old = identity.signer;
    const log = await open(old);
    const before = Array.from({ length: 300 }, () => log.append(intent()));
    const changing = log.changeKey(next);
    const after = Array.from({ length: 300 }, () => log.append(intent()));
    await Promise.all([...before, ...after]);
    const recorded = (await changing)!;
    const size = recorded.index + 1;
    expect(parsePublicLine(recorded.publicLine)).toMatchObject({
      kind: 'key',
      to: keyEntryText(identity.origin, next.publicKey),
      reason: 'log-key-changed',
    });
    expect(recorded.checkpoint.size).toBe(size);
    const signed = tails.map(({ checkpoint }) => [
      checkpoint.size <= size,
      ...signedBy(checkpoint, old, next),
    ]);
    expect(new Set(signed.map(String))).toEqual(
      new Set(
        [
          [true, ...OLD],
          [false, ...BOTH],
        ].map(String),
      ),
    );
    expect(log.signingKeys()).toEqual({
      current: { publicKey: next.publicKey, fromSize: size + 1 },
      before: { publicKey: old.publicKey, fromSize: 0, toSize: size },
    });
    close(old);
    expect(signedBy((await log.append(intent())).checkpoint, old, next)).toEqual(NEW);
  });

  test('records nothing when it has the key already, and takes no other while the change is not closed', async () => {
    const [old, third] = [identity.signer, keyOf(identity.origin)];
    const log = await open(old);
    expect(await log.changeKey(old)).toBeUndefined();
    await log.changeKey(next);
    expect(await log.changeKey(next)).toBeUndefined();
    await expect(log.changeKey(third)).rejects.toMatchObject({ problem: 'key-store' });
    expect(log.health().size).toBe(1);
    close(old);
    await log.changeKey(third);
    await log.append(intent());
    expect(signedBy(log.checkpoint(), old, next, third)).toEqual([false, true, true]);
  });

  test('has its key entries from nobody but itself', async () => {
    const log = await open(identity.signer);
    const forged = { ...intent(), kind: 'key' as const };
    await expect(log.append(forged)).rejects.toMatchObject({ problem: 'internal', field: 'kind' });
  });
});

describe('a writer that was killed on the way from one key to the next', () => {
  test('goes on with the old key, the next in its store, while the log says nothing of it', async () => {
    const first = await open(identity.signer);
    await first.append(intent());
    await first.close();
    const log = await open(identity.signer, next);
    expect(signedBy((await log.append(intent())).checkpoint, identity.signer, next)).toEqual(OLD);
  });

  test('signs the tree that ends in the key entry with the old key, and every larger one with both', async () => {
    const first = await open(identity.signer);
    const { index } = (await first.changeKey(next))!;
    await first.close();
    const log = await open(identity.signer, next);
    expect(log.checkpoint().size).toBe(index + 1);
    expect(signedBy(log.checkpoint(), identity.signer, next)).toEqual(OLD);
    expect(signedBy((await log.append(intent())).checkpoint, identity.signer, next)).toEqual(BOTH);
    await log.close();
    expect(signedBy((await open(identity.signer, next)).checkpoint(), identity.signer, next)).toEqual(BOTH);
  });

  test('signs with the next key alone once the old one is closed, or gone', async () => {
    const first = await open(identity.signer);
    await first.changeKey(next);
    await first.append(intent());
    await first.close();
    const without = await open(next);
    expect(signedBy(without.checkpoint(), identity.signer, next)).toEqual(NEW);
    expect(without.signingKeys()).toEqual({ current: { publicKey: next.publicKey, fromSize: 2 } });
    await without.close();
    close(identity.signer);
    const log = await open(identity.signer, next);
    expect(signedBy(log.checkpoint(), identity.signer, next)).toEqual(NEW);
  });

  test('lets no key that waits sign for an old one that is destroyed', async () => {
    const first = await open(identity.signer);
    await first.changeKey(next);
    await first.append(intent());
    await first.close();
    const waiting = keyOf(identity.origin);
    const log = await open(next, waiting);
    expect(log.signingKeys()).toEqual({ current: { publicKey: next.publicKey, fromSize: 2 } });
    const { checkpoint } = await log.append(intent());
    expect(signedBy(checkpoint, identity.signer, next, waiting)).toEqual([false, true, false]);
    await log.changeKey(waiting); // nothing is left to be closed before
    await log.append(intent());
    expect(signedBy(log.checkpoint(), identity.signer, next, waiting)).toEqual([false, true, true]);
  });

  test('does not start without the key that the log names, nor keep the log from who has it', async () => {
    const first = await open(identity.signer);
    await first.changeKey(next);
    await first.close();
    await expect(open(identity.signer)).rejects.toMatchObject({ problem: 'key-store', field: 'signer' });
    await expect(open(identity.signer, keyOf(identity.origin))).rejects.toMatchObject({
      problem: 'key-store',
    });
    expect((await open(identity.signer, next)).health().state).toBe('writing');
  });

  test('does not take for a key entry what the database calls one', async () => {
    const first = await open(identity.signer);
    await first.append({ kind: 'tick', exchange: intent().exchange, from: 'a', to: 'a' });
    await first.close();
    const { origin } = identity;
    await database().pool.query(
      `alter table log_entry disable trigger user;
       update log_entry set kind = 'key' where origin = '${origin}';
       alter table log_entry enable trigger user`,
    );
    await expect(open(identity.signer)).rejects.toMatchObject({ problem: 'log-tampered' });
  });
});
