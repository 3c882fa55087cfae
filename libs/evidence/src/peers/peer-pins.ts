import { type SignedCheckpoint } from '../entry.js';
import { ownCopies } from '../own-copy.js';
import { type ForkSide, type PeerEntry, entrySide } from './peer-store.js';

/** How many sizes and how many places of a peer are held in memory; the newest checkpoint is never forgotten. */
const REMEMBERED = 4_096;

/** Both sides of a fork. */
export interface Fork {
  first: ForkSide;
  second: ForkSide;
}

/**
 * What one peer's log has shown us: a root per size and a leaf per place. Growth is not checked here, the monitor does
 * (design: pins); two roots of one size, or two leaves at one place, are a fork.
 */
export class PeerPins {
  private readonly roots = new Map<number, SignedCheckpoint>();
  private readonly places = new Map<number, PeerEntry>();

  constructor(private newestSeen?: SignedCheckpoint) {}

  get newest(): SignedCheckpoint | undefined {
    return this.newestSeen;
  }

  /** Pins a checkpoint whose signature holds; gives the fork if it contradicts one pinned before. */
  pinCheckpoint(checkpoint: SignedCheckpoint): Fork | undefined {
    const { size, root } = checkpoint;
    const known = this.newestSeen?.size === size ? this.newestSeen : this.roots.get(size);
    if (known) return known.root.equals(root) ? undefined : fork(side(known), side(checkpoint));
    remember(this.roots, size, checkpoint);
    if (!this.newestSeen || size > this.newestSeen.size) this.newestSeen = checkpoint;
    return undefined;
  }

  /** Pins an entry whose inclusion holds; gives the fork if its place held another leaf. */
  pinEntry(entry: PeerEntry): Fork | undefined {
    const known = this.places.get(entry.index);
    if (known) return known.leaf.equals(entry.leaf) ? undefined : fork(entrySide(known), entrySide(entry));
    remember(this.places, entry.index, withoutMessage(entry));
    return undefined;
  }
}

/** What is kept of it: nothing of the message it came in, which held what was said of persons. */
function withoutMessage({ origin, index, leaf, path, checkpoint }: PeerEntry): PeerEntry {
  const [own, ...hashes] = ownCopies([leaf, ...path]) as [Buffer];
  return { origin, index, leaf: own, path: hashes, checkpoint };
}

function remember<V>(map: Map<number, V>, key: number, value: V): void {
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
}

function fork(first: ForkSide, second: ForkSide): Fork {
  return { first, second };
}

function side({ size, note }: SignedCheckpoint): ForkSide {
  return { size, note };
}
