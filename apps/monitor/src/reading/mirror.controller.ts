import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '#problem';
import { encodeEntryBundle, parseTilePath, TILE_WIDTH, type EntryBundleName, type TileName } from '#tlog';
import { readLog } from '../mirror/log-row.js';
import { mirrorTiles } from '../mirror/mirror-tiles.js';
import { MONITOR, type MonitorParts } from '../parts.js';
import { identifyReader } from './identify-reader.js';

const PATH = /^\/logs\/([A-Za-z0-9._-]{1,64})(\/[a-z][a-z-]{0,31}\/\d{1,6})\/(.+)$/;

/**
 * The mirror in the layout of the logs themselves (C2SP tlog-tiles): a node whose database was lost fills it again from
 * here. Checkpoints and hash tiles are open, entries are for the log's owner.
 */
@Controller('logs')
export class MirrorController {
  constructor(@Inject(MONITOR) private readonly monitor: MonitorParts) {}

  @Get('*')
  async serve(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const [, agency, rest, resource] = PATH.exec(request.url) ?? [];
    if (agency === undefined || rest === undefined || resource === undefined) throw new Problem('not-found');
    const origin = `${agency}${rest}`;
    if (resource === 'checkpoint') return this.checkpoint(origin, reply);
    const tile = parseTilePath(resource);
    if (!tile) throw new Problem('not-found');
    if ('entries' in tile) await this.requireOwner(request, agency);
    void reply.header('content-type', 'application/octet-stream').header('cache-control', cacheOf(tile));
    return 'entries' in tile ? this.entries(origin, tile) : this.tile(origin, tile);
  }

  /** The newest checkpoint that the mirror is proved against; while a long gap is being pulled it may lie ahead of it. */
  private async checkpoint(origin: string, reply: FastifyReply): Promise<Buffer> {
    const log = await readLog(this.monitor.pool, origin);
    if (log?.note === undefined) throw new Problem('not-found');
    void reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-cache');
    return Buffer.from(log.note, 'utf8');
  }

  private tile(origin: string, { level, n, width }: TileName): Promise<Buffer> {
    return mirrorTiles(this.monitor.pool, origin).tile(level, n, width);
  }

  private async entries(origin: string, { n, width }: EntryBundleName): Promise<Buffer> {
    const first = n * TILE_WIDTH;
    const { rows } = await this.monitor.pool.query<{ public: Buffer }>(
      'select public from mirror_line where origin = $1 and index >= $2 and index < $3 order by index',
      [origin, first, first + width],
    );
    if (rows.length !== width) throw new Problem('not-found');
    return encodeEntryBundle(rows.map((row) => row.public));
  }

  private async requireOwner(request: FastifyRequest, agency: string): Promise<void> {
    const reader = await identifyReader(this.monitor, request);
    if (reader.agency !== agency && !reader.everything) throw new Problem('not-entitled');
  }
}

function cacheOf(tile: TileName | EntryBundleName): string {
  const whose = 'entries' in tile ? 'private' : 'public';
  return tile.width === TILE_WIDTH ? `${whose}, max-age=31536000, immutable` : `${whose}, no-cache`;
}
