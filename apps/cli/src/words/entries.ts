import { type Contracts } from '#contracts';
import { type PublicLine } from '#evidence';
import { type Vouched } from '../checks/hits.js';
import { titleOf } from './answer.js';
import { findingWords } from './findings.js';
import { agencyWords, answerWords, modeWords, reasonWords, timeWords } from './terms.js';

const KINDS: Readonly<Record<string, string>> = {
  intent: '提问',
  disclosure: '答复',
  outcome: '结果',
};

/** On what ground a question was asked, as the private line has it. */
export interface Ground {
  queryTitle?: string;
  purpose?: { code: string; campaign?: string; case?: string };
  purposeTitle?: string;
  basis?: string[];
  fields?: Record<string, string>;
}

/** An entry of a question's way in lines: what it is, who asked whom, and how many got which answer. */
export function entryLines({ agencies }: Contracts, entry: PublicLine, title?: string): string[] {
  const { kind, at, from, to, query, region, rows = 0, heldBack = 0 } = entry;
  const [requester, provider] = kind === 'disclosure' ? [to, from] : [from, to];
  const asked = query === undefined ? '' : `${title === undefined ? query : `${title}（${query}）`}`;
  const place = region === undefined ? '' : `，区划 ${region}`;
  return [
    `${timeWords(at)}  ${KINDS[kind] ?? kind}  ${agencyWords(agencies, requester)} → ${agencyWords(agencies, provider)}`,
    ...(asked === '' ? [] : [`  接口：${asked}${place}`]),
    ...(kind === 'intent' ? [] : [`  结果：${outcomeWords(entry)}${rowWords(rows, heldBack)}`]),
  ];
}

/** Purpose, legal basis and fields with their release modes. */
export function groundLines(contracts: Contracts, { query }: PublicLine, ground: Ground): string[] {
  const { purpose, purposeTitle, basis = [], fields } = ground;
  if (!purpose && !fields) return ['  目的、依据和字段：私有行已清除'];
  return [
    ...(purpose ? [`  目的：${purposeWords(purpose, purposeTitle)}`] : []),
    ...(basis.length > 0 ? [`  依据：${basis.join('；')}`] : []),
    ...(fields ? [`  字段：${fieldWords(contracts, query, fields)}`] : []),
  ];
}

/** @param vouched undefined when no keys were given to check it by */
export function evidenceLines({ exchange, origin }: PublicLine, vouched: Vouched | undefined): string[] {
  const of = `  交换 ${exchange}，日志 ${origin}`;
  if (!vouched) return [`${of}：回执未核验`];
  const place = vouched.log ? ` 第 ${vouched.log.index} 条（共 ${vouched.log.size} 条）` : '';
  return [
    `${of}${place}：${vouched.verified ? '回执核验通过' : '回执核验不通过'}`,
    ...vouched.findings.map((finding) => `    ${findingWords(finding)}`),
  ];
}

function outcomeWords({ outcomes = {}, reason }: PublicLine): string {
  const counts = Object.entries(outcomes).map(([answer, count]) => `${answerWords(answer)} ${count}`);
  return `${counts.join('、') || '—'}${reasonWords(reason)}`;
}

function rowWords(rows: number, heldBack: number): string {
  return `${rows > 0 ? `，记录 ${rows} 条` : ''}${heldBack > 0 ? `，区划外未放出 ${heldBack} 条` : ''}`;
}

function purposeWords(
  { code, campaign, case: caseId }: NonNullable<Ground['purpose']>,
  title?: string,
): string {
  const under = campaign === undefined ? `案件 ${caseId ?? ''}` : `专项 ${campaign}`;
  return `${title === undefined ? code : `${title}（${code}）`}，${under}`;
}

function fieldWords(
  { contracts }: Contracts,
  query: string | undefined,
  fields: Record<string, string>,
): string {
  const contract = [...contracts.values()].find(({ id }) => id === query);
  return Object.entries(fields)
    .map(([field, mode]) => `${contract ? titleOf(contract, field) : field}${modeWords(mode)}`)
    .join('、');
}
