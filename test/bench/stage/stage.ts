import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions } from '../arguments.js';

/** Something that measurements need and that takes time to start: started at its first use, closed with the stage. */
export interface Prop<T> {
  name: string;
  open(stage: Stage): Promise<T>;
  close(opened: T): Promise<void>;
}

/** What the measurements of one run share: a folder, and what has been started in it. */
export class Stage implements AsyncDisposable {
  private readonly props = new Map<Prop<never>, Promise<unknown>>();
  private readonly opened = new AsyncDisposableStack();
  private closing: Promise<void> | undefined;

  private constructor(
    readonly options: BenchOptions,
    readonly dir: string,
    /** Told what is being done, for whoever waits. */
    readonly say: (what: string) => void,
  ) {}

  static async open(options: BenchOptions, say: (what: string) => void): Promise<Stage> {
    const dir = await mkdtemp(join(tmpdir(), 'exchange-bench-'));
    await chmod(dir, 0o711); // PostgreSQL may run as another user and has to reach its own folder inside
    const stage = new Stage(options, dir, say);
    stage.opened.defer(() => rm(dir, { recursive: true, force: true }));
    return stage;
  }

  use<T>(prop: Prop<T>): Promise<T> {
    const known = this.props.get(prop as Prop<never>) as Promise<T> | undefined;
    if (known) return known;
    const opening = this.start(prop);
    this.props.set(prop as Prop<never>, opening);
    return opening;
  }

  /** Whatever was started ends, the last first; also what is just being started. */
  [Symbol.asyncDispose](): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  /** What fails from now on fails because everything ends. */
  get isClosing(): boolean {
    return this.closing !== undefined;
  }

  private async close(): Promise<void> {
    await Promise.allSettled(this.props.values());
    await this.opened.disposeAsync();
  }

  private async start<T>(prop: Prop<T>): Promise<T> {
    this.say(`starting ${prop.name}`);
    const opened = await prop.open(this);
    this.opened.defer(() => prop.close(opened));
    return opened;
  }
}
