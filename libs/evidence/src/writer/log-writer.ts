import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type Database } from '#database';
import { inSharedSpan } from '#observability';
import { Problem, type ProblemName } from '#problem';
import { keyEntryText } from '#registry';
import { type NoteSigner } from '#tlog';
import { type EntryDraft, draftLines } from '../draft.js';
import { type SignedCheckpoint } from '../entry.js';
import { isOrigin } from '../line-shape.js';
import { Batcher, type BatchLimits } from './batcher.js';
import { CheckpointStore } from './checkpoint-store.js';
import { LogClock } from './clock.js';
import { Committer } from './committer.js';
import { EdgeFile } from './edge-file.js';
import { EdgeKeeper } from './edge-keeper.js';
import { openLog, type OpenedLog } from './open-log.js';
import { Publisher, type Tail } from './publisher.js';
import { type Appended, Queued } from './queued.js';
import { openSigningKeys, type KeyRange, type SigningKeys } from './signing-keys.js';
import { Ticker } from './ticker.js';

export interface LogWriterOptions {
  database: Pick<Database, 'pool'>;
  /** `<agency>/<role>/<ordinal>`; also the name of the signer's key. */
  origin: string;
  /** The log's keys, oldest first; which of them signs, its `key` entries say. */
  signer: NoteSigner | readonly NoteSigner[];
  /** Whether the registry closes one of its keys: until then the key before the present one signs beside it. */
  isClosed?: (publicKey: Buffer) => boolean;
  /** Secret of 32 bytes or more, kept outside PostgreSQL: tells the writer's own heads from others'. */
  sealKey: Buffer;
  /** Path of the edge file, on a disk that is not the database's. */
  edgeFile: string;
  /** Milliseconds since the epoch; default the system's. */
  clock?: () => number;
  /** Called after every commit, in order; must not throw and must not wait. */
  onCommit?: (tail: Tail) => void;
  batch?: Partial<BatchLimits>;
  /** A log that was quiet for this long appends a `tick`; milliseconds, default a minute, 0 for never. */
  tickEvery?: number;
}

/** Longest wait for a checkpoint to be kept at the end; the next start signs it again. */
const FLUSH_MS = 1_000;

export interface LogHealth {
  origin: string;
  /** `stopped`: this process will not write the log again; `unavailable`: the last append failed. */
  state: 'writing' | 'unavailable' | 'stopped' | 'closed';
  problem?: ProblemName;
  /** Entries in the log. */
  size: number;
  /** Entries covered by the edge file. */
  edgeSize: number;
  queued: number;
  tailFailures: number;
  checkpointFailures: number;
}

/**
 * Opens a log for writing: takes its lease, proves its tree against the edge kept outside the database, signs its head.
 *
 * @throws Problem `log-fenced` when another writer has it, `log-behind-edge` when the database is older than what was
 *   signed, `log-tampered` when it is not what was signed, `log-unavailable` when the database is not there, `key-store` when
 *   the key that its `key` entry names is not among the signers
 */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  const { origin, sealKey, database } = options;
  const signers = [options.signer].flat();
  if (!isOrigin(origin)) throw new Problem('internal', { field: 'origin' });
  if (signers.length === 0 || signers.some(({ name }) => name !== origin))
    throw new Problem('internal', { field: 'signer', detail: 'key of another log' });
  if (sealKey.length < 32) throw new Problem('internal', { field: 'sealKey', detail: 'too short' });
  const file = new EdgeFile(options.edgeFile, sealKey);
  const opened = await openLog(database.pool, origin, sealKey, file);
  try {
    const keys = await openSigningKeys(opened, { origin, signers, isClosed: options.isClosed });
    return assemble(options, opened, file, keys);
  } catch (error) {
    opened.session.end();
    throw error;
  }
}

function assemble(
  options: LogWriterOptions,
  opened: OpenedLog,
  file: EdgeFile,
  keys: SigningKeys,
): LogWriter {
  const { origin, sealKey, database, clock: now = Date.now } = options;
  const store = new CheckpointStore(database.pool);
  const publisher = new Publisher(keys, opened.state, store, options.onCommit);
  const holder = { pool: database.pool, origin, sealKey, fence: opened.fence };
  const committer = new Committer(holder, opened, publisher, now);
  const edge = new EdgeKeeper(file, origin, () => committer.tree.edge, opened.edgeSize);
  const clock = new LogClock(now, opened.lastAt);
  return new LogWriter(options, { committer, publisher, store, edge, clock, keys });
}

interface Parts {
  committer: Committer;
  publisher: Publisher;
  store: CheckpointStore;
  edge: EdgeKeeper;
  clock: LogClock;
  keys: SigningKeys;
}

/** The one writer of one log. Get one with {@link openLogWriter}. */
export class LogWriter {
  readonly origin: string;
  /** Told how long each append took until its entry was durable and signed, in milliseconds. */
  onAppended: (ms: number) => void = () => undefined;
  private readonly batcher: Batcher<Queued>;
  private readonly ticker: Ticker;
  private closing: Promise<void> | undefined;

  constructor(
    { origin, batch, tickEvery = 60_000 }: LogWriterOptions,
    private readonly parts: Parts,
  ) {
    this.origin = origin;
    const limits = { max: 1_024, waitMs: 3, ...batch };
    this.batcher = new Batcher((callers) => this.commit(callers), limits, changesKey);
    this.ticker = new Ticker(origin, tickEvery, (draft) => this.append(draft));
  }

  /**
   * Records an entry; resolves once it is durable, sequenced and under a signed root. An intent, disclosure or outcome of
   * an exchange that is there already is given back as it was recorded (`existing`), with a fresh proof; a late outcome is
   * one of its own.
   *
   * @throws Problem `bundle-changed`, `answered-elsewhere` (another log of this node has the exchange's disclosure),
   *   `provider-timeout` (`recordBefore` has passed), `log-forked` (the parent), `internal` (the draft breaks the format):
   *   nothing of this draft is recorded.
   *   `log-unavailable`: not recorded, or not known to be; append the same draft again. `log-fenced`, `log-behind-edge`,
   *   `log-tampered`: the writer has stopped. `shutting-down`.
   */
  async append(draft: EntryDraft): Promise<Appended> {
    if (draft.kind === 'key')
      throw new Problem('internal', { field: 'kind', detail: 'written by changeKey' });
    return this.enqueue(draft);
  }

  /**
   * Lets another key sign from now on: records a `key` entry that names it (`to`: its verifier key without the name), as the
   * last one under the present key. Beyond that size the next key signs, and the one before beside it until it is closed
   * (`isClosed`). Nothing is recorded when this key signs already.
   *
   * @throws Problem `key-store` while the change before is not closed; as `append`: repeat it with the same key
   */
  async changeKey(next: NoteSigner): Promise<Appended | undefined> {
    if (!this.parts.keys.announce(next)) return undefined;
    const [agency] = this.origin.split('/') as [string];
    const to = keyEntryText(this.origin, next.publicKey);
    return this.enqueue({ kind: 'key', exchange: randomUUID(), from: agency, to, reason: 'log-key-changed' });
  }

  /** The key that signs now, and the one before it, with their sizes. */
  signingKeys(): { current: KeyRange; before?: Required<KeyRange> } {
    return this.parts.keys.ranges;
  }

  private async enqueue(draft: EntryDraft): Promise<Appended> {
    if (this.closing) throw new Problem('shutting-down');
    if (this.parts.committer.isStopped) throw this.parts.committer.problem!;
    this.parts.edge.requireHealthy();
    const lines = draftLines(draft, this.origin, this.parts.clock.next());
    const queued = new Queued(lines, performance.now());
    this.batcher.push(queued);
    const entry = await queued.result;
    this.onAppended(performance.now() - queued.since);
    return entry;
  }

  /** The newest signed checkpoint. */
  checkpoint(): SignedCheckpoint {
    return this.parts.publisher.checkpoint;
  }

  health(): LogHealth {
    const { committer, publisher, store, edge } = this.parts;
    return {
      origin: this.origin,
      state: this.state(),
      ...(committer.problem && { problem: committer.problem.problem }),
      size: committer.tree.edge.size,
      edgeSize: edge.size,
      queued: this.batcher.length,
      tailFailures: publisher.tailFailures,
      checkpointFailures: store.failures,
    };
  }

  /** Records what is queued, syncs the edge, ends the lease. Further appends are refused at once. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    const { committer, store, edge } = this.parts;
    this.ticker.stop();
    await this.batcher.idle();
    edge.stop();
    try {
      await edge.sync();
      await store.flush(FLUSH_MS);
    } finally {
      committer.end();
    }
  }

  /** When the log cannot be written, those who wait behind the group are told at once, and not after a wait of their own. */
  private async commit(callers: Queued[]): Promise<void> {
    const spans = callers.map(({ span }) => span);
    await inSharedSpan('commit log', spans, () => this.parts.committer.commit(callers));
    const { problem } = this.parts.committer;
    if (problem) this.batcher.drain().forEach((caller) => caller.reject(problem));
    else this.ticker.grew();
  }

  private state(): LogHealth['state'] {
    if (this.closing) return 'closed';
    if (this.parts.committer.isStopped) return 'stopped';
    return this.parts.committer.problem ? 'unavailable' : 'writing';
  }
}

function changesKey({ lines }: Queued): boolean {
  return lines.kind === 'key';
}
