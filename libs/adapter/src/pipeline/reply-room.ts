import { type Contract, type ContractField, type SubjectKind } from '#contracts';
import { askedMonths, type Question } from '#exchange';

/**
 * Records of one subject that are nothing unusual: a person's seven insurances (GB/T 40217 AAE140), a page of a unit's
 * staff. Ours, not a rule's; an answer of more shows by its size that it is one.
 */
const USUAL_ROWS: Readonly<Record<SubjectKind, number>> = { person: 7, unit: 40 };
/** Bytes of a text that may be longer, among them a unit's full name of 25 Chinese characters. */
const USUAL_TEXT = 80;
/** Bytes of a shorter text, of a pseudonym, and of a text whose length the contract does not say. */
const CODE = 48;
const SHORT_TEXT = 50;
/** Bytes of a number, a date, a flag, a band, and of the word of a match. */
const WORD = 14;
/** Items of a list that is not one of months. */
const USUAL_ITEMS = 4;
/** Of a code point in UTF-8, at most. */
const CODE_POINT = 4;
/** Name and mode of a field in the answer and in the entry, or why it is withheld. */
const FIELD_NOTE = 80;
/** Bytes of the entry with its proof, its notes on fields apart. */
export const ENTRY_ROOM = 2_048;
/** Bytes of an answer around its results, notes on fields apart. */
const ANSWER_ROOM = 400;
/** Bytes of one result around its records, refused or not. */
const RESULT_ROOM = 96;
/** Replies are not made larger than this for the sake of their size class, bytes under the seal. */
export const MOST_ROOM = 64 * 1024;
/** But always so large for each subject: hundreds of subjects that are not found answer like those of whom little is known. */
const LEAST_PER_SUBJECT = 512;

/**
 * Bytes that the usual answer to a question takes under the seal, whoever is asked about: shorter ones leave in its size
 * class, so that the broker cannot tell found from none or refused. A function of the contract and the question alone,
 * not of the grant: a refusal for want of one, and an answer sent again after the bundle changed, look like the others.
 *
 * One record, however long the contract lets it be, always fits, up to `MOST_ROOM` for all subjects together; so do the
 * usual number of usual records.
 */
export function replyRoom(
  contract: Contract,
  { fields, params, subjects }: Pick<Question, 'fields' | 'params' | 'subjects'>,
): number {
  const asked = contract.fields.filter(({ name }) => fields === undefined || fields.includes(name));
  const months = askedMonths({ ...params }) ?? Number.POSITIVE_INFINITY;
  const rows = Math.min(contract.maxRows, USUAL_ROWS[contract.subject]);
  const records = Math.max(rows * recordSize(asked, usualSize(months)), recordSize(asked, longestSize));
  const notes = contract.fields.reduce((sum, { name }) => sum + 2 * name.length + FIELD_NOTE, 0);
  const whole = ENTRY_ROOM + ANSWER_ROOM + notes + subjects.length * (RESULT_ROOM + records);
  return Math.max(Math.min(whole, MOST_ROOM), subjects.length * LEAST_PER_SUBJECT);
}

type Schema = Readonly<Record<string, unknown>>;
type SizeOf = (schema: Schema) => number;

/** `"name":value,` for each field, as what it may leave that is longest. */
function recordSize(fields: readonly ContractField[], sizeOf: SizeOf): number {
  const valueSize = ({ modes, schema }: ContractField): number =>
    Math.max(modes.includes('pseudonym') ? CODE : WORD, sizeOf(schema));
  return fields.reduce((sum, field) => sum + field.name.length + 4 + valueSize(field), 2);
}

function usualSize(months: number): SizeOf {
  return (schema) => {
    const { type, maxItems = Number.POSITIVE_INFINITY, items } = schema as ListSchema;
    if (type !== 'array') return Math.min(longestSize(schema), isShort(schema) ? CODE : USUAL_TEXT);
    const count = isMonth(items) ? Math.min(months, maxItems) : Math.min(USUAL_ITEMS, maxItems);
    return listSize(Number.isFinite(count) ? count : USUAL_ITEMS, items, usualSize(months));
  };
}

interface ListSchema {
  type?: unknown;
  maxItems?: number;
  items?: Schema;
}

function isShort({ maxLength }: Bounds): boolean {
  return maxLength !== undefined && maxLength <= SHORT_TEXT;
}

/** The longest value of a schema; of what has no bound, a usual one. */
function longestSize(schema: Schema): number {
  const { type, enum: words, maxItems = USUAL_ITEMS, items } = schema as ListSchema & Bounds;
  if (words) return Math.max(...words.map((word) => Buffer.byteLength(JSON.stringify(word))));
  if (type === 'array') return listSize(maxItems, items, longestSize);
  return type === 'string' ? longestText(schema) : WORD;
}

interface Bounds {
  enum?: readonly unknown[];
  maxLength?: number | undefined;
  pattern?: string | undefined;
  format?: string | undefined;
}

function longestText({ maxLength, pattern, format }: Bounds): number {
  if (format === 'date' || isMonth({ pattern })) return WORD;
  const length = /^\^\[[\w-]+\]\{(\d+)\}\$$/.exec(pattern ?? '')?.[1];
  if (length !== undefined) return Number(length) + 2;
  return maxLength === undefined ? CODE : maxLength * CODE_POINT + 2;
}

function listSize(count: number, items: Schema = {}, sizeOf: SizeOf): number {
  return 2 + count * (isMonth(items) ? '"2024-03",'.length : sizeOf(items) + 1);
}

function isMonth({ pattern }: Bounds = {}): boolean {
  return pattern !== undefined && new RegExp(pattern, 'u').test('2024-03');
}
