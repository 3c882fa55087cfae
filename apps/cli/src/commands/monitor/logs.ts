import { Command } from 'commander';
import { printJson, printLines, type Cli } from '../../io.js';
import { alarmWords } from '../../words/faults.js';
import { tableLines } from '../../words/table.js';
import { timeWords } from '../../words/terms.js';
import { read, withMonitor, type MonitorOptions } from './monitor-options.js';

interface Logs {
  at: string;
  logs: { origin: string; size: number; lag: number; state: string; alarms: string[]; grownAt: string }[];
}

const STATES: Readonly<Record<string, string>> = {
  following: '镜像中',
  closed: '已关闭',
  contradicted: '自相矛盾，不再镜像',
};

/** How far each log is mirrored. */
export function monitorLogs(cli: Cli): Command {
  return withMonitor(new Command('logs'))
    .description('the mirrored logs: how long, how far behind, what is wrong')
    .action(async (options: MonitorOptions) => {
      const told = await read<Logs>(cli, options, { path: '/v1/logs', member: 'logs' });
      if (options.json) printJson(cli, told);
      else printLines(cli, lines(told));
    });
}

function lines({ at, logs }: Logs): string[] {
  const rows = logs.map(({ origin, size, lag, state, alarms, grownAt }) => [
    ...[origin, String(size), String(lag), timeWords(grownAt), STATES[state] ?? state],
    alarms.length === 0 ? '无' : alarms.map(alarmWords).join('、'),
  ]);
  return [
    `存证日志，${timeWords(at)}`,
    ...tableLines(['日志', '条数', '未镜像', '最近增长', '状态', '告警'], rows),
  ];
}
