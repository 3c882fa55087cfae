import { endings, type Verdict } from '../support/history.js';
import { type Asked, type Kind } from '../support/load.js';
import { type SoakOptions } from './arguments.js';
import { type Strike } from './faults.js';

export interface SoakReport {
  seed: number;
  date: string;
  seconds: number;
  /** Nothing is wrong: acknowledged = released = logged = received. */
  valid: boolean;
  questions: number;
  /** By who asks whom. */
  byKind: Partial<Record<Kind, number>>;
  answered: number;
  /** Questions that ended in a refusal, by its name. */
  refusals: Record<string, number>;
  /** Attempts that the client made again at another address or later. */
  retries: number;
  /** Of the answered, milliseconds, attempts and waiting included. */
  latency: { p50: number; p99: number; max: number };
  faults: Record<string, number>;
  strikes: Strike[];
  /** How often each process was started again, by the fault or of itself. */
  restarts: Record<string, number>;
  exchanges: Verdict['exchanges'];
  reconciliation: Verdict['reconciliation'];
  /** Disclosed and not acknowledged because the database went away under the disclosure; the monitor names them too. */
  interrupted: string[];
  /** What does not add up. */
  differences: string[];
}

export interface Soaked {
  options: SoakOptions;
  seconds: number;
  history: readonly Asked[];
  strikes: readonly Strike[];
  verdict: Verdict;
  excused: readonly string[];
  restarts: Readonly<Record<string, number>>;
}

export function reportOf({
  options,
  seconds,
  history,
  strikes,
  verdict,
  excused,
  restarts,
}: Soaked): SoakReport {
  const { answered = 0, ...refusals } = endings(history);
  const differences = differencesOf({ options, verdict, excused, answered, refusals });
  return {
    seed: options.seed,
    date: new Date().toISOString(),
    seconds,
    valid: differences.length === 0,
    questions: history.length,
    byKind: counted(history.map(({ kind }) => kind)),
    answered,
    refusals,
    retries: history.reduce((sum, { attempts }) => sum + attempts.length, 0),
    latency: latencyOf(history),
    faults: counted(strikes.map(({ kind }) => kind)),
    strikes: [...strikes],
    restarts: { ...restarts },
    exchanges: verdict.exchanges,
    reconciliation: verdict.reconciliation,
    interrupted: [...excused],
    differences,
  };
}

/** Without a fault nothing may be refused, and a soak without an answer has shown nothing. */
function differencesOf(told: {
  options: SoakOptions;
  verdict: Verdict;
  excused: readonly string[];
  answered: number;
  refusals: Readonly<Record<string, number>>;
}): string[] {
  const { options, verdict, excused, answered, refusals } = told;
  const lost = verdict.unacknowledged.filter((exchange) => !excused.includes(exchange));
  return [
    ...verdict.faults,
    ...lost.map((exchange) => `${exchange} was disclosed and not acknowledged`),
    ...(answered > 0 ? [] : ['nothing was answered']),
    ...(options.calm
      ? Object.entries(refusals).map(([name, count]) => `${count} × ${name} without a fault`)
      : []),
  ];
}

function counted<T extends string>(names: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function latencyOf(history: readonly Asked[]): SoakReport['latency'] {
  const times = history.filter(({ ending }) => ending === 'answered').map(({ ms }) => ms);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** The report for people: `docs/` keeps one. */
export function markdownOf(report: SoakReport): string {
  const { seconds, seed, date, questions, answered, retries, latency, exchanges, reconciliation } = report;
  const { p50, p99, max } = latency;
  const rows = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, count]) => `| ${name} | ${count} |`);
  return [
    `# Soak of ${Math.round(seconds / 6) / 10} minutes: ${report.valid ? 'everything adds up' : 'NOT EVERYTHING ADDS UP'}`,
    '',
    `${date}, seed ${seed}. ${questions} questions, ${answered} answered, ${retries} attempts made again by the client.`,
    `Latency of the answered, waiting included: p50 ${p50} ms, p99 ${p99} ms, longest ${max} ms.`,
    `Exchanges asked ${exchanges.asked}, disclosed ${exchanges.disclosed}; calls acknowledged ${exchanges.acknowledged}.`,
    `The monitor: ${reconciliation.exchanges} exchanges, difference ${reconciliation.difference}, under way ${reconciliation.pending}; ` +
      `${report.interrupted.length} disclosed while the database went down, and not answered.`,
    ...section('Faults', rows(report.faults)),
    ...section('Refusals', rows(report.refusals)),
    ...section('Processes started again', rows(report.restarts)),
    ...[
      '',
      '## Differences',
      '',
      ...(report.valid ? ['none'] : report.differences.map((text) => `- ${text}`)),
    ],
    '',
  ].join('\n');
}

function section(title: string, rows: readonly string[]): string[] {
  return [
    '',
    `## ${title}`,
    '',
    ...(rows.length > 0 ? ['| what | count |', '|---|---|', ...rows] : ['none']),
  ];
}
