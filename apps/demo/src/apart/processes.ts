import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#problem';
import { startChild, type Child } from './child.js';
import { type Planned } from './plan.js';

/** Starting is work of the processor: more at a time would only wait for each other. */
const AT_A_TIME = 4;

/** The processes of a province that runs apart. */
export class Processes {
  private readonly running = new Map<string, Child>();
  private readonly logs: string;

  constructor(
    dir: string,
    private readonly planned: readonly Planned[],
    private readonly environmentOf: (planned: Planned) => Record<string, string>,
  ) {
    this.logs = join(dir, 'process-logs');
    mkdirSync(this.logs, { recursive: true, mode: 0o700 });
  }

  /** @throws Error when none of that name runs */
  child(name: string): Child {
    const child = this.running.get(name);
    if (!child) throw new Error(`no process ${name} runs`);
    return child;
  }

  /**
   * In the order of the plan, several at a time. Once one has failed, or `signal` says so, no other is begun.
   * @throws Problem as `start`; `shutting-down` after the signal
   */
  async startAll(signal?: AbortSignal): Promise<void> {
    const waiting = [...this.planned];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (signal?.aborted) throw new Problem('shutting-down');
        await this.start(next.name).catch((error: unknown) => {
          waiting.length = 0;
          throw error;
        });
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: AT_A_TIME }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Starts a process, or starts it again where it was. @throws Error as `startChild`, or when no such process is planned */
  async start(name: string): Promise<void> {
    const planned = this.planned.find((process) => process.name === name);
    if (!planned) throw new Error(`no process ${name} is planned`);
    const { app } = planned;
    const logFile = join(this.logs, `${name}.log`);
    this.running.set(name, await startChild({ app, name, env: this.environmentOf(planned), logFile }));
  }

  /** Who asks ends first, so that nobody waits for an answer of one who is gone. */
  async stopAll(): Promise<void> {
    const roles = ['gateway', 'monitor', 'audit', 'adapter'];
    for (const role of roles) {
      const names = this.planned.filter((process) => process.role === role).map(({ name }) => name);
      const running = names.flatMap((name) => this.running.get(name) ?? []);
      await Promise.all(running.map((child) => child.stop()));
    }
    this.running.clear();
  }
}
