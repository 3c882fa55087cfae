import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#problem';
import { settled } from '../support/history.js';
import { Load } from '../support/load.js';
import { type SoakOptions } from './arguments.js';
import { Draw } from './draw.js';
import { strikeOne, type Strike } from './faults.js';
import { interrupted } from './interrupted.js';
import { reportOf, type SoakReport } from './report.js';
import { openStage, type Stage } from './stage.js';
import { Supervisor } from './supervisor.js';

/** Low enough for two cores with everything on them. */
const LOAD = { askers: { social: 2, fund: 1, registration: 1 }, pauseMs: 150 };
/** Longer than any fault and the restarts after it. */
const DEADLINE_MS = 60_000;
/** Between a fault that is over and the next, milliseconds. */
const [LEAST_PAUSE_MS, MOST_PAUSE_MS] = [3_000, 12_000];
const FIRST_ANSWERS = 5;

/**
 * Asks for as long as the options say while faults strike one after the other, then lets everything come up again and holds
 * what was told against what was logged.
 * @throws Problem `shutting-down` after `signal`, when all is closed; Error of what does not start or come up again
 */
export async function soak(options: SoakOptions, signal: AbortSignal): Promise<SoakReport> {
  const stage = await openStage(options.seed, signal);
  const running = new Soak(stage, options);
  try {
    return await Promise.race([running.run(), abortion(signal)]);
  } finally {
    await running.end();
    await stage.close();
  }
}

async function abortion(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Problem('shutting-down');
}

class Soak {
  private readonly supervisor: Supervisor;
  private readonly load: Load;
  private readonly strikes: Strike[] = [];
  private striking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly stage: Stage,
    private readonly options: SoakOptions,
  ) {
    this.supervisor = new Supervisor(stage.province);
    this.load = new Load(stage.province, { ...LOAD, deadlineMs: DEADLINE_MS });
  }

  async run(): Promise<SoakReport> {
    const { supervisor, strikes, options } = this;
    const { province } = this.stage;
    const begun = Date.now();
    await this.strikeUntil(begun + options.minutes * 60_000);
    await supervisor.allUp();
    const history = await this.load.stop();
    const seconds = Math.round((Date.now() - begun) / 1000);
    const verdict = await settled(province, history);
    await supervisor.allUp();
    const excused = await interrupted(province, verdict.unacknowledged, strikes);
    const { restarts } = supervisor;
    return reportOf({ options, seconds, history, strikes, verdict, excused, restarts });
  }

  /** Lets a fault that is at work end: it brings back what it took away. */
  async end(): Promise<void> {
    this.supervisor.stop();
    await Promise.allSettled([this.striking]);
  }

  /** One fault at a time: the next comes when everything is up again and questions are answered. */
  private async strikeUntil(end: number): Promise<void> {
    const draw = new Draw(this.options.seed);
    await this.load.answers(FIRST_ANSWERS);
    for (;;) {
      const pause = draw.int(LEAST_PAUSE_MS, MOST_PAUSE_MS);
      await sleep(Math.min(pause, Math.max(0, end - Date.now())));
      if (Date.now() >= end) return;
      if (!this.options.calm) await this.strike(draw);
    }
  }

  private async strike(draw: Draw): Promise<void> {
    const striking = strikeOne(this.stage, draw);
    this.striking = striking;
    this.strikes.push(await striking);
    await this.supervisor.allUp();
    await this.load.answers(FIRST_ANSWERS, undefined, 2 * DEADLINE_MS);
  }
}
