import canonicalize from 'canonicalize';
import { covers, shanghaiDay } from '#identifiers';
import { type FieldRule } from './model.js';
import { modeOf } from './modes/index.js';
import { type CompiledGrant } from './table.js';
import { fieldWords, type Names } from './words.js';

/** One difference. `widens`: more can leave, to more, for longer or more often than before; when in doubt, it does. */
export interface Difference {
  text: string;
  widens: boolean;
}

/** What differs between two grants for the same requester, query and purpose. @param to the requester in words */
export function grantChanges(
  before: CompiledGrant,
  after: CompiledGrant,
  names: Names,
  to: string,
): Difference[] {
  return [
    ...fieldChanges(before, after, names, to),
    ...scopeChanges(before, after, to),
    ...limitChanges(before, after, to),
    ...suspensionChanges(before, after, to),
  ];
}

/** All fields of a new grant. */
export function grantedFields(grant: CompiledGrant, names: Names, to: string): Difference[] {
  return [...grant.fields].map(([name, rule]) => added(fieldWords(names, grant.query, name), rule, to));
}

function fieldChanges(before: CompiledGrant, after: CompiledGrant, names: Names, to: string): Difference[] {
  const fields = new Set([...before.fields.keys(), ...after.fields.keys()]);
  return [...fields].flatMap((name) =>
    fieldChange(before.fields.get(name), after.fields.get(name), fieldWords(names, after.query, name), to),
  );
}

function fieldChange(
  before: FieldRule | undefined,
  after: FieldRule | undefined,
  field: string,
  to: string,
): Difference[] {
  if (after === undefined) return [{ text: `不再可见：${field}→ ${to}`, widens: false }];
  if (before === undefined) return [added(field, after, to)];
  if (canonicalize(before) === canonicalize(after)) return [];
  const text = `放出方式变更：${field}→ ${to}，由${wordsOf(before)}改为${wordsOf(after)}`;
  return [{ text, widens: before.release !== 'plain' }];
}

function added(field: string, rule: FieldRule, to: string): Difference {
  return { text: `新增可见：${field}→ ${to}，${wordsOf(rule)}`, widens: true };
}

function wordsOf(rule: FieldRule): string {
  return modeOf(rule).words(rule);
}

function scopeChanges(before: CompiledGrant, after: CompiledGrant, to: string): Difference[] {
  const wider = after.regions.some((region) => !before.regions.some((scope) => covers(scope, region)));
  return [
    ...changed('区划范围', to, list(before.regions), list(after.regions), wider),
    ...changed('有效期', to, days(before), days(after), after.from < before.from || after.to > before.to),
    ...changed('专项治理', to, campaigns(before), campaigns(after), moreCampaigns(before, after)),
    ...changed('法律依据', to, list(before.basis), list(after.basis), false),
  ];
}

function moreCampaigns({ campaigns: before }: CompiledGrant, { campaigns: after }: CompiledGrant): boolean {
  if (before === undefined) return false;
  return after === undefined || [...after].some((campaign) => !before.has(campaign));
}

function campaigns(grant: CompiledGrant): string {
  return grant.campaigns === undefined ? '不限' : list([...grant.campaigns]);
}

function days({ from, to }: CompiledGrant): string {
  return `${shanghaiDay(from)} 至 ${shanghaiDay(to - 1)}`;
}

function limitChanges(
  { rows: oldRows, quota: old }: CompiledGrant,
  { rows, quota }: CompiledGrant,
  to: string,
): Difference[] {
  return [
    ...limit('每对象行数上限', to, oldRows.max, rows.max),
    ...limit('月份跨度上限', to, oldRows.months, rows.months),
    ...limit('每日配额', to, old.perDay, quota.perDay),
    ...limit('每对象每日配额', to, old.perSubjectPerDay, quota.perSubjectPerDay),
    ...limit('突发配额', to, old.burst, quota.burst),
    ...limit('每日查无记录人次上限', to, old.nonePerDay, quota.nonePerDay),
  ];
}

function limit(what: string, to: string, before = Infinity, after = Infinity): Difference[] {
  return changed(what, to, amount(before), amount(after), after > before);
}

function amount(limit: number): string {
  return limit === Infinity ? '不限' : String(limit);
}

function suspensionChanges(
  { suspended: before }: CompiledGrant,
  { suspended: after }: CompiledGrant,
  to: string,
): Difference[] {
  if (!before === !after) return [];
  return after
    ? [{ text: `暂停授权：→ ${to}，${after.reason}`, widens: false }]
    : [{ text: `恢复授权：→ ${to}`, widens: true }];
}

function changed(what: string, to: string, before: string, after: string, widens: boolean): Difference[] {
  return before === after ? [] : [{ text: `${what}变更：→ ${to}，由 ${before} 改为 ${after}`, widens }];
}

function list(items: readonly string[]): string {
  return items.join('、');
}
