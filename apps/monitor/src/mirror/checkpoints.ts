import { openCheckpoint, type SignedCheckpoint } from '#evidence';
import { Problem } from '#problem';
import { type LogKey, type RegistryHolder } from '#registry';
import { NoteError, noteVerifier } from '#tlog';

/** Notes held as verified: each tail repeats the newest of every peer. */
const REMEMBERED = 10_000;

/** Opens checkpoints by the registered keys of their logs, each signature once per registry. */
export class Checkpoints {
  private readonly verified = new Map<string, SignedCheckpoint>();
  private underRegistry = 0;

  constructor(private readonly registry: RegistryHolder) {}

  /**
   * The checkpoint of the log `origin` in a note, signed by a key that may sign trees of its size.
   * @throws Problem `sender-unknown` for a log that is not registered, `entry-not-in-log` for any other note
   */
  open(origin: string, note: string): SignedCheckpoint {
    this.forgetOlderRegistry();
    const known = this.verified.get(note);
    if (known?.origin === origin) return known;
    const keys = this.registry.current.logKeys(origin);
    if (keys.length === 0) throw new Problem('sender-unknown', { field: 'origin' });
    for (const { publicKey } of keys.filter(covers(claimedSize(note)))) {
      const checkpoint = tryOpen(origin, note, publicKey);
      if (checkpoint) return this.remember(note, checkpoint);
    }
    throw new Problem('entry-not-in-log', { field: 'checkpoint', detail: 'not signed by a key of this log' });
  }

  /** A newer registry may have withdrawn a key: what it verified is asked for again. */
  private forgetOlderRegistry(): void {
    const { number } = this.registry.current;
    if (number !== this.underRegistry) this.verified.clear();
    this.underRegistry = number;
  }

  private remember(note: string, checkpoint: SignedCheckpoint): SignedCheckpoint {
    this.verified.set(note, checkpoint);
    if (this.verified.size > REMEMBERED) this.verified.delete(this.verified.keys().next().value!);
    return checkpoint;
  }
}

/** What the second line of the note says; believed only after a key that may sign this size has signed it. */
function claimedSize(note: string): number {
  return Number(note.split('\n', 2)[1]);
}

function covers(size: number): (key: LogKey) => boolean {
  return ({ fromSize, toSize = Infinity }) => size >= fromSize && size <= toSize;
}

function tryOpen(origin: string, note: string, publicKey: Buffer): SignedCheckpoint | undefined {
  try {
    const checkpoint = openCheckpoint(note, [noteVerifier(origin, publicKey)]);
    return checkpoint.origin === origin ? checkpoint : undefined;
  } catch (error) {
    if (error instanceof NoteError) return undefined; // another key may have signed it
    throw error;
  }
}
