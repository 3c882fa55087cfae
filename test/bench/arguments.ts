import { parseArgs } from 'node:util';

/** What a run of the benchmark is asked for. */
export interface BenchOptions {
  json: boolean;
  /** Figures by id; empty: all. */
  only: readonly string[];
  repeats: number;
  /** Length of each measurement. */
  seconds: number;
  /** Questions of the figure about memory. */
  queries: number;
  /** Single questions on their way at a time; the figures are about 256. */
  inFlight: number;
  /** Questions per second of the open loop; the figures are about 1,000. */
  rate: number;
  /** Folder for CPU profiles of ours under load, instead of figures. */
  profile?: string;
}

/** `--help`, or something that is not understood: `usage` says what is, `fault` what was wrong. */
export class UsageError extends Error {}

const DEFAULTS = { repeats: '5', seconds: '8', queries: '1000000', inFlight: '256', rate: '1000' };
/** A signature is good for 60 s; those made before a run have to last through it. */
const MOST_SECONDS = 30;

export function usage(ids: readonly string[]): string {
  return `Usage: npm run bench -- query [options]

  --json            one JSON document on standard output, and nothing else there
  --only id,id      these figures only: ${ids.join(', ')}
  --repeats N       rounds of ours and baseline, 1 to 99 (${DEFAULTS.repeats}); fewer than 5 say little
  --seconds S       length of one measurement, 1 to ${MOST_SECONDS} (${DEFAULTS.seconds})
  --queries N       questions of the figure memory (${DEFAULTS.queries})
  --in-flight N     single questions at a time (${DEFAULTS.inFlight}, which the goals are about)
  --rate N          questions per second of the open loop (${DEFAULTS.rate}, which the goals are about)
  --profile DIR     no figures: CPU profiles of our processes under load, into DIR, and where the time went
  --help            this
`;
}

/** @throws UsageError in words for whoever typed it */
export function readArguments(args: readonly string[], ids: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length !== 1 || positionals[0] !== 'query') throw new UsageError('what to measure: query');
  const only = values.only?.split(',') ?? [];
  const unknown = only.filter((id) => !ids.includes(id));
  if (unknown.length > 0) throw new UsageError(`no such figure: ${unknown.join(', ')}`);
  return {
    json: values.json,
    only,
    repeats: whole('repeats', values.repeats, 99),
    seconds: whole('seconds', values.seconds, MOST_SECONDS),
    queries: whole('queries', values.queries, 1_000_000_000),
    inFlight: whole('in-flight', values['in-flight'], 4_096),
    rate: whole('rate', values.rate, 100_000),
    ...(values.profile !== undefined && { profile: folder(values.profile) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
        profile: { type: 'string' },
        repeats: { type: 'string', default: DEFAULTS.repeats },
        seconds: { type: 'string', default: DEFAULTS.seconds },
        queries: { type: 'string', default: DEFAULTS.queries },
        'in-flight': { type: 'string', default: DEFAULTS.inFlight },
        rate: { type: 'string', default: DEFAULTS.rate },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function whole(name: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new UsageError(`--${name}: a whole number from 1 to ${most}`);
  return value;
}

function folder(text: string): string {
  if (text === '') throw new UsageError('--profile: a folder');
  return text;
}
