/**
 * Decisions per second of one core's time with 300 schemes (goal: 500,000):
 * `node_modules/.bin/node --conditions=source --import ./scripts/run-sources.mjs test/bench/decide.bench.ts`.
 * One question in four is refused, one in four names fields.
 */
import { type Contract, type QueryId } from '#contracts';
import { type Ask, type Bundle, buildTable, decide, type Scheme } from '#sharing';

const SCHEMES = 300;
const ROUNDS = 5;
const SECONDS = 1;

const fields = Array.from({ length: 12 }, (_, n) => `field${n}`);
const queries = Array.from({ length: 10 }, (_, n): QueryId => `HR-SI-0${n}@1`);
const purposes = ['licence-screening', 'case-verification'];
const contracts = new Map(queries.map((id) => [id, contract(id)]));

function contract(id: QueryId): Contract {
  const legalBasis = [{ document: '测试文件', section: '一' }];
  const list = fields.map((name) => ({
    name,
    title: name,
    schema: { type: 'string' },
    classification: 'internal' as const,
    modes: ['plain', 'match'] as const,
  }));
  return {
    id,
    code: id.slice(0, -2),
    version: 1,
    title: id,
    owner: 'hrss',
    subject: 'person',
    legalBasis,
    maxRows: 50,
    fields: list,
    claims: { uscc: { type: 'string' } },
    requestSchema: {},
    recordSchema: {},
  };
}

function scheme(requester: string): Scheme {
  const grants = queries.map((query) => ({
    query,
    purposes: [{ code: purposes[0]!, campaigns: ['TC-2026-01'] }, { code: purposes[1]! }],
    legalBasis: [{ document: '测试文件', section: '一' }],
    fields: Object.fromEntries(
      fields
        .slice(0, 10)
        .map((name, n) => [
          name,
          n === 9 ? { release: 'match' as const, claim: 'uscc' } : { release: 'plain' as const },
        ]),
    ),
    regions: ['990100', '990200'],
    rows: { max: 50, months: 24 },
    validity: { from: '2026-01-01', to: '2026-12-31' },
    quota: { perDay: 1000, perSubjectPerDay: 5, burst: 50 },
  }));
  return { scheme: `hrss/${requester}`, version: 1, provider: 'hrss-990000', requester, grants };
}

function question(n: number): Ask {
  return {
    requester: `housing-${n % SCHEMES}`,
    requesterClass: 'housing',
    query: queries[n % queries.length]!,
    purpose: n % 2 ? { code: purposes[1]!, case: `C-${n}` } : { code: purposes[0]!, campaign: 'TC-2026-01' },
    region: n % 4 === 3 ? '990300' : '990201',
    ...(n % 4 === 1 && { fields: fields.slice(0, 4) }),
    months: 12,
    claims: ['uscc'],
    at: Date.parse('2026-03-02T01:00:00Z') + n,
  };
}

const schemes = Array.from({ length: SCHEMES }, (_, n) => scheme(`housing-${n}`));
const bundle: Bundle = {
  v: 1,
  provider: 'hrss-990000',
  number: 1,
  issuedAt: '2026-01-01T00:00:00.000Z',
  schemes,
};
const table = buildTable(bundle, contracts);
const questions = Array.from({ length: 10_000 }, (_, n) => question(n));

/** CPU time, garbage collection included, so that a busy machine does not count. */
function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function perSecond(): number {
  let done = 0;
  let granted = 0;
  const start = seconds();
  while (seconds() - start < SECONDS) {
    for (const asked of questions) if (decide(table, asked).granted) granted += 1;
    done += questions.length;
  }
  if (granted * 4 !== done * 3) throw new Error('three in four questions are granted');
  return Math.round(done / (seconds() - start));
}

perSecond();
const rates = Array.from({ length: ROUNDS }, perSecond).sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({ schemes: SCHEMES, unit: 'decisions/s', median: rates[2], min: rates[0], max: rates.at(-1) })}\n`,
);
