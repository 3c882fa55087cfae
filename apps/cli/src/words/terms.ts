import { type Agency } from '#contracts';
import { isProblemName, PROBLEMS } from '#problem';

/** Outcomes, of an answer and as entries count them. */
const ANSWERS: Readonly<Record<string, string>> = {
  found: '查到',
  none: '无记录',
  ambiguous: '无法唯一确定',
  refused: '被拒绝',
  unavailable: '未能答复',
  partial: '部分答复',
  unknown: '结果不明',
};

const MODES: Readonly<Record<string, string>> = {
  mask: '掩码',
  match: '比对',
  band: '分档',
  pseudonym: '假名',
};

export function answerWords(answer: string): string {
  return ANSWERS[answer] ?? answer;
}

/** Nothing for what leaves as it is. */
export function modeWords(mode: string | undefined): string {
  const words = MODES[mode ?? ''];
  return words === undefined ? '' : `（${words}）`;
}

export function reasonWords(reason: string | undefined): string {
  if (reason === undefined || reason === '') return '';
  return `（${isProblemName(reason) ? PROBLEMS[reason].title : reason}）`;
}

/** `测试市住房和城乡建设局（housing-990100）`, or the bare id of one that the contracts do not list. */
export function agencyWords(agencies: ReadonlyMap<string, Agency>, id: string): string {
  const name = agencies.get(id)?.name;
  return name === undefined ? id : `${name}（${id}）`;
}

/** Date and time in China, to the second. @param at ISO 8601 */
export function timeWords(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return at;
  return `${new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(time)}`;
}
