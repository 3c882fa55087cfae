import { tilePath, type TileSource } from '#tlog';

/** Asks for each tile once: proofs of entries that are told together share most of theirs. Of use as long as they are made. */
export function sharedTiles(source: TileSource): TileSource {
  const asked = new Map<string, Promise<Buffer>>();
  return {
    tile(level, n, width) {
      const path = tilePath(level, n, width);
      const tile = asked.get(path) ?? source.tile(level, n, width);
      asked.set(path, tile);
      return tile;
    },
  };
}
