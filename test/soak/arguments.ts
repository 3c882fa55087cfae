import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface SoakOptions {
  minutes: number;
  /** Which faults come when; the same seed strikes in the same order. */
  seed: number;
  json: boolean;
  /** Only the load, no faults. */
  calm: boolean;
}

const MOST_MINUTES = 1_440;
const MOST_SEED = 0xffff_ffff;

export const USAGE = `usage: npm run soak -- --minutes N [--seed S] [--json] [--calm]

  --minutes N  how long questions are asked, 0.1 to ${MOST_MINUTES}
  --seed S     which faults come when, 0 to ${MOST_SEED} (default: drawn, and told in the report)
  --json       the report as one JSON document instead of Markdown
  --calm       no faults: the load alone
`;

/** @throws Error that says what is wrong with the arguments */
export function readArguments(args: readonly string[]): SoakOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      calm: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.minutes === undefined) throw new Error('--minutes is wanted');
  return {
    minutes: minutes(values.minutes),
    seed: values.seed === undefined ? randomInt(MOST_SEED) : seed(values.seed),
    json: values.json,
    calm: values.calm,
  };
}

function minutes(text: string): number {
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (value >= 0.1 && value <= MOST_MINUTES) return value;
  throw new Error(`--minutes wants a number from 0.1 to ${MOST_MINUTES}`);
}

function seed(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value <= MOST_SEED) return value;
  throw new Error(`--seed wants a whole number from 0 to ${MOST_SEED}`);
}
