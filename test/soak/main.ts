import { Problem } from '#problem';
import { readArguments, USAGE, type SoakOptions } from './arguments.js';
import { markdownOf } from './report.js';
import { soak } from './soak.js';

/** Exit codes of programs ended by a signal: 128 + its number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Exits 0 when everything adds up, 1 when not, 2 for wrong arguments, 128 + n after a signal: then it closes what runs and checks nothing. */
async function main(): Promise<void> {
  const options = parse();
  const ending = new AbortController();
  let code: number | undefined;
  for (const [signal, number] of Object.entries(SIGNALS)) {
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
    if (code === undefined) console.error(describe(error));
    process.exit(code ?? 1);
  }
}

function parse(): SoakOptions {
  try {
    const options = readArguments(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function describe(error: unknown): string {
  if (error instanceof Problem)
    return `${error.code} ${error.toDocument().title}: ${error.detail ?? error.problem}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main();
