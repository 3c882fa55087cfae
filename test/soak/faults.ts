import { setTimeout as sleep } from 'node:timers/promises';
import { type Draw } from './draw.js';
import { type Stage } from './stage.js';

/** One fault as it was worked. Times in milliseconds since the epoch. */
export interface Strike {
  kind: FaultKind;
  /** Process, server or agency that it struck. */
  target: string;
  from: number;
  to: number;
}

export type FaultKind = keyof typeof FAULTS;

type Fault = (stage: Stage, draw: Draw) => { target: string; strike: () => Promise<void> };

const BROKER = 1;
/** The longest that a server or a source stays away. Questions wait longer than this, a restart included. */
const LONGEST_MS = 5_000;

/** Each fault by its kind; what ends is started again by the supervisor. */
const FAULTS = {
  'process-killed': (stage, draw) => {
    const target = anyProcess(stage, draw);
    return { target, strike: () => stage.province.child(target).kill() };
  },
  'process-stopped': (stage, draw) => {
    const target = anyProcess(stage, draw);
    return { target, strike: () => stage.province.child(target).stop() };
  },
  'broker-killed': ({ province: { kafka } }, draw) => ({
    target: `broker ${BROKER}`,
    strike: async () => {
      await kafka.kill(BROKER);
      await sleep(draw.int(500, LONGEST_MS));
      await kafka.start(BROKER);
    },
  }),
  'postgres-stopped': ({ restartPostgres }, draw) => ({
    target: 'postgres',
    strike: () => restartPostgres(() => sleep(draw.int(200, LONGEST_MS))),
  }),
  'source-paused': ({ sources }, draw) => {
    const target = draw.pick([...sources.keys()]);
    return {
      target,
      strike: async () => {
        sources.get(target)!.set('closed');
        await sleep(draw.int(500, LONGEST_MS));
        sources.get(target)!.set('open');
      },
    };
  },
} as const satisfies Record<string, Fault>;

/** Processes fail more often than servers. */
const LOTS: readonly FaultKind[] = [
  ...['process-killed', 'process-killed', 'process-killed', 'process-stopped', 'process-stopped'],
  ...['broker-killed', 'postgres-stopped', 'source-paused', 'source-paused'],
] as FaultKind[];

/** Works one fault that the draw chooses; resolves when what it took away is back, but for processes. */
export async function strikeOne(stage: Stage, draw: Draw): Promise<Strike> {
  const kind = draw.pick(LOTS);
  const { target, strike } = FAULTS[kind](stage, draw);
  const from = Date.now();
  await strike();
  return { kind, target, from, to: Date.now() };
}

function anyProcess({ province }: Stage, draw: Draw): string {
  return draw.pick(province.planned).name;
}
