export { EMPTY_ROOT, HASH_SIZE, hashChildren, hashLeaf } from './hash.js';
export { Edge, type Extension } from './edge.js';
export { verifyInclusion, type InclusionClaim } from './inclusion.js';
export { verifyConsistency, type ConsistencyClaim } from './consistency.js';
export {
  TILE_WIDTH,
  entryBundlePath,
  parseTilePath,
  tilePath,
  tilesCovering,
  type EntryBundleName,
  type TileName,
} from './tile-path.js';
export { type TileSource } from './tile-reader.js';
export { proveConsistency, proveInclusion, rootFromTiles } from './tile-proof.js';
export { MAX_ENTRY_SIZE, decodeEntryBundle, encodeEntryBundle } from './entry-bundle.js';
export { formatCheckpoint, parseCheckpoint, type Checkpoint, type CheckpointBody } from './checkpoint.js';
export { NoteError, type NoteErrorCode } from './note-error.js';
export { openNote, signNote, type OpenedNote } from './note.js';
export {
  formatVerifierKey,
  noteSigner,
  noteVerifier,
  parseVerifierKey,
  type NoteSigner,
  type NoteVerifier,
} from './note-key.js';
export { formatProof, parseProof } from './proof-text.js';
export { decodeProof, encodeProof } from './proof-binary.js';
export { type LogProof } from './log-proof.js';
