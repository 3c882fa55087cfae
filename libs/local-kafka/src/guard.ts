import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { Problem } from '#problem';
import { localKafkaFolder } from './jars.js';

export interface GuardOptions {
  /** Holds the guard's process id while it lives. */
  pidFile: string;
  /** Folder to remove when the brokers have ended, because `close` was called or because this process is gone. */
  remove?: string;
}

export interface BrokerCommand {
  command: string;
  args: readonly string[];
  /** File that takes standard output and error. */
  out: string;
}

/** What the guard says: a broker has started, or has ended (exit code, signal or why it could not start). */
type Event = { broker: number; pid: number } | { broker: number; exit: number | string };

/**
 * The process that owns the brokers (`kafka-guard.mjs`). It holds nobody up: a program that forgets to close its Kafka ends,
 * and the guard stops the brokers then.
 */
export class Guard {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly events = new EventEmitter<{ exit: [broker: number] }>();
  private readonly pids = new Map<number, number>();
  private waiting = 0;

  constructor(options: GuardOptions) {
    this.process = spawn(
      process.execPath,
      [join(localKafkaFolder(), 'kafka-guard.mjs'), JSON.stringify(options)],
      // Its own session: Ctrl-C at the terminal is for the programs, which then close in order.
      { detached: true, stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] } },
    );
    this.events.setMaxListeners(0);
    this.process.on('error', () => this.allEnded());
    this.process.on('exit', () => this.allEnded());
    this.process.stdin.on('error', () => this.process.unref()); // it is gone; `exit` says so
    createInterface({ input: this.process.stdout }).on('line', (line) =>
      this.take(JSON.parse(line) as Event),
    );
    this.hold();
  }

  /** The JVM's process id while it runs. */
  pid(broker: number): number | undefined {
    return this.pids.get(broker);
  }

  start(broker: number, command: BrokerCommand): void {
    this.pids.set(broker, 0); // starting; the guard's word replaces it
    this.order({ do: 'start', broker, ...command });
  }

  /** `stop` is orderly, `kill` is SIGKILL; resolves when the process is gone, at once when it was not there. */
  async end(broker: number, how: 'stop' | 'kill'): Promise<void> {
    if (!this.pids.has(broker)) return;
    const gone = this.ended(broker);
    this.order({ do: how, broker });
    await gone;
  }

  /** Resolves when the broker's process is gone. */
  async ended(broker: number): Promise<void> {
    await this.held(async () => {
      while (this.pids.has(broker)) await once(this.events, 'exit');
    });
  }

  onExit(listener: (broker: number) => void): void {
    this.events.on('exit', listener);
  }

  /** Stops all brokers and ends, as it does when this process is gone. */
  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    await this.held(async () => {
      const exited = once(this.process, 'exit');
      this.process.stdin.end();
      await exited;
    });
  }

  private order(order: object): void {
    if (!this.process.stdin.writable) {
      this.allEnded();
      throw new Problem('transport-unavailable', { detail: 'the process that guards the brokers has ended' });
    }
    this.process.stdin.write(`${JSON.stringify(order)}\n`);
  }

  private take(event: Event): void {
    if ('pid' in event) this.pids.set(event.broker, event.pid);
    else this.forget(event.broker);
  }

  private allEnded(): void {
    for (const broker of [...this.pids.keys()]) this.forget(broker);
  }

  private forget(broker: number): void {
    this.pids.delete(broker);
    this.events.emit('exit', broker);
  }

  private async held<T>(work: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    this.hold();
    try {
      return await work();
    } finally {
      this.waiting -= 1;
      this.hold();
    }
  }

  private hold(): void {
    for (const handle of [this.process, this.process.stdin, this.process.stdout] as {
      ref(): void;
      unref(): void;
    }[]) {
      if (this.waiting > 0) handle.ref();
      else handle.unref();
    }
  }
}
