import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');

/** One run of the demo as a user starts it, from its sources, with a temporary directory of its own. */
export class DemoRun {
  output = '';
  errors = '';
  private over = false;
  private readonly ended: Promise<number | null>;

  private constructor(
    readonly pid: number,
    /** Its `os.tmpdir()`. */
    readonly temporary: string,
    child: ReturnType<typeof startMain>,
  ) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(child, 'close').then(([code]) => {
      this.over = true;
      return code as number | null;
    });
  }

  static async start(...args: string[]): Promise<DemoRun> {
    const temporary = await mkdtemp(join(tmpdir(), 'demo-'));
    await chmod(temporary, 0o711); // PostgreSQL may run as another user
    const child = startMain(temporary, args);
    return new DemoRun(child.pid!, temporary, child);
  }

  /** Resolves to the exit code; null when a signal ended it that it did not catch. */
  exit(): Promise<number | null> {
    return this.ended;
  }

  /** Ctrl-C at the terminal reaches the whole process group, `kill` the process alone. */
  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    process.kill(signal === 'SIGINT' ? -this.pid : this.pid, signal);
  }

  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!this.over && !(await holds())) await sleep(20);
  }

  /** Processes that name its temporary directory or `dir` in their command line, and files in the temporary directory. */
  async leftovers(dir = this.temporary): Promise<string[]> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,args=']);
    const processes = stdout
      .split('\n')
      .filter((line) => line.includes(this.temporary) || line.includes(dir));
    return [...processes, ...(await readdir(this.temporary))];
  }

  /** Also ends a run that a failed test has left. */
  async remove(): Promise<void> {
    if (!this.over) this.signal('SIGKILL');
    await this.ended;
    await rm(this.temporary, { recursive: true, force: true });
  }
}

function startMain(temporary: string, args: readonly string[]) {
  const { NODE_OPTIONS: _unset, ...env } = process.env;
  const quiet = '--disable-warning=TimeoutNegativeWarning'; // as `npm run demo` says it
  const flags = [
    quiet,
    '--conditions=source',
    '--import',
    './scripts/run-sources.mjs',
    'apps/demo/src/main.ts',
  ];
  return spawn(process.execPath, [...flags, ...args], {
    cwd: ROOT,
    env: { ...env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}
