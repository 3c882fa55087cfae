import { type FigureResult } from './run-figures.js';
import { type Machine } from './machine.js';
import { type Summary } from './statistics.js';

export interface BenchReport {
  machine: Machine;
  /** When it began, UTC. */
  date: string;
  figures: FigureResult[];
}

/** The report for people: one line a figure, then what was measured beside. */
export function tableOf({ machine, date, figures }: BenchReport): string {
  const head = ['figure', 'ours', 'baseline', 'ratio', 'goal', 'met'];
  const rows = figures.map((figure) => [
    figure.id,
    `${words(figure.ours)} ${figure.unit}`,
    figure.baseline ? words(figure.baseline) : '–',
    figure.ratio ? words(figure.ratio) : '–',
    `${figure.goal} (later ${figure.later})`,
    figure.met ? 'yes' : 'NO',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const { cores, cpu, memoryGb, node, system, load, run } = machine;
  return [
    `${date}  ${cores} cores (${cpu}), ${memoryGb} GB, ${system}, Node ${node}, load before ${load}`,
    `medians of ${run.repeats} rounds of ${run.seconds} s (least – most), ${run.inFlight} in flight, open loop ${run.rate}/s`,
    '',
    ...[head, ...rows].map(line),
    '',
    ...figures.flatMap(besideLines),
  ].join('\n');
}

function besideLines({ id, what, beside }: FigureResult): string[] {
  const sides = Object.entries(beside).filter(([, values]) => Object.keys(values).length > 0);
  const lines = sides.map(([side, values]) => {
    const list = Object.entries(values).map(([name, value]) => `${name} ${short(value)}`);
    return `    ${side}: ${list.join(', ')}`;
  });
  return [`${id}: ${what}`, ...lines];
}

function words({ median, min, max }: Summary): string {
  return `${short(median)} (${short(min)} – ${short(max)})`;
}

/** Three digits that count. */
function short(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
