import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that repeats: the same (seed, index) always draws the same, whatever was drawn for others. */
export interface Draw {
  /** From `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** True in `permille` of 1000 cases. */
  chance(permille: number): boolean;
}

/** Odd, so that indexes below 2³² never share a state (Knuth's multiplicative hash). */
const GOLDEN = 0x9e3779b1;

export function drawFor(seed: number, index: number): Draw {
  const random = xoroshiro128plus(seed ^ Math.imul(index + 1, GOLDEN));
  const int = (low: number, high: number) => uniformInt(random, low, high);
  return {
    int,
    pick: (list) => {
      const item = list[int(0, list.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (permille) => int(1, 1000) <= permille,
  };
}
