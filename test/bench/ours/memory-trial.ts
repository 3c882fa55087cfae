import { setTimeout as sleep } from 'node:timers/promises';
import { type Trial, type Values } from '../figure.js';
import { generator, requireGood } from '../stage/generators.js';
import { slope } from '../statistics.js';
import { askOurs } from './asking.js';
import { ours, type Ours } from './ours.js';

const SAMPLE_MS = 250;
/** Of the queries, before memory is watched: code and pools have found their size by then. */
const WARM_UP = 0.2;
/** Slower than this the run is given up. */
const LEAST_PER_S = 200;

/** Name of a process → points of (queries answered, MB). */
type Points = Map<string, { x: number; y: number }[]>;

/** Many queries, one run: how memory grows with them, process by process. */
export const memoryUnderLoad: Trial = {
  name: 'ours, memory under load',
  run: async (stage) => {
    const { queries, inFlight } = stage.options;
    const asking = await askOurs(stage);
    const { closed, progress } = await stage.use(generator);
    const own = await stage.use(ours);
    const points: Points = new Map();
    let running = true;
    const job = closed({ asking, inFlight, seconds: 60 + queries / LEAST_PER_S, calls: queries });
    const ended = job.finally(() => (running = false));
    while (running) {
      await Promise.race([sleep(SAMPLE_MS), ended.catch(() => undefined)]);
      const { answered } = await progress();
      if (running && answered > queries * WARM_UP) note(points, own, answered);
    }
    const result = await ended;
    requireGood(memoryUnderLoad.name, result);
    if (result.answered < queries) throw new Error(`only ${result.answered} queries in the time`);
    return { queries, ...valuesOf(points, own) };
  },
};

function note(points: Points, own: Ours, answered: number): void {
  for (const [name, { now }] of Object.entries(own.memory())) {
    const list = points.get(name) ?? [];
    points.set(name, [...list, { x: answered, y: now }]);
  }
}

function valuesOf(points: Points, own: Ours): Values {
  const slopes = [...points].map(([name, list]) => [name, slope(list) * 1e6] as const);
  const peaks = Object.entries(own.memory());
  return {
    slope: Math.max(...slopes.map(([, value]) => value)),
    ...Object.fromEntries(slopes.map(([name, value]) => [`slope ${name}`, value])),
    ...Object.fromEntries(peaks.map(([name, { peak }]) => [`peak ${name}`, peak])),
  };
}
