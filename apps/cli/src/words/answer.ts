import { type CallAnswer, type ExchangeAnswer, type VerifiedExchange } from '#client';
import { type Contract, type Contracts } from '#contracts';
import { findingWords } from './findings.js';
import { answerWords, modeWords, reasonWords } from './terms.js';

const WITHHELD_WORDS: Readonly<Record<string, string>> = {
  'not-granted': '共享方案未授权',
  'not-asked': '本次未索取',
  'no-claim': '未附比对所需的值',
};

/** An answer as an official reads it: by provider, with the fields' Chinese titles, what was withheld, and the evidence. */
export function answerLines(
  contracts: Contracts,
  answer: CallAnswer,
  verified: readonly VerifiedExchange[] | undefined,
): string[] {
  const contract = contracts.find(answer.query);
  return [
    `${contract.id} ${contract.title}：${answerWords(answer.answer)}`,
    `调用 ${answer.call}，请求 ${answer.requestId}${answer.replayed ? '（重复请求，答复同前）' : ''}`,
    ...(answer.notices ?? []).map(({ field, notice }) => `提示：${field} ${notice}`),
    ...answer.exchanges.flatMap((exchange) => [
      '',
      ...exchangeLines(contracts, contract, exchange),
      ...evidenceLines(exchange, verified),
    ]),
  ];
}

function exchangeLines(contracts: Contracts, contract: Contract, exchange: ExchangeAnswer): string[] {
  const { provider, answer, dataTime, bundle, results, withheld, heldBack, reason } = exchange;
  const name = contracts.agencies.get(provider)?.name ?? provider;
  const time = dataTime === undefined ? '' : `，数据时间 ${dataTime}`;
  return [
    `■ ${name}（${provider}）：${answerWords(answer)}${reasonWords(reason)}${time}，方案包第 ${bundle} 号`,
    ...results.flatMap((result) => resultLines(contract, exchange, result)),
    ...(heldBack > 0 ? [`  另有 ${heldBack} 条记录不在授权区划内，未放出`] : []),
    ...withheld.map(
      ({ field, reason: why }) => `  未放出：${titleOf(contract, field)}——${WITHHELD_WORDS[why] ?? why}`,
    ),
  ];
}

function resultLines(
  contract: Contract,
  { fields }: ExchangeAnswer,
  { subject, answer, reason, records, heldBack = 0 }: ExchangeAnswer['results'][number],
): string[] {
  // The region that was asked about is granted then; the reason's own title would say that it is not.
  const why = reason !== undefined && heldBack > 0 ? '（记录不在授权区划内）' : reasonWords(reason);
  return [
    `  对象 ${subject + 1}：${answerWords(answer)}${why}${records.length > 0 ? `，${records.length} 条` : ''}`,
    ...records.flatMap((record, i) => [
      `    第 ${i + 1} 条`,
      ...Object.entries(record).map(([field, value]) => {
        return `      ${titleOf(contract, field)}${modeWords(fields[field])}：${valueWords(value)}`;
      }),
    ]),
  ];
}

function evidenceLines(
  { exchange, receipt }: ExchangeAnswer,
  verified: readonly VerifiedExchange[] | undefined,
): string[] {
  const of = `  交换 ${exchange}`;
  const check = verified?.find((one) => one.exchange === exchange);
  if (!check) return [`${of}：${receipt ? '有回执，未核验' : '没有回执'}`];
  const place = check.log
    ? `日志 ${check.log.origin} 第 ${check.log.index} 条（共 ${check.log.size} 条）`
    : '';
  if (check.verified) return [`${of}：回执核验通过，${place}`];
  return [
    `${of}：回执核验不通过 ${place}`.trimEnd(),
    ...check.findings.map((finding) => `    ${findingWords(finding)}`),
  ];
}

export function titleOf(contract: Contract, field: string): string {
  return contract.fields.find(({ name }) => name === field)?.title ?? field;
}

function valueWords(value: unknown): string {
  if (value === true) return '是';
  if (value === false) return '否';
  if (Array.isArray(value)) return value.map(valueWords).join('、');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
