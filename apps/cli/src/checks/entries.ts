import { parsePublicLine } from '#evidence';
import { Problem } from '#problem';
import { decodeEntryBundle, entryBundlePath, hashLeaf, TILE_WIDTH } from '#tlog';
import { type LogFiles } from '../files/log-files.js';
import { type Finding } from '../words/findings.js';

/** The part of a range that lies over the `n`-th tile of `width` leaves: entries [first, end). */
export interface Extent {
  n: number;
  width: number;
  first: number;
  end: number;
}

/** Public lines to hold against the tiles. */
export interface EntrySource {
  /** Entries of an extent as `[index, bytes]`; what is missing or unreadable goes to `findings`. */
  entries(extent: Extent, findings: Finding[]): Promise<[number, Buffer][]>;
}

/** Entries from the log's own bundles, `tile/entries/…`. */
export function servedEntries(files: LogFiles): EntrySource {
  return {
    async entries({ n, width, first, end }, findings) {
      const path = entryBundlePath(n, width);
      const full = width < TILE_WIDTH ? entryBundlePath(n, TILE_WIDTH) : path;
      const bundle = (await files.read(path)) ?? (await files.read(full));
      if (!bundle) {
        findings.push({ what: 'entry-missing', path });
        return [];
      }
      return decoded(bundle, n, width, path, findings).filter(([index]) => index >= first && index < end);
    },
  };
}

/** Entries from an export: one public line a line, the first of index `from`. */
export function exportedEntries(lines: readonly string[], from: number): EntrySource {
  return {
    entries({ first, end }, findings) {
      const entries: [number, Buffer][] = [];
      for (let index = first; index < end; index += 1) {
        const line = lines[index - from];
        if (line === undefined) findings.push({ what: 'entry-missing', index });
        else entries.push([index, Buffer.from(line)]);
      }
      return Promise.resolve(entries);
    },
  };
}

/** Whether an entry is what its leaf says and speaks of this log. */
export function checkEntry(
  origin: string,
  index: number,
  entry: Buffer,
  leaf: Buffer | undefined,
): Finding[] {
  const findings: Finding[] = [];
  if (leaf && !hashLeaf(entry).equals(leaf)) findings.push({ what: 'entry-changed', index });
  try {
    if (parsePublicLine(entry).origin !== origin) findings.push({ what: 'other-log', index });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.push({ what: 'entry-unreadable', index, ...(error.field && { detail: error.field }) });
  }
  return findings;
}

function decoded(
  bundle: Buffer,
  n: number,
  width: number,
  path: string,
  findings: Finding[],
): [number, Buffer][] {
  try {
    const entries = decodeEntryBundle(bundle).slice(0, width);
    if (entries.length < width)
      findings.push({ what: 'entry-missing', index: n * TILE_WIDTH + entries.length });
    return entries.map((entry, i) => [n * TILE_WIDTH + i, entry]);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.push({ what: 'entries-unreadable', path });
    return [];
  }
}
