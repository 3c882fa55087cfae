import { parseTilePath, type EntryBundleName, type TileName } from '#tlog';

/** What a path under `/logs/` names. */
export type LogResource =
  { what: 'checkpoint' } | ({ what: 'tile' } & TileName) | ({ what: 'entries' } & EntryBundleName);

const PATH = /^\/logs\/([A-Za-z0-9._-]{1,64}\/[a-z][a-z-]{0,31}\/\d{1,6})\/(.+)$/;

/**
 * The log and the resource that a request target names, or nothing unless it is written exactly as C2SP tlog-tiles has
 * it: no query, no escapes, no second spelling. Each resource has one address, so a cache can hold it.
 */
export function parseLogPath(target: string): { origin: string; resource: LogResource } | undefined {
  const [, origin, rest] = PATH.exec(target) ?? [];
  if (origin === undefined || rest === undefined) return undefined;
  if (rest === 'checkpoint') return { origin, resource: { what: 'checkpoint' } };
  const tile = parseTilePath(rest);
  if (!tile) return undefined;
  return { origin, resource: 'entries' in tile ? { what: 'entries', ...tile } : { what: 'tile', ...tile } };
}
