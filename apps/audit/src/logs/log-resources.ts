import { type LogReader } from '#evidence';
import { Problem } from '#problem';
import { encodeEntryBundle, TILE_WIDTH } from '#tlog';
import { type LogResource } from './log-path.js';

/** A resource as it goes out. */
export interface Served {
  body: Buffer;
  type: string;
  cache: string;
}

const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';

/**
 * Reads one resource of a log in the C2SP tlog-tiles layout. Full tiles never change and may be kept for ever; what still
 * grows is asked for again each time. Only what lies under the newest signed checkpoint is served.
 *
 * @throws Problem `not-found` when the log or the resource is not there
 */
export async function readLogResource(
  reader: LogReader,
  origin: string,
  resource: LogResource,
): Promise<Served> {
  const checkpoint = await reader.checkpoint(origin);
  if (!checkpoint) throw new Problem('not-found');
  if (resource.what === 'checkpoint') {
    return { body: Buffer.from(checkpoint.note, 'utf8'), type: TEXT, cache: 'no-cache' };
  }
  const { n, width } = resource;
  const level = resource.what === 'tile' ? resource.level : 0;
  if ((n * TILE_WIDTH + width) * TILE_WIDTH ** level > checkpoint.size) throw new Problem('not-found');
  if (resource.what === 'tile') {
    const body = await reader.tile(origin, level, n, width);
    return { body, type: BYTES, cache: cacheOf(width, 'public') };
  }
  return { body: await readBundle(reader, origin, n, width), type: BYTES, cache: cacheOf(width, 'private') };
}

async function readBundle(reader: LogReader, origin: string, n: number, width: number): Promise<Buffer> {
  const entries = await reader.entries(origin, n * TILE_WIDTH, width);
  if (entries.length !== width) throw new Problem('log-tampered', { detail: 'entries are missing' });
  return encodeEntryBundle(entries.map(({ publicLine }) => publicLine));
}

/** Entries are for those who were identified: a shared cache must not hand them on. */
function cacheOf(width: number, whose: 'public' | 'private'): string {
  return width === TILE_WIDTH ? `${whose}, max-age=31536000, immutable` : `${whose}, no-cache`;
}
