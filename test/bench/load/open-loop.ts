import { performance } from 'node:perf_hooks';
import { quantile } from '../statistics.js';
import { Connection } from './connection.js';
import { type OpenJob, type OpenResult } from './job.js';
import { shareMadeBefore, type Stock } from './requests.js';
import { Tally } from './tally.js';

/** Connections are made as they are needed, up to this many; a question that finds none free waits, and its clock runs. */
const MOST_CONNECTIONS = 1_024;
/** How long after its time a run waits for answers. */
const PATIENCE_MS = 15_000;

/**
 * Asks at a fixed rate whatever comes back. The clock of a question starts when it was due, not when it could be sent: a
 * system that stalls is charged for every question that it kept waiting (no coordinated omission).
 */
export class OpenLoop {
  private readonly tally: Tally;
  private readonly free: Connection[] = [];
  private readonly waiting: number[] = [];
  private readonly latencies: number[] = [];
  private readonly begun = performance.now();
  private readonly total: number;
  private due = 0;
  private ended = 0;
  private connections = 0;

  constructor(
    private readonly job: OpenJob,
    private readonly stock: Stock,
  ) {
    this.tally = new Tally(job.asking.expect, job.asking.subjectsPerCall);
    this.total = job.rate * job.seconds;
  }

  async run(): Promise<OpenResult> {
    const last = this.begun + this.job.seconds * 1000 + PATIENCE_MS;
    while (this.ended < this.total && performance.now() < last) {
      this.schedule();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (this.ended < this.total) this.tally.fail(`${this.total - this.ended} without an answer`);
    for (const connection of this.free) connection.end();
    const result = this.tally.result(shareMadeBefore([this.stock]));
    const { latencies } = this;
    const latency = {
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      max: quantile(latencies, 1),
    };
    return { ...result, latency };
  }

  private schedule(): void {
    const now = performance.now();
    for (; this.due < this.total; this.due++) {
      const at = this.begun + (this.due * 1000) / this.job.rate;
      if (at > now) return;
      this.waiting.push(at);
      this.dispatch();
    }
  }

  private dispatch(): void {
    const connection = this.free.pop() ?? this.connect();
    if (!connection) return;
    const at = this.waiting.shift()!;
    connection.send(this.stock.take(), (status, body) => {
      this.latencies.push(performance.now() - at);
      this.ended++;
      this.tally.count(status, body);
      this.free.push(connection);
      if (this.waiting.length > 0) this.dispatch();
    });
  }

  private connect(): Connection | undefined {
    if (this.connections === MOST_CONNECTIONS) return undefined;
    this.connections++;
    const { hostname, port } = new URL(this.job.asking.urls[0]!);
    return new Connection(hostname, Number(port), (pending) => {
      this.connections--;
      if (!pending) return;
      this.ended++;
      this.tally.fail('connection lost');
    });
  }
}
