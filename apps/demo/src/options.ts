import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** End after the answers. */
  once: boolean;
  /** One JSON document on standard output and nothing else there. */
  json: boolean;
  /** Kept between runs; absent = a temporary directory, removed at the end. */
  data?: string;
  persons: number;
  seed: number;
  /** Every process for itself, on a real broker. */
  kafka: boolean;
  brokers: 1 | 3;
}

export const USAGE = `usage: npm run demo -- [--once] [--json] [--data DIR] [--persons N] [--seed N]
                       [--kafka [--brokers 1|3]]

  --once       end after the answers
  --json       print one JSON document on standard output (implies --once)
  --data DIR   keep databases, keys and logs in DIR between runs
  --persons N  synthetic people in the province, 56 to 2000000 (default 20000)
  --seed N     another province (default 1)
  --kafka      every process for itself, on Apache Kafka with TLS and an account for each agency
  --brokers N  brokers of that Kafka, 1 (default) or 3
`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args,
    strict: true,
    options: {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      persons: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      kafka: { type: 'boolean', default: false },
      brokers: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.brokers !== undefined && !values.kafka) throw new Error('--brokers goes with --kafka');
  return {
    once: values.once || values.json,
    json: values.json,
    ...(values.data !== undefined && { data: values.data }),
    persons: integer('--persons', values.persons, 56, 2_000_000),
    seed: integer('--seed', values.seed, 0, 0xffff_ffff),
    kafka: values.kafka,
    brokers: oneOrThree(values.brokers ?? '1'),
  };
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    throw new Error(`${name} wants a whole number from ${least} to ${most}`);
  return value;
}

function oneOrThree(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3;
  throw new Error('--brokers wants 1 or 3');
}
