import { MOST_NUMBER } from './bundle-number.js';
import { modes } from './modes/index.js';

const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };
const path = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,128}$' };
const text = { type: 'string', minLength: 1, maxLength: 500 };
const positive = { type: 'integer', minimum: 1, maximum: 1_000_000_000 };
const instant = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?(Z|[+-]\\d{2}:\\d{2}))?$',
};

/** Everything required, nothing else allowed. */
function record(properties: Record<string, unknown>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', additionalProperties: false, required, properties };
}

function listOf(items: object, most: number) {
  return { type: 'array', minItems: 1, maxItems: most, items };
}

const purpose = record({ code: name, campaigns: { ...listOf(name, 100), uniqueItems: true } }, ['campaigns']);

const fieldRule = {
  type: 'object',
  discriminator: { propertyName: 'release' },
  oneOf: Object.values(modes).map(({ rule }) => rule),
};

const grant = record(
  {
    query: { type: 'string', pattern: '^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*@[1-9][0-9]{0,3}$' },
    purposes: listOf(purpose, 50),
    legalBasis: listOf(record({ document: text, section: text }), 20),
    fields: { type: 'object', minProperties: 1, maxProperties: 200, additionalProperties: fieldRule },
    regions: { ...listOf({ type: 'string', pattern: '^[1-9][0-9]{5}$' }, 500), uniqueItems: true },
    rows: record({ max: positive, months: positive }, ['months']),
    validity: record({ from: instant, to: instant }),
    quota: record({ perDay: positive, perSubjectPerDay: positive, burst: positive, nonePerDay: positive }, [
      'nonePerDay',
    ]),
    suspended: record({ since: instant, reason: text }),
  },
  ['suspended'],
);

/** JSON Schema 2020-12 of one file `contracts/sharing/<provider>/<requester>.yaml`. */
export const schemeSchema = record({
  scheme: path,
  version: positive,
  provider: name,
  requester: name,
  grants: listOf(grant, 200),
});

/** JSON Schema of a bundle as signed. */
export const bundleSchema = record({
  v: { const: 1 },
  provider: name,
  number: { type: 'integer', minimum: 1, maximum: MOST_NUMBER },
  issuedAt: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' },
  schemes: { type: 'array', maxItems: 10_000, items: schemeSchema },
});
