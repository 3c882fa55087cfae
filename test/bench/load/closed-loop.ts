import { performance } from 'node:perf_hooks';
import { Connection } from './connection.js';
import { type ClosedJob, type LoadResult } from './job.js';
import { shareMadeBefore, type Stock } from './requests.js';
import { Tally } from './tally.js';

/** How long after its time a run waits for what is on its way. */
const PATIENCE_MS = 15_000;

/**
 * Asks with `inFlight` connections, each its next question when its last is answered. What is on its way at the end of the
 * time is waited for and not counted.
 */
export class ClosedLoop {
  readonly tally: Tally;
  private readonly end: number;
  private readonly connections = new Set<Connection>();
  private result: LoadResult | undefined;
  private over: (result: LoadResult) => void = () => undefined;

  /** @param stocks one for each address; connections are spread over them evenly */
  constructor(
    private readonly job: ClosedJob,
    private readonly stocks: readonly Stock[],
  ) {
    this.tally = new Tally(job.asking.expect, job.asking.subjectsPerCall);
    this.end = performance.now() + job.seconds * 1000;
  }

  run(): Promise<LoadResult> {
    return new Promise((resolve) => {
      const timers = [
        setTimeout(() => this.stop(), this.job.seconds * 1000),
        setTimeout(() => this.giveUp(), this.job.seconds * 1000 + PATIENCE_MS),
      ];
      this.over = (result) => {
        timers.forEach(clearTimeout);
        resolve(result);
      };
      for (let n = 0; n < this.job.inFlight; n++) this.start(n % this.stocks.length);
    });
  }

  private start(address: number): void {
    const stock = this.stocks[address]!;
    const { hostname, port } = new URL(this.job.asking.urls[address]!);
    const connection = new Connection(hostname, Number(port), (pending) => {
      if (pending) this.tally.fail('connection lost');
      this.connections.delete(connection);
      if (this.connections.size > 0) return;
      this.stop();
      this.over(this.result!);
    });
    this.connections.add(connection);
    const ask = (): void => {
      connection.send(stock.take(), (status, body) => {
        if (!this.result) this.tally.count(status, body);
        if (performance.now() >= this.end || this.tally.answered === this.job.calls) this.stop();
        if (this.result) connection.end();
        else ask();
      });
    };
    ask();
  }

  private stop(): void {
    this.result ??= this.tally.result(shareMadeBefore(this.stocks));
  }

  /** What has not come by now counts as lost. */
  private giveUp(): void {
    for (const connection of this.connections) connection.destroy();
  }
}
