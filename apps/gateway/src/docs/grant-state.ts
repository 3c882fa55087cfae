import { type GrantSource } from '#contracts';
import { endMoment, moment, shanghaiDay } from '#identifiers';

/** What ends sooner is told: a new agreement takes its time. */
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** First and last day in China, as officials read a validity. */
export function validDays({ validity }: Pick<GrantSource, 'validity'>): { first: string; last: string } {
  const { from, to } = spanOf(validity);
  return { first: shanghaiDay(from), last: shanghaiDay(to - 1) };
}

/** Why nothing leaves by a grant at a moment, or soon will not, each in words; empty for one in force. */
export function grantState(grant: Pick<GrantSource, 'validity' | 'suspended'>, at: number): string[] {
  const { suspended } = grant;
  const since = suspended && shanghaiDay(timeOf(moment, suspended.since));
  return [...timeState(grant, at), ...(suspended ? [`已暂停（${since} 起）：${suspended.reason}`] : [])];
}

function timeState(grant: Pick<GrantSource, 'validity'>, at: number): string[] {
  const { from, to } = spanOf(grant.validity);
  const { first, last } = validDays(grant);
  if (at < from) return [`未生效：${first} 起`];
  if (at >= to) return [`已到期：有效至 ${last}`];
  return to - at <= SOON_DAYS * DAY_MS ? [`${SOON_DAYS} 天内到期：有效至 ${last}`] : [];
}

function spanOf({ from, to }: GrantSource['validity']): { from: number; to: number } {
  return { from: timeOf(moment, from), to: timeOf(endMoment, to) };
}

/** The contracts hold times of RFC 3339, which knows more spellings than anybody should write. */
function timeOf(read: typeof moment, text: string): number {
  return read(text) ?? Date.parse(text);
}
