/**
 * The first `most` of what stands newest first, and all more of the last one's millisecond, at most as many again: who goes on
 * asking `to` that millisecond, which is exclusive, then misses none of it.
 */
export function newestPage<T>(items: readonly T[], at: (item: T) => string, most: number): T[] {
  const last = items[most - 1];
  const rest = last === undefined ? [] : items.slice(most, 2 * most);
  const older = rest.findIndex((item) => at(item) !== at(last!));
  return [...items.slice(0, most), ...(older < 0 ? rest : rest.slice(0, older))];
}
