import { Command, Option } from 'commander';
import { printJson, printLines, type Cli } from '../../io.js';
import { endMoment, moment } from '../../options.js';
import { tableLines } from '../../words/table.js';
import { answerWords, reasonWords, timeWords } from '../../words/terms.js';
import { read, withMonitor, type MonitorOptions } from './monitor-options.js';

interface VolumesOptions extends MonitorOptions {
  unit: string;
  from?: number;
  to?: number;
  by: string;
  requester?: string;
  provider?: string;
  query?: string;
  region?: string;
  outcome?: string;
  reason?: string;
}

interface Volumes {
  unit: string;
  from: string;
  to: string;
  by: string[];
  rows: Record<string, string | number>[];
}

const FILTERS = ['requester', 'provider', 'query', 'region', 'outcome', 'reason'] as const;

const COLUMNS: Readonly<Record<string, string>> = {
  at: '起始时间',
  requester: '请求方',
  provider: '提供方',
  query: '接口',
  region: '区划',
  outcome: '结果',
  reason: '原因',
  exchanges: '交换',
  subjects: '人次',
  disclosures: '答复',
  rows: '记录',
  heldBack: '区划外',
  replays: '重复',
};

/** How much is exchanged, counted from the logs. */
export function monitorVolumes(cli: Cli): Command {
  const command = withMonitor(new Command('volumes'))
    .description('how much is exchanged, counted from the mirrored logs')
    .addOption(
      new Option('--unit <unit>', 'what is counted together')
        .choices(['minute', 'hour', 'day'])
        .default('day'),
    )
    .option('--from <moment>', 'from this moment on; default: the last hour, two days or two months', moment)
    .option('--to <moment>', 'before this moment, a day counts whole; default: now', endMoment)
    .option(
      '--by <names>',
      'told apart by: at,requester,provider,query,region,outcome,reason',
      'requester,provider,query,outcome',
    );
  for (const name of FILTERS) command.option(`--${name} <value>`, `only this ${name}`);
  return command.action(async (options: VolumesOptions) => {
    const { unit, by, from, to } = options;
    const parameters = {
      ...{ unit, by },
      ...Object.fromEntries(FILTERS.map((name) => [name, options[name]])),
      ...{ from: iso(from), to: iso(to) },
    };
    const volumes = await read<Volumes>(cli, options, { path: '/v1/volumes', member: 'rows', parameters });
    if (options.json) printJson(cli, volumes);
    else printLines(cli, lines(volumes));
  });
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function lines({ from, to, by, rows }: Volumes): string[] {
  const extent = `交换量，${timeWords(from)} 至 ${timeWords(to)}`;
  if (rows.length === 0) return [extent, '没有交换'];
  const counted = ['exchanges', 'subjects', 'disclosures', 'rows', 'heldBack', 'replays'];
  const names = [...by, ...counted];
  return [
    extent,
    ...tableLines(
      names.map((name) => COLUMNS[name] ?? name),
      rows.map((row) => names.map((name) => cell(name, row[name]))),
    ),
  ];
}

function cell(name: string, value: string | number | undefined): string {
  const text = String(value ?? '');
  if (text === '') return '—';
  if (name === 'at') return timeWords(text);
  if (name === 'outcome') return answerWords(text);
  return name === 'reason' ? reasonWords(text).slice(1, -1) : text;
}
