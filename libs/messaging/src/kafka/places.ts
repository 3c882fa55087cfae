import { type Watermarks } from './topics.js';

/** A record as its log knows it. Topics bear the broker's time, so another log has another one at the same offset. */
export interface Mark {
  offset: number;
  timestamp: string;
}

/** How far a reader has come in one partition. */
export interface Place {
  /** Offset behind the last record taken. */
  next: number;
  /** The last record taken: found there again, it proves that the log is still the same. */
  last?: Mark;
}

/** By partition. */
export type Places = Map<number, Place>;

/** The place of a reader that has taken nothing yet. */
export const START: Place = { next: 0 };

const EMPTY: Watermarks = { low: 0, high: 0 };

/**
 * Holds places against what the partitions have now. One behind the end is of a log that is no more: its topic was made
 * anew, its cluster rebuilt, or its tail lost with a leader. There reading begins again: a record that comes twice does
 * no harm, one that is left out does. True when there was such a place.
 */
export function settle(places: Places, watermarks: ReadonlyMap<number, Watermarks>): boolean {
  let remade = false;
  for (const [partition, { next, last }] of places) {
    const { low, high } = watermarks.get(partition) ?? EMPTY;
    if (next > high) {
      remade = true;
      places.set(partition, { next: low });
    } else if (last && last.offset < low) places.set(partition, { next });
  }
  return remade;
}
