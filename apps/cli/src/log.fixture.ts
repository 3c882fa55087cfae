import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ExchangeAnswer } from '#client';
import {
  commitBody,
  encodePrivateLine,
  encodePublicLine,
  toReceipt,
  type PublicLine,
  type Receipt,
} from '#evidence';
import { encodeAnswer } from '#exchange';
import {
  Edge,
  encodeEntryBundle,
  entryBundlePath,
  formatCheckpoint,
  formatVerifierKey,
  hashLeaf,
  noteSigner,
  noteVerifier,
  signNote,
  tilePath,
  tilesCovering,
  type NoteSigner,
} from '#tlog';

/** A log with its key, in memory. */
export interface TestLog {
  origin: string;
  signer: NoteSigner;
  verifierKey: string;
  entries: Buffer[];
}

export function makeLog(
  size: number,
  origin = 'hrss-990000/adapter/0',
  change?: (n: number) => Partial<PublicLine>,
): TestLog {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    origin,
    signer: noteSigner(origin, privateKey),
    verifierKey: formatVerifierKey(noteVerifier(origin, publicKey)),
    entries: Array.from({ length: size }, (_, n) => entryOf(origin, n, change?.(n))),
  };
}

/** Another history of the same log from entry `at` on, signed with the same key. */
export function forkOf(log: TestLog, at: number): TestLog {
  return {
    ...log,
    entries: log.entries.map((entry, n) => (n < at ? entry : entryOf(log.origin, n, { bundle: 99 }))),
  };
}

export function checkpointOf({ origin, signer, entries }: TestLog, size = entries.length): string {
  const { root } = Edge.empty().extend(entries.slice(0, size).map(hashLeaf));
  return signNote(formatCheckpoint({ origin, size, root }), signer);
}

/** The log in the tlog-tiles layout, entry bundles included. */
export function writeLog(folder: string, log: TestLog, size = log.entries.length): void {
  const leaves = log.entries.slice(0, size).map(hashLeaf);
  write(folder, 'checkpoint', checkpointOf(log, size));
  for (const { level, n, width } of tilesCovering(0, size)) {
    const hashes = Array.from({ length: width }, (_, i) => subtree(leaves, level, n * 256 + i));
    write(folder, tilePath(level, n, width), Buffer.concat(hashes));
    if (level === 0) {
      const entries = log.entries.slice(n * 256, n * 256 + width);
      write(folder, entryBundlePath(n, width), encodeEntryBundle(entries));
    }
  }
}

export function write(folder: string, path: string, content: string | Buffer): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

export function receiptAt(log: TestLog, index: number, privateLine?: Buffer): Receipt {
  const { edge, root, paths } = Edge.empty().extend(log.entries.map(hashLeaf));
  const publicLine = log.entries[index]!;
  return toReceipt({
    index,
    publicLine,
    ...(privateLine && { privateLine }),
    leaf: hashLeaf(publicLine),
    path: paths[index]!,
    checkpoint: { origin: log.origin, size: edge.size, root, note: checkpointOf(log) },
  });
}

/** The private line of a disclosure of these values, and the nonce with which they give its hash. */
export function commitTo(values: Omit<ExchangeAnswer, 'receipt' | 'bodyNonce'>) {
  const { exchange: _exchange, provider, ...body } = values;
  const { nonce, hash } = commitBody(encodeAnswer({ ...body, source: provider }));
  const privateLine = encodePrivateLine({
    salt: Buffer.alloc(16, 5).toString('base64url'),
    fields: values.fields,
    bodyHash: hash.toString('base64url'),
  });
  return { privateLine, bodyNonce: nonce.toString('base64url') };
}

export function entryOf(origin: string, n: number, change: Partial<PublicLine> = {}): Buffer {
  return encodePublicLine({
    v: 1,
    kind: 'disclosure',
    origin,
    exchange: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    at: '2026-06-01T00:00:00.000Z',
    from: 'hrss-990000',
    to: 'housing-990100',
    query: 'HR-SI-01@1',
    bundle: 3,
    subjects: 1,
    priv: Buffer.alloc(32).toString('base64url'),
    outcomes: { found: 1 },
    rows: 1,
    heldBack: 0,
    ...change,
  });
}

function subtree(leaves: Buffer[], level: number, at: number): Buffer {
  const width = 256 ** level;
  return Edge.empty().extend(leaves.slice(at * width, (at + 1) * width)).root;
}
