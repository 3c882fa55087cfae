import { performance } from 'node:perf_hooks';

/** Lookups of many persons at a time, for a while. */
export interface LookupRun {
  seconds: number;
  /** Persons of one lookup. */
  persons: number;
  /** Lookups at a time. */
  atOnce: number;
}

/** Persons looked up per second. @throws Error when one that is there was not found */
export async function runLookups(
  { seconds, persons, atOnce }: LookupRun,
  lookup: (numbers: string[]) => Promise<number>,
  numbers: readonly string[],
): Promise<{ perSecond: number }> {
  let [next, found] = [0, 0];
  const begun = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() < begun + seconds * 1000) {
      const count = await lookup(Array.from({ length: persons }, () => numbers[next++ % numbers.length]!));
      if (count !== persons) throw new Error(`${persons - count} persons of ${persons} were not found`);
      found += count;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  return { perSecond: found / ((performance.now() - begun) / 1000) };
}
