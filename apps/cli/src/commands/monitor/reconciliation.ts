import { Command } from 'commander';
import { printJson, printLines, type Cli } from '../../io.js';
import { integer } from '../../options.js';
import { faultWords } from '../../words/faults.js';
import { timeWords } from '../../words/terms.js';
import { read, withMonitor, type MonitorOptions } from './monitor-options.js';

interface ReconciliationOptions extends MonitorOptions {
  differences?: boolean;
  kind?: string;
  requester?: string;
  provider?: string;
  after?: string;
  limit?: number;
}

interface Reconciliation {
  at: string;
  exchanges: number;
  settled: number;
  pending: number;
  difference: number;
  byKind: Record<string, number>;
}

interface Differences {
  at: string;
  differences: {
    exchange: string;
    requester: string;
    provider: string;
    query: string;
    at: string;
    due: string;
    faults: string[];
    entries: Record<string, Place | Place[]>;
  }[];
  next?: string;
}

interface Place {
  origin: string;
  index: number;
}

const NARROWING = ['kind', 'requester', 'provider', 'after', 'limit'] as const;

const ENTRIES: Readonly<Record<string, string>> = {
  intent: '提问',
  disclosure: '答复',
  outcome: '结果',
  acknowledgement: '补记收到',
  strays: '多余',
};

/** Whether what was asked, what left and what arrived are the same; a difference gives exit code 1. */
export function monitorReconciliation(cli: Cli): Command {
  const command = withMonitor(new Command('reconciliation'))
    .description('whether what was asked, what left and what arrived are the same; exit code 1 when not')
    .option('--differences', 'name each exchange that does not reconcile, why, and where its entries are')
    .option('--kind <fault>', 'with --differences: only those that are counted under this')
    .option('--requester <id>', 'with --differences: only this requester')
    .option('--provider <id>', 'with --differences: only this provider')
    .option('--after <exchange>', 'with --differences: go on after this one')
    .option('--limit <n>', 'with --differences: how many at once; default: 100', integer(1, 1_000));
  return command.action(async (options: ReconciliationOptions) => {
    if (options.differences) return tellDifferences(cli, options);
    const narrowed = NARROWING.find((name) => options[name] !== undefined);
    if (narrowed) command.error(`error: --${narrowed} goes with --differences`);
    const total = await read<Reconciliation>(cli, options, {
      path: '/v1/reconciliation',
      member: 'difference',
    });
    if (options.json) printJson(cli, total);
    else printLines(cli, totalLines(total));
    if (total.difference > 0) cli.exitCode = 1;
  });
}

async function tellDifferences(cli: Cli, options: ReconciliationOptions): Promise<void> {
  const { kind, requester, provider, after, limit } = options;
  const parameters = {
    kind,
    requester,
    provider,
    after,
    limit: limit === undefined ? undefined : String(limit),
  };
  const path = '/v1/reconciliation/differences';
  const told = await read<Differences>(cli, options, { path, member: 'differences', parameters });
  if (options.json) printJson(cli, told);
  else printLines(cli, differenceLines(told));
  if (told.differences.length > 0) cli.exitCode = 1;
}

function totalLines({ at, exchanges, settled, pending, difference, byKind }: Reconciliation): string[] {
  return [
    `对账差异 ${difference}（交换 ${exchanges}，已核对 ${settled}，未到期 ${pending}），${timeWords(at)}`,
    ...Object.entries(byKind).map(([fault, count]) => `  ${count} 次：${faultWords(fault)}`),
    ...(difference > 0 ? ['逐次列出：--differences'] : []),
  ];
}

function differenceLines({ at, differences, next }: Differences): string[] {
  return [
    differences.length === 0
      ? `没有差异，${timeWords(at)}`
      : `差异 ${differences.length} 次，${timeWords(at)}`,
    ...differences.flatMap((one) => [
      '',
      `交换 ${one.exchange}  ${one.requester} → ${one.provider}  ${one.query}  ${timeWords(one.at)}，应于 ${timeWords(one.due)} 前核对`,
      ...one.faults.map((fault) => `  ${faultWords(fault)}`),
      ...Object.entries(one.entries).flatMap(([name, places]) =>
        [places].flat().map(({ origin, index }) => `  ${ENTRIES[name] ?? name}：${origin} 第 ${index} 条`),
      ),
    ]),
    ...(next === undefined ? [] : ['', `还有：加 --after ${next} 续查`]),
  ];
}
