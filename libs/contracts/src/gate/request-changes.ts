import { isObject, type JsonSchema, propertiesOf } from '../schema.js';
import { type Change } from './finding.js';
import { sameJson } from './same-schema.js';

/**
 * Requests that were good before and are refused now. Looser limits, new optional parameters and more choices are no change
 * for those who ask today; a keyword that this list does not know counts as tighter as soon as it differs.
 */
export function requestTightenings(before: JsonSchema, after: JsonSchema, pointer = ''): Change[] {
  const keywords = Object.keys(after).filter((keyword) => !HARMLESS.has(keyword));
  return keywords.flatMap((keyword) => {
    const at = `${pointer}/${keyword}`;
    if (keyword === 'properties') return propertyTightenings(before, after, at);
    if (keyword === 'items') return itemTightenings(before, after, at);
    const isTighter = TIGHTER[keyword] ?? differs;
    return isTighter(before[keyword], after[keyword])
      ? [{ pointer: at, words: `请求的限制 ${keyword} 收紧` }]
      : [];
  });
}

const HARMLESS = new Set(['title', 'description', 'examples', '$schema']);

const differs = (before: unknown, after: unknown) => !sameJson(before, after);
const raised = (before: unknown, after: unknown) => Number(after) > Number(before ?? -Infinity);
const lowered = (before: unknown, after: unknown) => Number(after) < Number(before ?? Infinity);
const losesChoice = (before: unknown, after: unknown) => {
  if (!Array.isArray(before) || !Array.isArray(after)) return true;
  return before.some((choice) => !after.some((other) => sameJson(choice, other)));
};

const TIGHTER: Readonly<Record<string, (before: unknown, after: unknown) => boolean>> = {
  enum: losesChoice,
  type: (before, after) => before !== after && !(before === 'integer' && after === 'number'),
  required: (before, after) => losesChoice(after, before ?? []),
  uniqueItems: (before, after) => after === true && before !== true,
  minimum: raised,
  minLength: raised,
  minItems: raised,
  minProperties: raised,
  maximum: lowered,
  maxLength: lowered,
  maxItems: lowered,
  maxProperties: lowered,
  'x-maxMonths': lowered,
};

function propertyTightenings(before: JsonSchema, after: JsonSchema, at: string): Change[] {
  const now = propertiesOf(after);
  return Object.entries(propertiesOf(before)).flatMap(([name, schema]) => {
    const kept = now[name];
    if (kept) return requestTightenings(schema, kept, `${at}/${name}`);
    return [{ pointer: `${at}/${name}`, words: `请求项 ${name} 被删除或改名` }];
  });
}

function itemTightenings(before: JsonSchema, after: JsonSchema, at: string): Change[] {
  const [was, is] = [before['items'], after['items']];
  return requestTightenings(isObject(was) ? was : {}, isObject(is) ? is : { not: {} }, at);
}
