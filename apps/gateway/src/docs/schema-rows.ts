import { type JsonSchema } from '#contracts';

/** One member of a request as a table shows it; `name` is its path, `subjects[].idType`. */
export interface SchemaRow {
  name: string;
  title: string;
  required: boolean;
  /** What it may be, in Chinese. */
  values: string;
}

/** The members of an object schema, depth first in its own order. References are not followed: our schemas have none. */
export function schemaRows(schema: JsonSchema, prefix = ''): SchemaRow[] {
  const required = new Set(schema['required'] as readonly string[] | undefined);
  return Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>).flatMap(
    ([key, member]) => {
      const name = prefix + key;
      const row = {
        name,
        title: text(member['title']),
        required: required.has(key),
        values: valueWords(member),
      };
      return [row, ...membersOf(member, name)];
    },
  );
}

function membersOf(schema: JsonSchema, name: string): SchemaRow[] {
  if (schema['type'] === 'object') return schemaRows(schema, `${name}.`);
  const items = schema['items'] as JsonSchema | undefined;
  return items?.['type'] === 'object' ? schemaRows(items, `${name}[].`) : [];
}

/** `整数，1 至 999` */
export function valueWords(schema: JsonSchema): string {
  const { type, items } = schema as { type?: string; items?: JsonSchema };
  if (type === 'array') return `列表${rangeWords(schema, 'minItems', 'maxItems', ' 项')}${itemWords(items)}`;
  if (Array.isArray(schema['enum'])) return `其一：${(schema['enum'] as unknown[]).join('、')}`;
  return `${TYPES[type ?? ''] ?? ''}${formWords(schema)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  object: '对象',
  string: '文本',
  integer: '整数',
  number: '数',
  boolean: '是（true）或否（false）',
};

const FORMS: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  date: '日期（年-月-日）',
  'date-time': '时刻',
};

/** What the patterns of our contracts mean; another one is shown as it is. */
const PATTERNS: Readonly<Record<string, string>> = {
  '^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$': '年月，如 2026-01',
  '^[0-9A-HJ-NP-RTUWXY]{18}$': '统一社会信用代码，18 位',
  '^[0-9]{6}$': '区划代码，6 位',
  '^[A-Za-z0-9._@-]{1,64}$': '字母、数字或 . _ @ -，最多 64 位',
  '^[a-z][a-z0-9-]{0,63}$': '小写字母、数字或 -，最多 64 位',
  '^[\\p{L}\\p{N}〔〕()（）._/-]{1,64}$': '汉字、字母、数字或括号等，最多 64 字',
};

function itemWords(items: JsonSchema | undefined): string {
  return items === undefined || items['type'] === 'object' ? '' : `，每项${valueWords(items)}`;
}

function formWords(schema: JsonSchema): string {
  const { format, pattern } = schema as { format?: string; pattern?: string };
  if (format !== undefined) return `，${FORMS[format] ?? format}`;
  if (pattern !== undefined) return `，${PATTERNS[pattern] ?? `形如 ${pattern}`}`;
  return rangeWords(schema, 'minimum', 'maximum', '') + rangeWords(schema, 'minLength', 'maxLength', ' 字');
}

function rangeWords(schema: JsonSchema, least: string, most: string, unit: string): string {
  const [from, to] = [schema[least], schema[most]] as [number | undefined, number | undefined];
  if (from === undefined) return to === undefined ? '' : `，最多 ${to}${unit}`;
  return to === undefined ? `，至少 ${from}${unit}` : `，${from} 至 ${to}${unit}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
