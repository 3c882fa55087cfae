import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#problem';
import { HASH_SIZE, TILE_WIDTH, tilePath } from '#tlog';

/** The files of a log in the C2SP tlog-tiles layout, wherever they are. */
export interface LogFiles {
  /** A file's bytes; undefined when there is none. @throws Problem `input-unreadable` for any other fault */
  read(path: string): Promise<Buffer | undefined>;
}

const TIMEOUT_MS = 20_000;

/** A folder, or the address below which an audit server serves a log. @throws Problem `input-unreadable` */
export function openLogFiles(place: string, option: string): LogFiles {
  if (/^https?:\/\//.test(place)) return { read: (path) => fetched(place, path, option) };
  if (!existsSync(place) || !statSync(place).isDirectory()) {
    throw new Problem('input-unreadable', {
      field: option,
      detail: 'neither a folder nor an http(s) address',
    });
  }
  return { read: (path) => Promise.resolve(fromFolder(join(place, path), option)) };
}

/** A tile of at least `width` hashes, cut to it: a log may keep the partial tile, or the full one that it grew to. */
export async function readTile(
  files: LogFiles,
  level: number,
  n: number,
  width: number,
): Promise<Buffer | undefined> {
  const exact = await files.read(tilePath(level, n, width));
  if (exact || width === TILE_WIDTH) return exact;
  return (await files.read(tilePath(level, n, TILE_WIDTH)))?.subarray(0, width * HASH_SIZE);
}

function fromFolder(path: string, option: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Problem('input-unreadable', { field: option, detail: code ?? 'unknown fault', cause: error });
  }
}

async function fetched(base: string, path: string, option: string): Promise<Buffer | undefined> {
  try {
    const response = await fetch(`${base.replace(/\/+$/, '')}/${path}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 404) return undefined;
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    throw new Problem('input-unreadable', { field: option, detail: `HTTP ${response.status}` });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('input-unreadable', { field: option, detail: 'not reached', cause: error });
  }
}
