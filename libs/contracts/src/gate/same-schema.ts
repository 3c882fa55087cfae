import canonicalize from 'canonicalize';
import { isObject } from '../schema.js';

/** Keywords that tell people something and machines nothing. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  '$comment',
  '$schema',
]);

/** Whether two values are the same JSON. */
export function sameJson(one: unknown, other: unknown): boolean {
  return canonicalize(one) === canonicalize(other);
}

/** Whether two schemas accept the same values, as far as their text tells: titles and descriptions aside. */
export function sameSchema(one: unknown, other: unknown): boolean {
  return sameJson(withoutAnnotations(one), withoutAnnotations(other));
}

function withoutAnnotations(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, withoutIn(keyword, value)]));
}

/** Below `properties` the keys are names of ours: a field called `title` is no annotation. */
function withoutIn(keyword: string, value: unknown): unknown {
  if (keyword !== 'properties' || !isObject(value)) return withoutAnnotations(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, withoutAnnotations(schema)]),
  );
}
