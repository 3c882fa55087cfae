import { setTimeout as sleep } from 'node:timers/promises';
import { type ApartProvince } from '#apps/demo';

/** As a supervisor would: a second later, and again until it comes up. */
const AGAIN_MS = 1_000;
const TRIES = 120;

/** Starts every process again that has ended, whatever ended it, as systemd or Kubernetes does. */
export class Supervisor {
  /** How often each process was started again. */
  readonly restarts: Record<string, number> = {};
  private readonly reviving = new Set<Promise<void>>();
  private readonly failures: unknown[] = [];
  private watching = true;

  constructor(private readonly province: Pick<ApartProvince, 'planned' | 'child' | 'start'>) {
    for (const { name } of province.planned) this.watch(name);
  }

  /** Resolves when every process runs. @throws Error of one that did not come up again */
  async allUp(): Promise<void> {
    while (this.reviving.size > 0) await Promise.all(this.reviving);
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** From now on what ends stays so. */
  stop(): void {
    this.watching = false;
  }

  private watch(name: string): void {
    void this.province.child(name).ended.then(() => {
      if (!this.watching) return;
      const revival = this.revive(name)
        .catch((error: unknown) => void this.failures.push(error))
        .finally(() => this.reviving.delete(revival));
      this.reviving.add(revival);
    });
  }

  private async revive(name: string): Promise<void> {
    for (let tries = 1; this.watching; tries += 1) {
      await sleep(AGAIN_MS);
      try {
        await this.province.start(name);
        this.restarts[name] = (this.restarts[name] ?? 0) + 1;
        return this.watch(name);
      } catch (error) {
        if (tries === TRIES) throw error; // what it needs may be away itself, but not for so long
      }
    }
  }
}
