import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contracts, grant, table } from '../spec/sample.js';
import { decide, type GrantTable } from './index.js';
import { type Ask, type FieldRule, type Grant, type Scheme } from './model.js';

/**
 * The second opinion: written from the prose of trust.md §B2 and the docblock of `decide`, on the schemes as they stand in
 * the files, with scans and no table, and with none of the code under test.
 */
function oracle(schemes: readonly Scheme[], asked: Ask): unknown {
  const classes = ['housing', 'hrss', 'fund', 'data'];
  const isClass = (name: string) => classes.includes(name);
  const of = (who: string) => schemes.filter((one) => one.requester === who).flatMap((one) => one.grants);
  const own = isClass(asked.requester)
    ? []
    : of(asked.requester).filter(({ query }) => query === asked.query);
  const shared = isClass(asked.requesterClass)
    ? of(asked.requesterClass).filter(({ query }) => query === asked.query)
    : [];
  const all = [...own, ...shared];
  const chosen = own.find((one) => names(one, asked)) ?? shared.find((one) => names(one, asked));
  if (all.length === 0) return 'not-granted';
  return (chosen ? refusalBy(chosen, asked) : refusalByAll(all, asked)) ?? answered(chosen!, asked);
}

function names({ purposes: list }: Grant, { purpose }: Ask): boolean {
  return list.some(({ code }) => code === purpose.code);
}

function valid({ validity }: Grant, { at }: Ask): boolean {
  const moment = (day: string, time: string) => Date.parse(`${day}T${time}:00+08:00`);
  return moment(validity.from, '00:00') <= at && at < moment(validity.to, '24:00');
}

function refusalByAll(all: readonly Grant[], asked: Ask): string {
  const active = all.filter(({ suspended }) => !suspended);
  if (active.length === 0) return 'grant-suspended';
  return active.some((one) => valid(one, asked)) ? 'purpose-not-granted' : 'grant-not-in-force';
}

/** The sentences of the prose, in its order. */
function refusalBy(one: Grant, asked: Ask): string | undefined {
  const sentences: [string, boolean][] = [
    ['grant-suspended', one.suspended !== undefined],
    ['grant-not-in-force', !valid(one, asked)],
    ['purpose-not-granted', !rightPurpose(one, asked)],
    ['region-out-of-scope', !one.regions.some((scope) => lies(asked.region, scope))],
    ['limit-exceeded', !withinMonths(asked.months, one.rows.months)],
    ['field-not-granted /fields', asked.fields?.length === 0],
    ...(asked.fields ?? []).map((name, index, list): [string, boolean] => [
      `field-not-granted /fields/${index}`,
      !Object.keys(one.fields).includes(name) || list.slice(0, index).includes(name),
    ]),
  ];
  return sentences.find(([, holds]) => holds)?.[0];
}

function rightPurpose(one: Grant, { purpose }: Ask): boolean {
  const campaigns = one.purposes.find(({ code }) => code === purpose.code)?.campaigns;
  return campaigns
    ? campaigns.some((id) => id === purpose.campaign)
    : Boolean(purpose.campaign) || Boolean(purpose.case);
}

function lies(region: string, scope: string): boolean {
  return region.length === 6 && region.startsWith(scope.replace(/(00)+$/, ''));
}

function withinMonths(months: number | undefined, most: number | undefined): boolean {
  return months === undefined || most === undefined || (months > 0 && months <= most);
}

function answered(chosen: Grant, asked: Ask): unknown {
  const reasons: Record<string, string> = {};
  const fields: Record<string, unknown> = {};
  for (const { name } of contracts.get(asked.query)!.fields) {
    const rule = chosen.fields[name];
    if (!rule) reasons[name] = 'not-granted';
    else if (asked.fields && !asked.fields.includes(name)) reasons[name] = 'not-asked';
    else if (rule.release === 'match' && !asked.claims.includes(rule.claim)) reasons[name] = 'no-claim';
    else fields[name] = rule;
  }
  return Object.keys(fields).length === 0 ? 'claim-missing' : { fields, reasons };
}

/** What `decide` says, in the oracle's words. */
function ours(grantTable: GrantTable, asked: Ask): unknown {
  const decision = decide(grantTable, asked);
  if (decision.granted) {
    const reasons = Object.fromEntries(decision.withheld.map(({ field, reason }) => [field, reason]));
    return { fields: Object.fromEntries(decision.fields), reasons };
  }
  return decision.problem === 'field-not-granted'
    ? `${decision.problem} ${decision.field}`
    : decision.problem;
}

const RULES: Record<string, FieldRule> = {
  personName: { release: 'mask', mask: 'name' },
  idNumber: { release: 'pseudonym' },
  payerName: { release: 'plain' },
  payerUscc: { release: 'match', claim: 'uscc' },
  monthsPaid: { release: 'band', bands: [1, 6, 12] },
  region: { release: 'plain' },
};
const FIELDS: Record<string, string[]> = {
  'HR-SI-01@1': Object.keys(RULES),
  'HR-SI-02@1': ['payerUscc', 'region'],
};

const regions = fc.constantFrom('990000', '990100', '990101', '990200', '990201', '110000');
const purposes = fc.constantFrom('licence-screening', 'case-verification', 'fund-service');
const campaigns = fc.constantFrom('TC-1', 'TC-2');
const queries = fc.constantFrom('HR-SI-01@1' as const, 'HR-SI-02@1' as const);
const days = fc.constantFrom('2025-12-31', '2026-01-01', '2026-03-01', '2026-03-02');

const grants: fc.Arbitrary<Grant> = queries.chain((query) =>
  fc
    .record({
      purposes: fc.uniqueArray(
        fc.record({
          code: purposes,
          campaigns: fc.option(fc.uniqueArray(campaigns, { minLength: 1 }), { nil: undefined }),
        }),
        { selector: ({ code }) => code, minLength: 1, maxLength: 2 },
      ),
      names: fc.subarray(FIELDS[query]!, { minLength: 1 }),
      regions: fc.uniqueArray(regions, { minLength: 1, maxLength: 2 }),
      months: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      span: fc.tuple(days, days).map((two) => two.sort()),
      suspended: fc.option(fc.constant({ since: '2026-01-01', reason: '核查' }), { nil: undefined, freq: 4 }),
    })
    .map(({ purposes: codes, names, regions: scope, months, span, suspended }) => ({
      ...grant({ query, regions: scope, validity: { from: span[0], to: span[1] } }),
      purposes: codes.map(({ code, campaigns: list }) => ({ code, ...(list && { campaigns: list }) })),
      fields: Object.fromEntries(names.map((name) => [name, RULES[name]!])),
      rows: { max: 5, ...(months && { months }) },
      ...(suspended && { suspended }),
    })),
);

/** Grants that come too late for their requester, query and purpose are left out, as no bundle holds overlaps. */
const worlds: fc.Arbitrary<Scheme[]> = fc
  .dictionary(
    fc.constantFrom('housing', 'housing-1', 'housing-2', 'fund-1', 'data'),
    fc.array(grants, { maxLength: 4 }),
  )
  .map((byRequester) =>
    Object.entries(byRequester).flatMap(([requester, list]) => {
      const seen = new Set<string>();
      const kept = list.filter(({ query, purposes: codes }) => {
        const keys = codes.map(({ code }) => `${query} ${code}`);
        const isNew = keys.every((key) => !seen.has(key));
        if (isNew) keys.forEach((key) => seen.add(key));
        return isNew;
      });
      const one = {
        scheme: `hrss/${requester}`,
        version: 1,
        provider: 'hrss-990000',
        requester,
        grants: kept,
      };
      return kept.length > 0 ? [one] : [];
    }),
  );

const asks: fc.Arbitrary<Ask> = fc.record(
  {
    requester: fc.constantFrom('housing-1', 'housing-2', 'fund-1', 'data', 'housing'),
    requesterClass: fc.constantFrom('housing', 'fund', 'data', 'housing-1'),
    query: queries,
    purpose: fc.record(
      { code: purposes, campaign: campaigns, case: fc.constantFrom('', 'C-1') },
      { requiredKeys: ['code'] },
    ),
    region: fc.oneof(
      { weight: 9, arbitrary: regions },
      { weight: 1, arbitrary: fc.constantFrom('99', '9901010', '') },
    ),
    fields: fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...Object.keys(RULES)) }, fc.constant('*')),
      {
        maxLength: 3,
      },
    ),
    months: fc.integer({ min: 0, max: 4 }),
    claims: fc.subarray(['uscc']),
    at: fc
      .constantFrom(
        '2025-12-31T15:59:59.999Z',
        '2025-12-31T16:00:00Z',
        '2026-03-02T15:59:59.999Z',
        '2026-03-02T16:00:00Z',
      )
      .map(Date.parse),
  },
  { requiredKeys: ['requester', 'requesterClass', 'query', 'purpose', 'region', 'claims', 'at'] },
);

test('decide agrees with a naive evaluator on 24,000 random questions', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(worlds, fc.array(asks, { minLength: 40, maxLength: 40 }), (world, questions) => {
      const grantTable = table(...world);
      for (const asked of questions) {
        const expected = oracle(world, asked);
        const found = ours(grantTable, asked);
        if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
        const kind = typeof expected === 'string' ? expected.split(' ')[0]! : 'granted';
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: 600 },
  );
  // The questions reach every step, so the agreement means something.
  expect([...seen.keys()].sort()).toEqual([
    'claim-missing',
    'field-not-granted',
    'grant-not-in-force',
    'grant-suspended',
    'granted',
    'limit-exceeded',
    'not-granted',
    'purpose-not-granted',
    'region-out-of-scope',
  ]);
});
