import { expect } from '@jest/globals';
import { type Database } from '#database';
import { Opener, Sealer } from '#envelope';
import { LogReader, SecurityLog, type Tail } from '#evidence';
import { InProcessBus, topics, topicSpecs } from '#messaging';
import { encodeTail, RegistryCopy } from '#node';
import { createLogger } from '#observability';
import { startMonitor, type RunningMonitor } from './index.js';
import { LogFiles, ORIGINS, Province, type SpecAgency, type SpecLog } from './monitor.fixture.js';

/** How one log is, as the monitor tells it. */
export interface LogInfo {
  size: number;
  lag: number;
  state: string;
  alarms: string[];
}

/** A running monitor on a bus, with a gateway's and an adapter's real logs and the server that shows their files. */
export class MonitorBench {
  readonly province = new Province();
  readonly bus = new InProcessBus();
  readonly files: LogFiles;
  readonly sealer: Sealer;
  asks!: SpecLog;
  answers!: SpecLog;
  monitor!: RunningMonitor;
  security!: SecurityLog;
  private readonly auditUrls: Record<string, string> = {};

  constructor(
    private readonly database: () => Database,
    private readonly node: () => Database,
    private readonly clock: () => number,
  ) {
    this.files = new LogFiles(node);
    this.sealer = new Sealer({ registry: this.province.registry, clock });
  }

  async begin(): Promise<void> {
    await this.bus.createTopics([topicSpecs.tail()]);
    this.asks = await this.province.openLog(this.node(), ORIGINS.gateway, this.clock);
    this.answers = await this.province.openLog(this.node(), ORIGINS.adapter, this.clock);
    const url = await this.files.start();
    Object.assign(this.auditUrls, { 'housing-1': url, 'hrss-1': url });
    await this.startMonitor();
  }

  async startMonitor(): Promise<void> {
    const { registry } = this.province;
    this.security = new SecurityLog({ database: this.database(), clock: this.clock, keep: 50 });
    this.monitor = await startMonitor({
      database: this.database(),
      broker: this.bus,
      opener: new Opener({ keys: this.province.store('data-1'), registry, clock: this.clock }),
      registry,
      registryCopy: new RegistryCopy(this.database()),
      security: this.security,
      agency: 'data-1',
      auditUrls: this.auditUrls,
      pullKey: () => this.province.signatureKey('data-1'),
      http: { host: '127.0.0.1', port: 0 },
      logger: createLogger('silent'),
      clock: this.clock,
      watchMs: 3_600_000,
      metricsToken: 'collector-7',
    });
  }

  async end(): Promise<void> {
    await this.province.closeLogs();
    await this.monitor.close();
    await this.security.close();
    await this.files.stop();
    await this.bus.close();
  }

  async send(tail: Tail, seen: { origin: string; note: string }[] = [], to = 'data-1'): Promise<void> {
    const { origin, from, lines, checkpoint } = tail;
    const body = encodeTail({ origin, from, lines, checkpoint, seen });
    await this.bus.publish(topics.tail(), [
      await this.sealer.sealTail({ topic: topics.tail(), origin, to, body }),
    ]);
  }

  get(path: string, agency: SpecAgency = 'data-1'): Promise<Response> {
    return this.province.fetchAs(agency, `${this.monitor.url}${path}`, this.clock());
  }

  /** What a collector with the token reads. */
  async metrics(): Promise<string> {
    const response = await fetch(`${this.monitor.url}/metrics`, {
      headers: { authorization: 'Bearer collector-7' },
    });
    return response.text();
  }

  open(path: string): Promise<Response> {
    return fetch(`${this.monitor.url}${path}`);
  }

  async json<T = Record<string, unknown>>(path: string, agency?: SpecAgency): Promise<T> {
    return (await (await this.get(path, agency)).json()) as T;
  }

  async log(origin: string): Promise<LogInfo | undefined> {
    const { logs } = await this.json<{ logs: (LogInfo & { origin: string })[] }>('/v1/logs');
    const found = logs.find((log) => log.origin === origin);
    return found && { size: found.size, lag: found.lag, state: found.state, alarms: found.alarms.sort() };
  }

  mirrored({ writer }: SpecLog): Promise<void> {
    return until(async () => (await this.log(writer.origin))?.size === writer.health().size);
  }

  /** The log's server shows the newest checkpoint a moment after the writer signed it. */
  shown({ writer }: SpecLog): Promise<void> {
    const reader = new LogReader({ database: this.node() });
    return until(async () => (await reader.checkpoint(writer.origin))?.size === writer.health().size);
  }
}

/** Status, code and field of a problem document, and nothing that was asked for. */
export async function refusal(answer: Promise<Response>): Promise<unknown> {
  const document = (await (await answer).json()) as { status: number; code: number; field?: string };
  expect(document).toHaveProperty('title');
  const { status, code, field } = document;
  return { status, code, ...(field !== undefined && { field }) };
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 400) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
