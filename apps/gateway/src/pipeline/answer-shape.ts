import { ANSWERS, compileValidator, RELEASE_MODES, type JsonSchema } from '#contracts';

const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
/** A problem's name; that it is one of ours is checked where it is used. */
const REASON: JsonSchema = { type: 'string', pattern: '^[a-z][a-z-]{0,63}$' };
const NAME: JsonSchema = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' };

const RESULT = closed(
  {
    subject: COUNT,
    answer: { enum: ANSWERS.filter((word) => word !== 'partial') },
    reason: REASON,
    records: { type: 'array', items: { type: 'object' } },
    heldBack: COUNT,
  },
  ['subject', 'answer', 'records'],
);

/** An answer around its records, member by member: what a provider adds to it by mistake must not reach the asker. */
const ANSWER = closed(
  {
    answer: { enum: ANSWERS.filter((word) => word !== 'partial') },
    source: { type: 'string' },
    dataTime: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    bundle: COUNT,
    results: { type: 'array', maxItems: 1_000, items: RESULT },
    withheld: {
      type: 'array',
      items: closed({ field: NAME, reason: { enum: ['not-granted', 'not-asked', 'no-claim'] } }, [
        'field',
        'reason',
      ]),
    },
    fields: { type: 'object', propertyNames: NAME, additionalProperties: { enum: [...RELEASE_MODES] } },
    heldBack: COUNT,
    quota: closed({ perDay: closed({ limit: COUNT, used: COUNT }, ['limit', 'used']), resetsIn: COUNT }, [
      'perDay',
      'resetsIn',
    ]),
    reason: REASON,
    field: { type: 'string', pattern: '^(/[A-Za-z0-9_-]{1,64}){0,8}$' },
    retryAfter: COUNT,
  },
  ['answer', 'source', 'bundle', 'results', 'withheld', 'fields', 'heldBack'],
);

const validate = compileValidator(ANSWER);

/** Whether the opened bytes are an answer at all; its records are checked by the grant they came under. */
export function hasAnswerShape(body: unknown): boolean {
  return validate(body) === undefined;
}

function closed(properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}
