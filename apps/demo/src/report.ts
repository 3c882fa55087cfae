import { type Contract, type Contracts } from '#contracts';
import { type ShownExchange, type ShownRefusal } from './ask-all.js';
import { servedLogs } from './mirrored.js';
import { type ProvinceDoors } from './province/doors.js';
import { type Report } from './script.js';
import { type VolumeLine } from './volumes.js';

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const WORDS: Readonly<Record<string, string>> = {
  found: '有',
  none: '无记录',
  ambiguous: '无法认定',
  refused: '拒绝',
  unavailable: '未答复',
  'not-granted': '方案未授权',
  'not-asked': '本次未问',
  'no-claim': '未附主张',
};
const word = (code: string): string => WORDS[code] ?? code;

/** @param how where its processes run, in Chinese */
export function printIntro({ contracts }: ProvinceDoors, how: string, readyMs: number): void {
  say(`测试省 · 部门数据交换网关（${how}，全部人员与单位均为合成）`);
  say(
    `${contracts.agencies.size} 个部门，各有自己的节点、数据库与日志；${(readyMs / 1000).toFixed(1)} 秒就绪。`,
  );
}

export function printReport({ contracts }: ProvinceDoors, report: Report): void {
  for (const line of reportLines(contracts, report)) say(line);
}

/** The answers, what was withheld and why, the receipts, and what the province counted, in Chinese. */
export function reportLines(contracts: Contracts, report: Report): string[] {
  const { difference, settled, pending } = report.reconciliation;
  return [
    ...report.exchanges.flatMap((exchange, i) => [
      ...(exchange.title === report.exchanges[i - 1]?.title ? [] : ['', `■ ${exchange.title}`]),
      ...exchangeLines(contracts, exchange),
    ]),
    ...['', '■ 不予答复的提问（同样逐条存证）'],
    ...report.refusals.map(refusalLine),
    ...['', '■ 省数据局所见的交换量'],
    ...report.volumes.map(volumeLine),
    `  对账差异 ${difference}（已核对 ${settled}，待核对 ${pending}）`,
  ];
}

function volumeLine({ requester, provider, query, outcome, exchanges, subjects }: VolumeLine): string {
  return `  ${requester} → ${provider}  ${query || '（未成立的提问）'}  ${word(outcome)} ${subjects} 人次，${exchanges} 次交换`;
}

function exchangeLines(contracts: Contracts, exchange: ShownExchange): string[] {
  const contract = contracts.find(exchange.query);
  const { answer, withheld, provider, requester, receipt, verified } = exchange;
  const fields = withheld.map(({ field, reason }) => `${titleOf(contract, field)}（${word(reason)}）`);
  return [
    `  ${nameOf(contracts, requester)} → ${nameOf(contracts, provider)}：${contract.title}（${exchange.query}）`,
    ...answer.results.flatMap(({ subject, answer: outcome, records, reason }) => [
      `    第 ${subject + 1} 人：${word(outcome)}${reason ? `（${reason}）` : ''}`,
      ...records.map((record) => `      ${recordLine(contract, record)}`),
    ]),
    ...(answer.heldBack > 0 ? [`    另有 ${answer.heldBack} 条因区划不予放出`] : []),
    ...(fields.length > 0 ? [`    未放出：${fields.join('、')}`] : []),
    `    回执：${receipt ? `存证第 ${indexOf(receipt.proof)} 条，核验${verified ? '通过' : '不通过'}` : '无'}  ${exchange.exchange}`,
  ];
}

function recordLine(contract: Contract, record: Record<string, unknown>): string {
  return contract.fields
    .filter(({ name }) => record[name] !== undefined)
    .map(({ name, title }) => `${title} ${valueText(record[name])}`)
    .join('，');
}

function valueText(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 3 ? `${value[0]}…${value.at(-1)}（${value.length}）` : value.join('/');
  if (typeof value === 'boolean') return value ? '是' : '否';
  return String(value);
}

function refusalLine({ title, requester, status, code, reason, field }: ShownRefusal): string {
  return `  ${title}（${requester}）：${status}，${code} ${reason}${field ? `，${field}` : ''}`;
}

function nameOf(contracts: Contracts, agency: string): string {
  return contracts.agencies.get(agency)?.name ?? agency;
}

function titleOf({ fields }: Contract, field: string): string {
  return fields.find(({ name }) => name === field)?.title ?? field;
}

/** The second line of a C2SP tlog-proof says which entry it is about. */
function indexOf(proof: string): string {
  return /^index (\d+)$/m.exec(proof)?.[1] ?? '?';
}

export function printUrls(doors: ProvinceDoors): void {
  const { contracts, keys, monitorUrl } = doors;
  say('\n■ 全省正在运行，按 Ctrl-C 结束');
  say(`  省数据局监测  ${monitorUrl}`);
  say(`  登记册验证密钥  ${keys.registryKey}`);
  for (const { id, name } of contracts.agencies.values()) {
    const gateways = doors.gatewaysOf(id);
    for (const url of gateways) say(`  ${name}  网关 ${url}（接口文档 ${url}/docs/）`);
  }
  for (const { origin, url } of servedLogs(doors)) say(`  存证日志 ${origin}  ${url}`);
}
