import { type LogTrust } from '#client';
import { HASH_SIZE, TILE_WIDTH, type Checkpoint } from '#tlog';
import { type LogFiles } from '../files/log-files.js';
import { type Finding } from '../words/findings.js';
import { checkEntry, type EntrySource } from './entries.js';
import { readCheckpoint } from './signed.js';
import { CheckedTiles } from './tiles.js';

/** What was checked of a log, and everything that does not hold. */
export interface RangeReport {
  valid: boolean;
  origin?: string;
  size?: number;
  /** Entries [from, to) whose tiles were checked. */
  from: number;
  to: number;
  tiles: number;
  /** Entries held against their leaves; 0 when only tiles were checked. */
  entries: number;
  findings: Finding[];
}

export interface RangeOptions {
  from: number;
  /** End, excluded; absent: the end of the log. */
  to?: number | undefined;
  entries?: EntrySource | undefined;
}

/**
 * Checks entries [from, to) of a log: the checkpoint's signature, every tile over them up to the signed root, and the
 * entries against their leaves. Linear in the range, reads each tile once, reports everything.
 */
export async function checkRange(
  files: LogFiles,
  trust: LogTrust,
  { from, to, entries }: RangeOptions,
): Promise<RangeReport> {
  const note = await files.read('checkpoint');
  const read = note
    ? readCheckpoint(note.toString('utf8'), trust, 'checkpoint')
    : { findings: [{ what: 'checkpoint-missing', path: 'checkpoint' }] };
  const tree = 'checkpoint' in read ? read.checkpoint : undefined;
  if (!tree) return { valid: false, from, to: to ?? from, tiles: 0, entries: 0, findings: read.findings };
  const end = Math.min(to ?? tree.size, tree.size);
  const findings = [...read.findings];
  if (from > tree.size || (to ?? 0) > tree.size) findings.push({ what: 'outside-the-log' });
  const tiles = new CheckedTiles(files, tree);
  const checked = await walk(tiles, tree, { from, to: end, entries }, findings);
  await tiles.checkRoot();
  findings.push(...tiles.findings);
  const { origin, size } = tree;
  const report = { origin, size, from, to: end, tiles: tiles.count, entries: checked, findings };
  return { valid: findings.length === 0, ...report };
}

/** Tile by tile over the range; returns how many entries were checked. */
async function walk(
  tiles: CheckedTiles,
  { origin, size }: Checkpoint,
  { from, to, entries }: RangeOptions & { to: number },
  findings: Finding[],
): Promise<number> {
  let checked = 0;
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < to; n += 1) {
    const tile = await tiles.tile(0, n);
    await tiles.checkTile(0, n);
    const width = Math.min(TILE_WIDTH, size - n * TILE_WIDTH);
    const start = n * TILE_WIDTH;
    const extent = { n, width, first: Math.max(from, start), end: Math.min(to, start + width) };
    for (const [index, entry] of (await entries?.entries(extent, findings)) ?? []) {
      const at = (index - start) * HASH_SIZE;
      findings.push(...checkEntry(origin, index, entry, tile?.subarray(at, at + HASH_SIZE)));
      checked += 1;
    }
  }
  return checked;
}
