import { type Database } from '#database';
import { Problem } from '#problem';
import { type LogKey } from '#registry';
import { hashLeaf, verifyInclusion } from '#tlog';
import { type PublicLine, type RecordedEntry, type SignedCheckpoint } from '../entry.js';
import { parsePublicLine, privHash } from '../line-codec.js';
import { CheckpointCache } from './checkpoint-cache.js';
import { type Fork, PeerPins } from './peer-pins.js';
import { type StoredFork, loadForks, loadNewest, saveNewest, storeFork } from './peer-store.js';

export interface PeerLogsOptions {
  database: Pick<Database, 'pool'>;
  /** Registered keys of a log (`RegistryView.logKeys`); none for an unknown one. */
  keysOf: (origin: string) => readonly LogKey[];
}

/** What the receiver is waiting for; every field named here must be so in the entry. */
export type Expectation = Partial<Omit<PublicLine, 'outcomes'>>;

const SAVE_MS = 1_000;

/**
 * Verifies entries of other nodes' logs and pins what they showed. Pins are saved each second; forks at once. A peer that
 * forked is closed, in this process and, within a second, in the node's others.
 */
export class PeerLogs {
  private readonly cache = new CheckpointCache();
  private readonly timer: NodeJS.Timeout;
  private readonly unsaved = new Map<string, SignedCheckpoint>();
  private readonly freshForks = new Map<string, Fork>();
  private saving: Promise<void> = Promise.resolve();
  /** Saves that failed; what they held is tried again each second. */
  failures = 0;

  private constructor(
    private readonly options: PeerLogsOptions,
    private readonly peers: Map<string, PeerPins>,
    private closed: ReadonlySet<string>,
  ) {
    this.timer = setInterval(() => void this.save(), SAVE_MS).unref();
  }

  /** Loads the pins of earlier runs. */
  static async open(options: PeerLogsOptions): Promise<PeerLogs> {
    const newest = await loadNewest(options.database.pool);
    const closed = new Set((await loadForks(options.database.pool)).map(({ origin }) => origin));
    return new PeerLogs(options, new Map(newest.map((one) => [one.origin, new PeerPins(one)])), closed);
  }

  /**
   * Verifies that an entry is in its owner's log, contradicts nothing that the log showed before, and is the one that is
   * expected. @returns its public line
   *
   * @throws Problem `envelope-spliced` (not a line, or not as expected, naming the field), `sender-unknown`,
   *   `entry-not-in-log`, `log-forked`
   */
  verify(entry: RecordedEntry, expect: Expectation = {}): PublicLine {
    const line = parsePublicLine(entry.publicLine);
    const checkpoint = this.verifiedCheckpoint(line.origin, entry);
    this.pin(line.origin, (pins) => pins.pinCheckpoint(checkpoint));
    requireIncluded(entry, checkpoint);
    this.pin(line.origin, (pins) => pins.pinEntry({ ...entry, origin: line.origin, checkpoint }));
    requirePrivate(entry, line);
    requireExpected(line, expect);
    return line;
  }

  /** The newest checkpoint seen of each peer: the report to the monitor, which holds it against its mirror. */
  newest(): SignedCheckpoint[] {
    return [...this.peers.values()].flatMap((pins) => pins.newest ?? []);
  }

  /** Whether a peer was closed because its log forked. */
  isClosed(origin: string): boolean {
    return this.freshForks.has(origin) || this.closed.has(origin);
  }

  /** Proofs against the peers that forked. */
  forks(): Promise<StoredFork[]> {
    return loadForks(this.options.database.pool);
  }

  /** Saves what is new and looks for forks that other processes of this node met. */
  save(): Promise<void> {
    this.saving = this.saving.then(() => this.saveNow()).catch(() => void (this.failures += 1));
    return this.saving;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.save();
  }

  private verifiedCheckpoint(origin: string, entry: RecordedEntry): SignedCheckpoint {
    const keys = this.options.keysOf(origin);
    if (keys.length === 0) throw new Problem('sender-unknown');
    if (this.isClosed(origin)) throw new Problem('log-forked', { detail: 'this log is closed' });
    const checkpoint = this.cache.open(origin, entry.checkpoint.note, keys);
    const { size, root } = entry.checkpoint;
    if (entry.checkpoint.origin !== origin || size !== checkpoint.size || !root.equals(checkpoint.root))
      throw new Problem('entry-not-in-log', { field: 'checkpoint', detail: 'not what its note says' });
    return checkpoint;
  }

  private pin(origin: string, pin: (pins: PeerPins) => Fork | undefined): void {
    const pins = this.peers.get(origin) ?? new PeerPins();
    this.peers.set(origin, pins);
    const before = pins.newest;
    const fork = pin(pins);
    if (pins.newest && pins.newest !== before) this.unsaved.set(origin, pins.newest);
    if (!fork) return;
    this.freshForks.set(origin, fork);
    void this.save();
    throw new Problem('log-forked', { detail: 'this log showed two histories' });
  }

  private async saveNow(): Promise<void> {
    const { pool } = this.options.database;
    for (const [origin, { first, second }] of this.freshForks) {
      await storeFork(pool, origin, first, second);
    }
    const checkpoints = [...this.unsaved.values()];
    await saveNewest(pool, checkpoints);
    for (const saved of checkpoints) {
      if (this.unsaved.get(saved.origin) === saved) this.unsaved.delete(saved.origin);
    }
    this.closed = new Set((await loadForks(pool)).map(({ origin }) => origin));
    for (const origin of this.closed) this.freshForks.delete(origin);
  }
}

function requireIncluded(
  { publicLine, index, leaf, path }: RecordedEntry,
  checkpoint: SignedCheckpoint,
): void {
  const { size, root } = checkpoint;
  const computed = hashLeaf(publicLine);
  if (!computed.equals(leaf) || !verifyInclusion({ index, size, leaf: computed, root, path }))
    throw new Problem('entry-not-in-log', { field: 'path' });
}

function requirePrivate({ privateLine }: RecordedEntry, { priv }: PublicLine): void {
  if (privateLine && privHash(privateLine) !== priv) throw new Problem('envelope-spliced', { field: 'priv' });
}

function requireExpected(line: PublicLine, expect: Expectation): void {
  for (const [field, value] of Object.entries(expect)) {
    if (line[field as keyof PublicLine] !== value) throw new Problem('envelope-spliced', { field });
  }
}
