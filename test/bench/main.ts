import { loadavg } from 'node:os';
import { SIGNAL_EXITS } from '#config';
import { readArguments, usage, UsageError, type BenchOptions } from './arguments.js';
import { figures } from './figures/index.js';
import { describeMachine } from './machine.js';
import { profileOurs } from './profile/profile-ours.js';
import { tableOf } from './report.js';
import { runFigures } from './run-figures.js';
import { Stage } from './stage/stage.js';

async function main(): Promise<void> {
  const options = parse();
  const [load] = loadavg() as [number];
  const date = new Date().toISOString();
  const stage = await Stage.open(options, (what) => process.stderr.write(`${what}\n`));
  for (const [signal, code] of Object.entries(SIGNAL_EXITS)) {
    process.once(signal, () => void stage[Symbol.asyncDispose]().finally(() => process.exit(code)));
  }
  try {
    await measure(stage, options, { load, date });
  } catch (error) {
    if (!stage.isClosing) throw error;
  } finally {
    await stage[Symbol.asyncDispose]();
  }
}

async function measure(
  stage: Stage,
  options: BenchOptions,
  begun: { load: number; date: string },
): Promise<void> {
  if (options.profile !== undefined) return print(await profileOurs(stage, options.profile));
  const chosen = figures.filter(({ id }) => options.only.length === 0 || options.only.includes(id));
  const machine = describeMachine(begun.load, options);
  const { results, failures } = await runFigures(stage, chosen);
  const report = { machine, date: begun.date, figures: results };
  print(options.json ? JSON.stringify(report, null, 2) : tableOf(report));
  for (const { set, error } of failures) console.error(`not measured: ${set}:`, error);
  if (failures.length > 0) process.exitCode = 1;
}

function parse(): BenchOptions {
  const ids = figures.map(({ id }) => id);
  try {
    const options = readArguments(process.argv.slice(2), ids);
    if (options !== 'help') return options;
    print(usage(ids).trimEnd());
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage(ids)}`);
    process.exit(2);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
