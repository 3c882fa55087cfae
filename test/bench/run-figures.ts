import { isMet, type Figure, type Goal, type Measure, type Trial, type Values } from './figure.js';
import { ratios, summarize, type Summary } from './statistics.js';
import { type Stage } from './stage/stage.js';

/** One line of the result. */
export interface FigureResult {
  id: string;
  what: string;
  unit: string;
  ours: Summary;
  baseline: Summary | null;
  /** Of each round's runs; null where there is no baseline. */
  ratio: Summary | null;
  goal: string;
  later: string;
  /** Whether the median reaches the goal of now. */
  met: boolean;
  /** Rounds. */
  repeats: number;
  /** Medians of what else the runs measured, by side. */
  beside: { ours: Values; baseline?: Values };
}

const WARM_UP_S = 3;

/** What was measured, and what could not be: one set that fails does not take the others along. */
export interface Measured {
  results: FigureResult[];
  failures: { set: string; error: unknown }[];
}

/** Measures the figures set by set: in every round each trial of the set once, one after the other, so that all meet the same machine. */
export async function runFigures(stage: Stage, figures: readonly Figure[]): Promise<Measured> {
  const measured: Measured = { results: [], failures: [] };
  for (const set of new Set(figures.map((figure) => figure.set))) {
    const own = figures.filter((figure) => figure.set === set);
    const once = own.every((figure) => figure.once === true);
    try {
      const runs = await runTrials(stage, set, trialsOf(own), once);
      measured.results.push(...own.map((figure) => resultOf(figure, runs)));
    } catch (error) {
      if (stage.isClosing) throw error;
      measured.failures.push({ set, error });
    }
  }
  return measured;
}

type Runs = ReadonlyMap<Trial, Values[]>;

async function runTrials(stage: Stage, set: string, trials: Trial[], once: boolean): Promise<Runs> {
  const { repeats, seconds } = stage.options;
  const runs = new Map<Trial, Values[]>(trials.map((trial) => [trial, []]));
  if (!once) for (const trial of trials) await trial.run(stage, Math.min(seconds, WARM_UP_S));
  const rounds = once ? 1 : repeats;
  for (let round = 1; round <= rounds; round++) {
    for (const trial of trials) {
      const values = await trial.run(stage, seconds);
      runs.get(trial)!.push(values);
      stage.say(`${set} ${round}/${rounds} ${trial.name} ${wordsOf(values)}`);
    }
  }
  return runs;
}

function trialsOf(figures: readonly Figure[]): Trial[] {
  return [
    ...new Set(figures.flatMap(({ ours, baseline }) => [ours.trial, ...(baseline ? [baseline.trial] : [])])),
  ];
}

/** @throws RangeError when a trial did not run */
export function resultOf({ id, what, unit, ours, baseline, goal }: Figure, runs: Runs): FigureResult {
  const own = valuesOf(ours, runs);
  const other = baseline && valuesOf(baseline, runs);
  const ratio = other ? ratios(own, other) : null;
  return {
    ...{ id, what, unit, ours: summarize(own), baseline: other ? summarize(other) : null, ratio },
    goal: goalText(goal, goal.now),
    later: goalText(goal, goal.later),
    met: isMet(goal, ratio?.median ?? summarize(own).median),
    repeats: own.length,
    beside: { ours: besides(ours, runs), ...(baseline && { baseline: besides(baseline, runs) }) },
  };
}

function goalText({ at }: Goal, value: number): string {
  return `${at === 'least' ? '≥' : '≤'} ${value}`;
}

function valuesOf({ trial, value }: Measure, runs: Runs): number[] {
  return runs.get(trial)!.map((values) => values[value] ?? NaN);
}

function besides({ trial, value }: Measure, runs: Runs): Values {
  const all = runs.get(trial)!;
  const names = Object.keys(all[0] ?? {}).filter((name) => name !== value);
  return Object.fromEntries(
    names.map((name) => [name, summarize(all.map((values) => values[name]!)).median]),
  );
}

function wordsOf(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
