import { readCommandLine, SIGNAL_EXITS } from '#config';
import { explain } from '#problem';
import { readArguments, USAGE } from './arguments.js';
import { markdownOf } from './report.js';
import { soak } from './soak.js';

/** Exits 0 when everything adds up, 1 when not, 2 for wrong arguments, 128 + n after a signal: then it closes what runs and checks nothing. */
async function main(): Promise<void> {
  const options = readCommandLine(USAGE, readArguments);
  const ending = new AbortController();
  let code: number | undefined;
  for (const [signal, number] of Object.entries(SIGNAL_EXITS)) {
    process.on(signal, () => {
      code ??= number;
      ending.abort();
    });
  }
  try {
    const report = await soak(options, ending.signal);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : markdownOf(report));
    process.exit(code ?? (report.valid ? 0 : 1));
  } catch (error) {
    if (code === undefined) console.error(explain(error));
    process.exit(code ?? 1);
  }
}

await main();
