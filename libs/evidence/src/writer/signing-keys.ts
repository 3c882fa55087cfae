import { type PoolClient } from 'pg';
import { Problem } from '#problem';
import { keyEntryText } from '#registry';
import { type Edge, type NoteSigner } from '#tlog';
import { type SignedCheckpoint } from '../entry.js';
import { parsePublicLine } from '../line-codec.js';
import { databaseTiles } from '../reader/database-tiles.js';
import { proveEntry } from '../reader/prove-entry.js';
import { signCheckpoint } from '../signed-checkpoint.js';
import { type Growth } from './growth.js';
import { type OpenedLog } from './open-log.js';

/** A key of a log and the tree sizes that it signs by the log's own word. */
export interface KeyRange {
  publicKey: Buffer;
  fromSize: number;
  toSize?: number;
}

export interface SigningKeysOptions {
  origin: string;
  /** The keys that are held, oldest first. */
  signers: readonly NoteSigner[];
  /** Whether the registry closes a key; by default none. */
  isClosed?: ((publicKey: Buffer) => boolean) | undefined;
}

/** A key that took over at a size. */
interface Term {
  signer: NoteSigner;
  fromSize: number;
}

/**
 * Which key signs which size of a log: the log says it, and nothing else. A `key` entry is the last one under the key before;
 * every larger tree is signed by the key that it names (ADR 0010). Until the registry closes the key before, that one signs
 * beside it, so that a checkpoint is verified by those who know the change already and by those who do not yet.
 */
export class SigningKeys {
  private announced: NoteSigner | undefined;

  constructor(
    private readonly options: Pick<SigningKeysOptions, 'origin' | 'isClosed'>,
    private current: Term,
    private before: Term | undefined,
  ) {}

  /** Signs the root of a tree that the writer computed itself. @throws Problem `key-store` when its key is not held */
  sign(edge: Edge): SignedCheckpoint {
    const { current, before } = this;
    if (edge.size >= current.fromSize) return signCheckpoint(current.signer, edge, this.beside());
    if (before) return signCheckpoint(before.signer, edge);
    throw notHeld();
  }

  /**
   * The key that the next `key` entry will name; false when it signs already.
   * @throws Problem `key-store` while the change before is not closed
   */
  announce(next: NoteSigner): boolean {
    if (next.publicKey.equals(this.current.signer.publicKey)) return false;
    if (this.beside())
      throw new Problem('key-store', { detail: 'the change of keys before is not closed yet' });
    this.announced = next;
    return true;
  }

  /** After a growth is signed: if its last entry changes the key, the named one signs from the next size on. */
  follow({ entries, after }: Growth): void {
    const [caller] = entries.at(-1)!.callers;
    if (caller!.lines.kind !== 'key') return;
    const named = parsePublicLine(caller!.lines.publicLine, 'log-tampered').to;
    if (named === this.nameOf(this.current.signer)) return; // recorded twice, because the first answer was lost
    if (!this.announced || named !== this.nameOf(this.announced)) throw notHeld();
    this.before = this.current;
    this.current = { signer: this.announced, fromSize: after.edge.size + 1 };
    this.announced = undefined;
  }

  get ranges(): { current: KeyRange; before?: Required<KeyRange> } {
    const current = rangeOf(this.current);
    const before = this.before && { ...rangeOf(this.before), toSize: current.fromSize - 1 };
    return { current, ...(before && { before }) };
  }

  private beside(): NoteSigner | undefined {
    const signer = this.before?.signer;
    return signer && !this.options.isClosed?.(signer.publicKey) ? signer : undefined;
  }

  private nameOf({ publicKey }: NoteSigner): string {
    return keyEntryText(this.options.origin, publicKey);
  }
}

/**
 * The signing keys as the log's own `key` entries have them, each proved to be in the tree that the writer goes on from.
 * @throws Problem `key-store` when the newest names a key that is not held, `log-tampered`
 */
export async function openSigningKeys(
  { session, state }: Pick<OpenedLog, 'session' | 'state'>,
  { origin, signers, isClosed }: SigningKeysOptions,
): Promise<SigningKeys> {
  const changes = await readChanges(session.client, origin, state.edge);
  const held = new Map(signers.map((signer) => [keyEntryText(origin, signer.publicKey), signer]));
  const isNamed = ({ publicKey }: NoteSigner) =>
    changes.some(({ to }) => to === keyEntryText(origin, publicKey));
  const terms = [
    { signer: firstOf(signers, isNamed), fromSize: 0 },
    ...changes.map(({ to, index }) => ({ signer: held.get(to), fromSize: index + 2 })),
  ].filter((term, i, all) => i === 0 || term.signer === undefined || term.signer !== all[i - 1]!.signer);
  const [current, before] = [terms.at(-1)!, terms.at(-2)];
  if (!isHeld(current)) throw notHeld();
  return new SigningKeys({ origin, isClosed }, current, before && isHeld(before) ? before : undefined);
}

/**
 * The key that signed before any entry named one: only a key older than every named one. It may be destroyed by now, and
 * what waits behind the named ones has signed nothing yet.
 */
function firstOf(
  signers: readonly NoteSigner[],
  isNamed: (signer: NoteSigner) => boolean,
): NoteSigner | undefined {
  const [oldest] = signers;
  return oldest && !isNamed(oldest) ? oldest : undefined;
}

async function readChanges(
  client: PoolClient,
  origin: string,
  edge: Edge,
): Promise<{ to: string; index: number }[]> {
  const { rows } = await client.query<{ index: string; public: Buffer }>(
    `select index, public from log_entry where origin = $1 and kind = 'key' order by index`,
    [origin],
  );
  const tree = { origin, size: edge.size, root: edge.root(), note: '' };
  const changes: { to: string; index: number }[] = [];
  for (const { index, public: publicLine } of rows) {
    const entry = { index: Number(index), publicLine };
    await proveEntry(databaseTiles(client, origin), entry, tree);
    const { kind, to } = parsePublicLine(publicLine, 'log-tampered');
    if (kind !== 'key') throw new Problem('log-tampered', { detail: `entry ${index} is no key entry` });
    changes.push({ to, index: entry.index });
  }
  return changes;
}

function rangeOf({ signer, fromSize }: Term): KeyRange {
  return { publicKey: signer.publicKey, fromSize };
}

function isHeld(term: { signer: NoteSigner | undefined; fromSize: number }): term is Term {
  return term.signer !== undefined;
}

function notHeld(): Problem {
  return new Problem('key-store', { field: 'signer', detail: 'the key that the log names is not held' });
}
