import { type LogKey } from '#registry';
import { Problem } from '#problem';
import { noteVerifier, type NoteVerifier } from '#tlog';
import { type SignedCheckpoint } from '../entry.js';
import { tryOpenCheckpoint } from '../signed-checkpoint.js';

/** Checkpoints held as verified; a busy province signs some hundred a second. */
const REMEMBERED = 10_000;

/**
 * Verifies each checkpoint's signature once. Many messages share one checkpoint, so its cost does not grow with them. A
 * key that the registry has dropped since is asked for again on every use, so a withdrawn key is refused at once.
 */
export class CheckpointCache {
  private readonly verified = new Map<string, { checkpoint: SignedCheckpoint; key: string }>();
  private readonly verifiers = new Map<string, NoteVerifier>();

  /**
   * The checkpoint in a note of the log `origin`, signed by one of `keys` that may sign trees of its size.
   *
   * @throws Problem `entry-not-in-log`
   */
  open(origin: string, note: string, keys: readonly LogKey[]): SignedCheckpoint {
    const usable = keys.filter(covers(claimedSize(note)));
    const known = this.verified.get(note);
    if (known && known.checkpoint.origin === origin && usable.some((key) => fingerprint(key) === known.key))
      return known.checkpoint;
    for (const key of usable) {
      const checkpoint = tryOpenCheckpoint(note, [this.verifier(origin, key)]);
      if (checkpoint) return this.remember(note, checkpoint, fingerprint(key));
    }
    throw new Problem('entry-not-in-log', { field: 'checkpoint', detail: 'not signed by a key of this log' });
  }

  private remember(note: string, checkpoint: SignedCheckpoint, key: string): SignedCheckpoint {
    this.verified.set(note, { checkpoint, key });
    if (this.verified.size > REMEMBERED) this.verified.delete(this.verified.keys().next().value!);
    return checkpoint;
  }

  private verifier(origin: string, key: LogKey): NoteVerifier {
    const name = `${origin} ${fingerprint(key)}`;
    const verifier = this.verifiers.get(name) ?? noteVerifier(origin, key.publicKey);
    this.verifiers.set(name, verifier);
    return verifier;
  }
}

/** What the second line of the note says; believed only after a key that may sign this size has signed it. */
function claimedSize(note: string): number {
  return Number(note.split('\n', 2)[1]);
}

function covers(size: number): (key: LogKey) => boolean {
  return ({ fromSize, toSize = Infinity }) => size >= fromSize && size <= toSize;
}

function fingerprint({ publicKey }: LogKey): string {
  return publicKey.toString('base64url');
}
