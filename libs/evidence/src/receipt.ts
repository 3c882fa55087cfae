import { NoteError, type NoteVerifier, formatProof, hashLeaf, parseProof, verifyInclusion } from '#tlog';
import { Problem } from '#problem';
import { type PrivateLine, type PublicLine, type RecordedEntry, type SignedCheckpoint } from './entry.js';
import { parsePrivateLine, parsePublicLine, privHash } from './line-codec.js';
import { openCheckpoint } from './signed-checkpoint.js';

/** Proof that an entry is in its owner's log, as given to agencies: JSON that anyone can check offline. */
export interface Receipt {
  /** The public line, exactly as hashed. */
  entry: string;
  /** The private line, exactly; left out for those who are not entitled to it, and once it is erased. */
  private?: string;
  /** C2SP tlog-proof: index, path, signed checkpoint. */
  proof: string;
}

export interface ReceiptFinding {
  what:
    | 'not-a-receipt'
    | 'entry-unreadable'
    | 'private-line-unreadable'
    | 'private-line-differs'
    | 'proof-unreadable'
    | 'checkpoint-unverified'
    | 'other-log'
    | 'not-included';
  /** What exactly, in words of the format; never a value. */
  detail?: string;
}

export interface ReceiptCheck {
  /** No finding. */
  valid: boolean;
  findings: ReceiptFinding[];
  /** As far as they could be read, valid or not. */
  entry?: PublicLine;
  private?: PrivateLine;
  checkpoint?: SignedCheckpoint;
  index?: number;
}

/** The receipt of an entry. `withPrivate: false` for a holder who is not entitled to the private line. */
export function toReceipt(entry: RecordedEntry, { withPrivate = true } = {}): Receipt {
  const { publicLine, privateLine, index, path, checkpoint } = entry;
  return {
    entry: publicLine.toString('utf8'),
    ...(withPrivate && privateLine && { private: privateLine.toString('utf8') }),
    proof: formatProof({ index, path, note: checkpoint.note }),
  };
}

/**
 * Checks a receipt with nothing but the log's verifier keys, and reports all that is wrong with it. Pure and offline.
 *
 * @param verifiers keys of the log that the caller trusts (from the registry, or from a file)
 */
export function verifyReceipt(receipt: unknown, verifiers: readonly NoteVerifier[]): ReceiptCheck {
  const check: ReceiptCheck = { valid: false, findings: [] };
  if (!isReceipt(receipt)) {
    check.findings.push({ what: 'not-a-receipt' });
    return check;
  }
  readLines(receipt, check);
  readProof(receipt, verifiers, check);
  check.valid = check.findings.length === 0;
  return check;
}

function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== 'object' || value === null) return false;
  const { entry, private: kept, proof, ...rest } = value as Record<string, unknown>;
  return (
    typeof entry === 'string' &&
    typeof proof === 'string' &&
    (kept === undefined || typeof kept === 'string') &&
    Object.keys(rest).length === 0
  );
}

function readLines(receipt: Receipt, check: ReceiptCheck): void {
  attempt(check, 'entry-unreadable', () => {
    check.entry = parsePublicLine(Buffer.from(receipt.entry));
  });
  const kept = receipt.private;
  if (kept === undefined) return;
  attempt(check, 'private-line-unreadable', () => {
    check.private = parsePrivateLine(Buffer.from(kept));
  });
  if (check.entry && privHash(Buffer.from(kept)) !== check.entry.priv)
    check.findings.push({ what: 'private-line-differs' });
}

function readProof(receipt: Receipt, verifiers: readonly NoteVerifier[], check: ReceiptCheck): void {
  const proof = attempt(check, 'proof-unreadable', () => parseProof(receipt.proof));
  if (!proof) return;
  check.index = proof.index;
  const checkpoint = attempt(check, 'checkpoint-unverified', () => openCheckpoint(proof.note, verifiers));
  if (!checkpoint) return;
  check.checkpoint = checkpoint;
  if (check.entry && check.entry.origin !== checkpoint.origin) check.findings.push({ what: 'other-log' });
  const leaf = hashLeaf(Buffer.from(receipt.entry));
  if (!verifyInclusion({ ...checkpoint, index: proof.index, leaf, path: proof.path }))
    check.findings.push({ what: 'not-included' });
}

/** The result, or a finding when it fails for the input's fault. */
function attempt<T>(check: ReceiptCheck, what: ReceiptFinding['what'], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof NoteError)) throw error;
    const detail = [error instanceof Problem ? error.field : undefined, error.detail]
      .filter(Boolean)
      .join(': ');
    check.findings.push({ what, ...(detail && { detail }) });
    return undefined;
  }
}
