export {
  type EntryKind,
  type PrivateLine,
  type PublicLine,
  type RecordedEntry,
  type SignedCheckpoint,
} from './entry.js';
export { cameInTime } from './came-in-time.js';
export { copyEntry, entryBytes } from './own-copy.js';
export {
  LONGEST_LINE,
  encodePrivateLine,
  encodePublicLine,
  parsePrivateLine,
  parsePublicLine,
  privHash,
  type LineProblem,
} from './line-codec.js';
export {
  bodyHash,
  commitBody,
  exchangeKey,
  operatorCommitment,
  subjectCommitment,
  subjectRoot,
  type CommittedSubject,
} from './commitments.js';
export { type EntryDraft } from './draft.js';
export { evidenceMigrations } from './migrations.js';
export { openLogWriter, type LogHealth, type LogWriter, type LogWriterOptions } from './writer/log-writer.js';
export { type KeyRange } from './writer/signing-keys.js';
export { type Appended } from './writer/queued.js';
export { type Tail } from './writer/publisher.js';
export { closeWithEpoch, type EpochOptions } from './writer/epoch.js';
export { refillFromMirror, type RefillOptions } from './writer/refill.js';
export { LogReader } from './reader/log-reader.js';
export { type LoggedEntry } from './reader/prove-entry.js';
export { checkLog, type LogFinding } from './reader/check-log.js';
export { erasePrivateLines } from './reader/erase.js';
export {
  beginErasure,
  closeErasure,
  dueErasures,
  erasureState,
  isErasureSaid,
  noteErasureFailure,
  orderErasure,
  withdrawErasure,
  type ErasureOrder,
  type ErasureState,
} from './erasure-orders.js';
export { OpenIntents, type OpenIntent } from './reader/open-intents.js';
export { AskedExchanges, type AskedEntry, type AskedExchange } from './reader/asked-exchanges.js';
export { PeerLogs, type Expectation, type PeerLogsOptions } from './peers/peer-logs.js';
export { toReceipt, verifyReceipt, type Receipt, type ReceiptCheck, type ReceiptFinding } from './receipt.js';
export { type ForkSide, type StoredFork } from './peers/peer-store.js';
export { SecurityLog, type SecurityEvent, type SecurityLogOptions } from './security-log.js';
export { openCheckpoint } from './signed-checkpoint.js';
export {
  compareCheckpoints,
  verifyLines,
  type CheckpointComparison,
  type LinesFinding,
} from './offline-checks.js';
