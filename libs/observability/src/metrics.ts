import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Buckets of seconds around the deadlines people set: milliseconds to ten seconds. */
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Sets a metric's values anew each time it is read; what is not set is not there. */
export type Read<M> = (metric: M) => void | Promise<void>;

/** The metrics of one process, in its own registry: labels are ids and codes with a bounded set of values, never data. */
export class Metrics {
  readonly registry = new Registry();

  constructor(labels: Record<string, string>) {
    this.registry.setDefaultLabels(labels);
  }

  /** CPU, memory, event loop of this process; once per process, whatever number of apps share it. */
  withProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  /** @param read for what is counted elsewhere: it says the totals */
  counter<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    read?: Read<Counter<L>>,
  ): Counter<L> {
    return new Counter({ ...this.of(name, help, labelNames), ...(read && { collect: anew(read) }) });
  }

  gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    read?: Read<Gauge<L>>,
  ): Gauge<L> {
    return new Gauge({ ...this.of(name, help, labelNames), ...(read && { collect: anew(read) }) });
  }

  seconds<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ ...this.of(name, help, labelNames), buckets: SECONDS });
  }

  private of<L extends string>(name: string, help: string, labelNames: readonly L[]) {
    return { name, help, labelNames: [...labelNames], registers: [this.registry] };
  }
}

/** prom-client calls a metric's own `collect` each time it is read, with the metric as `this`. */
function anew<M extends { reset(): void }>(read: Read<M>): (this: M) => Promise<void> {
  return async function (this: M) {
    this.reset();
    await read(this);
  };
}
