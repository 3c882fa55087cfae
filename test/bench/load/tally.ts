import { performance } from 'node:perf_hooks';
import { type LoadResult } from './job.js';

/** Counts what comes back while the time runs, and what it was. */
export class Tally {
  answered = 0;
  private readonly failures: Record<string, number> = {};
  private readonly begun = performance.now();
  private readonly cpuBegun = process.cpuUsage();
  private readonly marker: Buffer;

  constructor(
    expect: string,
    private readonly subjects: number,
  ) {
    this.marker = Buffer.from(expect);
  }

  /** Whether it was a good answer. */
  count(status: number, body: Buffer): boolean {
    if (status === 200 && this.holdsAll(body)) {
      this.answered++;
      return true;
    }
    const problem = /"type":"urn:[^"]*:([a-z-]+)"/.exec(body.toString('latin1', 0, 200))?.[1];
    this.fail(`${status} ${problem ?? 'not what was expected'}`);
    return false;
  }

  fail(what: string): void {
    this.failures[what] = (this.failures[what] ?? 0) + 1;
  }

  /** What was counted by now. */
  result(signedBefore: number): LoadResult {
    const { user, system } = process.cpuUsage(this.cpuBegun);
    return {
      answered: this.answered,
      seconds: (performance.now() - this.begun) / 1000,
      failures: this.failures,
      signedBefore,
      cpu: (user + system) / 1e6,
    };
  }

  private holdsAll(body: Buffer): boolean {
    let from = 0;
    for (let n = 0; n < this.subjects; n++) {
      from = body.indexOf(this.marker, from) + this.marker.length;
      if (from < this.marker.length) return false;
    }
    return true;
  }
}
