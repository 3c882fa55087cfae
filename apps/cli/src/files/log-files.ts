import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '#client';
import { Problem } from '#problem';
import { HASH_SIZE, TILE_WIDTH, tilePath } from '#tlog';
import { throwProblem } from './node-server.js';

/** The files of a log in the C2SP tlog-tiles layout, wherever they are. */
export interface LogFiles {
  /** A file's bytes; undefined when there is none. @throws Problem `input-unreadable` for any other fault */
  read(path: string): Promise<Buffer | undefined>;
}

const TIMEOUT_MS = 20_000;
const UNSIGNED = {
  field: '--key',
  detail: 'entries are for the owner, its auditors and the monitor: a key to sign with is wanted',
};

/** Headers of a signed request for an address. */
export type Sign = (url: string) => Record<string, string>;

/**
 * A folder, or the address below which an audit server serves a log. Entry bundles are for those who sign for them; all else
 * is open and asked for without saying who asks.
 * @throws Problem `input-unreadable`
 */
export function openLogFiles(place: string, option: string, sign?: Sign): LogFiles {
  if (/^https?:\/\//.test(place)) return { read: (path) => fetched(place, path, option, sign) };
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

async function fetched(
  base: string,
  path: string,
  option: string,
  sign: Sign | undefined,
): Promise<Buffer | undefined> {
  const url = `${base.replace(/\/+$/, '')}/${path}`;
  const signed = path.startsWith('tile/entries/') ? sign?.(url) : undefined;
  try {
    const response = await fetch(url, {
      ...(signed && { headers: signed }),
      redirect: 'manual', // not followed: a server does not choose who else is asked
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 404) return undefined;
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.ok ? bytes : refused(response.status, bytes, option, signed !== undefined);
  } catch (error) {
    if (error instanceof Problem || error instanceof GatewayError) throw error;
    throw new Problem('input-unreadable', { field: option, detail: 'not reached', cause: error });
  }
}

/** @throws GatewayError what the server says of it; Problem `input-unreadable` */
function refused(status: number, bytes: Buffer, option: string, isSigned: boolean): never {
  if (status === 401 && !isSigned) throw new Problem('input-unreadable', UNSIGNED);
  throwProblem(bytes);
  throw new Problem('input-unreadable', { field: option, detail: `HTTP ${status}` });
}
