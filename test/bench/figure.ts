import { type Stage } from './stage/stage.js';

/** What one run of a trial measured, by name; the figures say which of them they are about, the others are told beside. */
export type Values = Readonly<Record<string, number>>;

/** One side of a comparison, run again and again: ours or a baseline. */
export interface Trial {
  name: string;
  /** @param seconds how long to measure */
  run(stage: Stage, seconds: number): Promise<Values>;
}

/** Which value of which trial. */
export interface Measure {
  trial: Trial;
  value: string;
}

/** What a figure must reach, and is meant to reach later. */
export interface Goal {
  at: 'least' | 'most';
  now: number;
  later: number;
}

export interface Figure {
  id: string;
  what: string;
  /** Of ours and of the baseline; a ratio has none. */
  unit: string;
  ours: Measure;
  /** Absent: ours itself is held against the goal. */
  baseline?: Measure;
  goal: Goal;
  /** Figures of one set are measured in the same rounds, each trial once a round. */
  set: string;
  /** One long run, without a warm-up, instead of several. */
  once?: boolean;
}

/** Whether a value reaches the goal of now. */
export function isMet({ at, now }: Goal, value: number): boolean {
  return at === 'least' ? value >= now : value <= now;
}
