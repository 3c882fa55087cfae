import { type Pool } from 'pg';
import { type Database } from '#database';
import { Problem } from '#problem';
import { type TileSource } from '#tlog';
import { type EntryKind, type RecordedEntry, type SignedCheckpoint } from '../entry.js';
import { entriesAbout, type AboutPage, type AboutRange } from './about-subject.js';
import { databaseTiles } from './database-tiles.js';
import { proveEntry, type LoggedEntry, type StoredEntry } from './prove-entry.js';
import { sharedTiles } from './shared-tiles.js';
import { storedLines } from './stored-lines.js';

/** Reads the logs of a node's database: for serving them, for receipts, for search. Takes no lease. */
export class LogReader {
  private readonly pool: Pool;

  /** @param writer of a log that this process writes: its newest checkpoint is not stored yet when its entries are known */
  constructor(
    { database }: { database: Pick<Database, 'pool'> },
    private readonly writer?: { readonly origin: string; checkpoint(): SignedCheckpoint },
  ) {
    this.pool = database.pool;
  }

  /** Origins of the logs in this database, sorted. */
  async origins(): Promise<string[]> {
    const { rows } = await this.pool.query<{ origin: string }>('select origin from log_head order by origin');
    return rows.map(({ origin }) => origin);
  }

  /** The newest signed checkpoint; at most a moment behind the writer's. */
  async checkpoint(origin: string): Promise<SignedCheckpoint | undefined> {
    if (this.writer?.origin === origin) return this.writer.checkpoint();
    const { rows } = await this.pool.query<{ size: string; root: Buffer; note: string }>(
      'select size, root, note from log_checkpoint where origin = $1',
      [origin],
    );
    const row = rows[0];
    return row && { origin, size: Number(row.size), root: row.root, note: row.note };
  }

  /** Hashes of a tile, `width` of them. @throws Problem `not-found` */
  tile(origin: string, level: number, n: number, width: number): Promise<Buffer> {
    return this.tiles(origin).tile(level, n, width);
  }

  /** The log's tiles, for proofs (`proveInclusion`, `proveConsistency`). */
  tiles(origin: string): TileSource {
    return databaseTiles(this.pool, origin);
  }

  /** Up to `count` entries in order from `from` on. */
  async entries(origin: string, from: number, count: number): Promise<LoggedEntry[]> {
    const entries: LoggedEntry[] = [];
    for await (const lines of storedLines(this.pool, origin, from, from + count)) {
      entries.push(...lines.map((line) => logged(origin, line)));
    }
    return entries;
  }

  /**
   * An entry with its proof in the newest signed tree.
   *
   * @throws Problem `not-found` when it is not there, or not under a stored checkpoint yet; `log-tampered` when the row is
   *   not the one that was signed
   */
  async receipt(origin: string, index: number): Promise<RecordedEntry> {
    const [proved] = await this.prove(await this.entries(origin, index, 1));
    if (!proved) throw new Problem('not-found', { field: 'index' });
    return proved;
  }

  /** Receipts of an exchange, of one kind or of all, over all logs of this node, in the order they were written. */
  async receiptsOf(exchange: string, kind?: EntryKind): Promise<RecordedEntry[]> {
    const { rows } = await this.pool.query<{ origin: string; index: string }>(
      `select origin, index from log_entry
        where exchange = $1 and kind in ('intent', 'disclosure', 'outcome') and ($2::text is null or kind = $2)
        order by at, origin, index`,
      [exchange, kind ?? null],
    );
    return Promise.all(rows.map(({ origin, index }) => this.receipt(origin, Number(index))));
  }

  /**
   * Entries as they were read with their proofs in the newest signed trees of their logs, in their order; undefined for one that
   * is not under a stored checkpoint yet.
   *
   * @throws Problem `log-tampered` when a row is not the one that was signed
   */
  async prove(entries: readonly LoggedEntry[]): Promise<(RecordedEntry | undefined)[]> {
    const origins = [...new Set(entries.map(({ origin }) => origin))];
    const signed = await Promise.all(origins.map((origin) => this.checkpoint(origin)));
    const logs = new Map(
      origins.map((origin, place) => [
        origin,
        { checkpoint: signed[place], tiles: sharedTiles(this.tiles(origin)) },
      ]),
    );
    return Promise.all(
      entries.map(async (entry) => {
        const { checkpoint, tiles } = logs.get(entry.origin)!;
        return checkpoint && entry.index < checkpoint.size ? proveEntry(tiles, entry, checkpoint) : undefined;
      }),
    );
  }

  /** Who asked about, or was told about, the person behind a commitment (`subjectCommitment`): newest first, by pages. */
  disclosuresAbout(commitment: Buffer, range: AboutRange): Promise<AboutPage> {
    return entriesAbout(this.pool, commitment, range);
  }
}

function logged(
  origin: string,
  { index, leaf, publicLine, privateLine }: StoredEntry & { leaf: Buffer },
): LoggedEntry {
  return { origin, index, leaf, publicLine, ...(privateLine && { privateLine }) };
}
