import canonicalize from 'canonicalize';
import { Problem } from '#problem';
import {
  formatVerifierKey,
  hashLeaf,
  NoteError,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseProof,
  verifyInclusion,
  type Checkpoint,
  type LogProof,
} from '#tlog';
import { keyFaults } from './key-faults.js';
import { type RegisteredKey } from './model.js';
import { publicPart, type OwnKey } from './own-key.js';
import { requireSignature, signedBy } from './registration.js';

const KIND = 'log-key-closing/v1';

/** The `key` entry's public line and its C2SP tlog-proof, as in a receipt. */
export interface KeyEntryReceipt {
  entry: string;
  proof: string;
}

/** Two keys of a log with the sizes that the `key` entry between them gives them: `next.fromSize` = `closed.toSize` + 1. */
export interface LogKeyChange<K extends RegisteredKey = RegisteredKey> {
  closed: K;
  next: K;
}

/** How a `key` entry names (`to`) the key that signs from then on: its C2SP verifier key without the name, `<hash>+<base64>`. */
export function keyEntryText(origin: string, publicKey: Uint8Array): string {
  return formatVerifierKey(noteVerifier(origin, publicKey)).slice(origin.length + 1);
}

/**
 * The statement by which the province closes a log key: both keys with their sizes and the proof that the log itself says
 * so. Signed by the next key and by the agency's HTTP-signature key `endorser`; the old key has signed the log.
 */
export function logKeyClosing(
  { closed, next }: LogKeyChange<OwnKey>,
  { entry, proof }: KeyEntryReceipt,
  endorser: OwnKey,
): string {
  const statement = { kind: KIND, closed: publicPart(closed), next: publicPart(next), entry, proof };
  return signedBy(`${canonicalize(statement)}\n`, [next, endorser]);
}

/** Whether a document is such a statement, and not a registration. Believes nothing. */
export function isLogKeyClosing(document: string): boolean {
  return document.split('\n', 1)[0]!.includes(`"kind":"${KIND}"`);
}

/**
 * The two keys as a closing statement leaves them. It may change nothing but the size between them, and that must be where
 * a history signed by the log's keys has the `key` entry that names the next key. Whether it is the history that others have
 * seen, only a mirror tells: the monitor holds the size against its own before it publishes the registry (ADR 0010).
 * @param known the registry's keys; of them the endorser and both log keys
 * @throws Problem `registry-invalid`, `registry-signature` naming the field
 */
export function acceptLogKeyClosing(document: string, known: readonly RegisteredKey[]): LogKeyChange {
  const text = document.slice(0, document.indexOf('\n\n') + 1);
  const { entry, proof, ...change } = parse(text);
  const { closed, next } = change;
  const endorsers = known.filter(({ agency, use }) => agency === next.agency && use === 'http-signature');
  requireSignature(document, text, [next], '/next/publicKey');
  requireSignature(document, text, endorsers, '/endorser');
  requireKnown(closed, 'toSize', known);
  requireKnown(next, 'fromSize', known);
  if (closed.origin !== next.origin || next.fromSize !== closed.toSize! + 1)
    throw invalid('/next/fromSize', 'does not follow the closed key');
  requireEntry(change, { entry, proof });
  return change;
}

function parse(text: string): LogKeyChange & KeyEntryReceipt {
  const { closed, next, entry, proof } = parseStatement(text);
  const faults = [...keyFaults(closed, '/closed'), ...keyFaults(next, '/next')];
  if (faults.length > 0)
    throw new Problem('registry-invalid', { field: faults[0]!.field, extensions: { faults } });
  if (closed.use !== 'log' || next.use !== 'log') throw invalid('/closed/use', 'is not a log key');
  if (closed.toSize === undefined) throw invalid('/closed/toSize', 'is missing');
  return { closed, next, entry, proof };
}

/** The outer shape only, in its canonical form: no member more, none twice. */
function parseStatement(text: string): LogKeyChange & KeyEntryReceipt {
  const { kind, closed, next, entry, proof } = parseObject(text);
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  const shaped = [closed, next].every(isObject) && [entry, proof].every((value) => typeof value === 'string');
  if (kind === KIND && shaped && `${canonicalize({ kind, closed, next, entry, proof })}\n` === text)
    return { closed, next, entry, proof } as LogKeyChange & KeyEntryReceipt;
  throw new Problem('registry-invalid', { detail: 'not a closing statement' });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch (cause) {
    throw new Problem('registry-invalid', { detail: 'not a closing statement', cause });
  }
}

/** The key is registered, and differs in nothing but the one size; what is closed already is not closed elsewhere. */
function requireKnown(
  key: RegisteredKey,
  size: 'toSize' | 'fromSize',
  known: readonly RegisteredKey[],
): void {
  const before = known.find(({ id, publicKey }) => id === key.id && publicKey === key.publicKey);
  const where = size === 'toSize' ? '/closed' : '/next';
  if (!before) throw invalid(where, 'is not registered');
  if (canonicalize({ ...before, [size]: 0 }) !== canonicalize({ ...key, [size]: 0 }))
    throw invalid(where, 'differs from the registered key');
  const fixed = size === 'toSize' ? before.toSize !== undefined : before.fromSize! > key.fromSize!;
  if (fixed && before[size] !== key[size]) throw invalid(`${where}/${size}`, 'is settled already');
}

/** The log has, as entry `closed.toSize - 1`, the `key` entry that names `next`. */
function requireEntry({ closed, next }: LogKeyChange, { entry, proof }: KeyEntryReceipt): void {
  const origin = closed.origin!;
  const { kind, origin: log, to } = parseObject(entry);
  if (kind !== 'key' || log !== origin || to !== keyEntryText(origin, raw(next)))
    throw invalid('/entry', 'is not the key entry of this log that names the next key');
  const opened = openProof(proof, closed, next);
  const { index, path, size, root } = opened;
  if (opened.origin !== origin || index !== closed.toSize! - 1)
    throw invalid('/proof', 'is of another place or log');
  if (!verifyInclusion({ index, size, root, path, leaf: hashLeaf(Buffer.from(entry)) }))
    throw invalid('/proof', 'does not show the entry in the log');
}

/** Up to the closing size only the old key counts; beyond it, either. */
function openProof(proof: string, closed: RegisteredKey, next: RegisteredKey): LogProof & Checkpoint {
  const [old, fresh] = [closed, next].map((key) => noteVerifier(key.origin!, raw(key)));
  try {
    const parsed = parseProof(proof);
    const checkpoint = parseCheckpoint(openNote(parsed.note, [old!, fresh!]).text);
    if (checkpoint.size <= closed.toSize!) openNote(parsed.note, [old!]);
    return { ...parsed, ...checkpoint };
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new Problem('registry-signature', { field: '/proof', detail: cause.detail, cause });
  }
}

function raw({ publicKey }: RegisteredKey): Buffer {
  return Buffer.from(publicKey, 'base64url');
}

function invalid(field: string, detail: string): Problem {
  return new Problem('registry-invalid', { field, detail });
}
