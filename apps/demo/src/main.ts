import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandLine, SIGNAL_EXITS } from '#config';
import { explain, Problem } from '#problem';
import { makeDirectory } from '#registry';
import { startApart } from './apart/start-apart.js';
import { readOptions, USAGE, type DemoOptions } from './options.js';
import { type ProvinceDoors } from './province/doors.js';
import { startProvince } from './province/start-province.js';
import { printIntro, printReport, printUrls } from './report.js';
import { runScript } from './script.js';

/** Ends once the province is closed and, when it was temporary, gone. Later signals find it on its way. */
class Ending {
  private readonly aborting = new AbortController();
  private closing: Promise<void> | undefined;
  private readonly steps: (() => Promise<void>)[] = [];

  constructor() {
    for (const [signal, code] of Object.entries(SIGNAL_EXITS)) {
      process.on(signal, () => void this.now().then(() => process.exit(code)));
    }
  }

  /** Steps run in reverse order. */
  do(step: () => Promise<void>): void {
    this.steps.unshift(step);
  }

  get begun(): boolean {
    return this.closing !== undefined;
  }

  /** Aborted when it begins: what is still starting need not go on. */
  get signal(): AbortSignal {
    return this.aborting.signal;
  }

  now(): Promise<void> {
    this.aborting.abort();
    this.closing ??= this.run();
    return this.closing;
  }

  private async run(): Promise<void> {
    for (const step of this.steps) await step().catch((error: unknown) => console.error(explain(error)));
  }
}

async function main(): Promise<void> {
  const options = readCommandLine(USAGE, readOptions);
  const ending = new Ending();
  try {
    const dir = await workDirectory(options, ending);
    const starting = start(dir, options, ending.signal);
    // A signal may come before it has started: what has begun to open is opened, and then closed.
    ending.do(() =>
      starting.then(
        (province) => province.close(),
        () => undefined,
      ),
    );
    const province = await starting;
    if (!ending.begun) await show(province, options);
    if (options.once) await ending.now();
  } catch (error) {
    if (ending.begun) return ending.now(); // what was under way when the signal came
    console.error(explain(error));
    await ending.now();
    process.exit(1);
  }
}

/** The same province either way: who asks needs its doors only. */
function start(
  dir: string,
  { persons, seed, kafka, brokers }: DemoOptions,
  signal: AbortSignal,
): Promise<ProvinceDoors & { close(): Promise<void> }> {
  return kafka ? startApart({ dir, persons, seed, brokers, signal }) : startProvince({ dir, persons, seed });
}

async function show(province: ProvinceDoors, options: DemoOptions): Promise<void> {
  const readyMs = Math.round(performance.now());
  if (!options.json)
    printIntro(province, options.kafka ? '各进程独立运行，经 Kafka 交换' : '内嵌演示', readyMs);
  const report = { readyMs, ...(await runScript(province)) };
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else printReport(province, report);
  if (!options.once) printUrls(province);
}

async function workDirectory({ data }: DemoOptions, ending: Ending): Promise<string> {
  if (data !== undefined) {
    const dir = resolve(data);
    try {
      makeDirectory(dir);
    } catch (error) {
      return notADirectory(error);
    }
    return dir;
  }
  const dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-'));
  await chmod(dir, 0o711); // PostgreSQL may run as another user and has to reach its own folder inside
  ending.do(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

function notADirectory(cause: unknown): never {
  throw new Problem('config-invalid', { detail: '--data names nothing that can be a directory', cause });
}

await main();
