/** What repeated runs of one measurement came to. */
export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** @throws RangeError when there is nothing to sum up */
export function summarize(values: readonly number[]): Summary {
  const sorted = ascending(values);
  return { median: middle(sorted), min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * Ratio of each run to the baseline's run of the same round: they met the same state of the machine. The median of these
 * is what a goal is held against.
 * @throws RangeError when the two are not as many, or there is none
 */
export function ratios(ours: readonly number[], baseline: readonly number[]): Summary {
  if (ours.length !== baseline.length) throw new RangeError('as many runs of the one as of the other');
  return summarize(ours.map((value, round) => value / baseline[round]!));
}

/** Nearest rank: the smallest value that at least `share` (0 < share ≤ 1) of all do not exceed. @throws RangeError */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  if (!(share > 0 && share <= 1)) throw new RangeError('a share is above 0 and at most 1');
  const sorted = ascending(values);
  return sorted[Math.ceil(share * sorted.length) - 1]!;
}

/** Slope of the straight line through the points by least squares, in units of y per unit of x. @throws RangeError below two places */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middleX, middleY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - middleX) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('a line goes through two places at least');
  return points.reduce((sum, { x, y }) => sum + (x - middleX) * (y - middleY), 0) / spread;
}

function middle(sorted: Float64Array): number {
  const half = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(half)]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}

function ascending(values: readonly number[] | Float64Array): Float64Array {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('not a number');
  return sorted;
}
