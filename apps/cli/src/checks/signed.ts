import { verifiersFor, type LogTrust } from '#client';
import { openCheckpoint } from '#evidence';
import { NoteError, parseCheckpoint, type Checkpoint } from '#tlog';
import { type Finding } from '../words/findings.js';

/** A checkpoint as far as it can be read: a check goes on with what an unverified one says, to report all that is wrong. */
export interface ReadCheckpoint {
  checkpoint?: Checkpoint;
  verified: boolean;
  findings: Finding[];
}

/** @param path what the checkpoint is called in findings */
export function readCheckpoint(note: string, trust: LogTrust, path: string): ReadCheckpoint {
  try {
    const { origin, size, root } = openCheckpoint(note, verifiersFor(trust, note));
    return { checkpoint: { origin, size, root }, verified: true, findings: [] };
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    const { detail } = error;
    const checkpoint = unverified(note);
    const what = checkpoint ? 'checkpoint-unverified' : 'checkpoint-unreadable';
    return { ...(checkpoint && { checkpoint }), verified: false, findings: [{ what, path, detail }] };
  }
}

function unverified(note: string): Checkpoint | undefined {
  try {
    const { origin, size, root } = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    return { origin, size, root };
  } catch (error) {
    if (error instanceof NoteError) return undefined; // which is the finding
    throw error;
  }
}
