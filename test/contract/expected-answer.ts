import { MatchersV3 } from '@pact-foundation/pact';
import { type JsonSchema } from '#contracts';
import { releaseModes, summarize } from '#exchange';
import { releasedSchema, releaseUnder } from '#sharing';
import { type Agreement } from './agreements.js';
import { matching } from './matching.js';

const { eachLike, integer, regex } = MatchersV3;

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$';
/** Only tells one pseudonym from another in the pact's examples; a provider's own key is its secret. */
const PSEUDONYM_KEY = Buffer.alloc(32);

/**
 * What the requester relies on in the answer: words, modes and what is withheld to the letter; what the provider counts
 * by its type; records by the schema of what the grant releases.
 */
export function expectedAnswer(agreement: Agreement) {
  const { example, provider, plan } = agreement;
  return {
    answer: summarize(example.reply.map(({ answer }) => answer)),
    source: provider.id,
    dataTime: regex(INSTANT, '2026-03-02T01:00:00.000Z'),
    bundle: integer(plan.bundle),
    results: expectedResults(agreement),
    withheld: [...plan.decision.withheld],
    fields: releaseModes(plan.decision.fields),
    heldBack: 0,
    quota: { perDay: { limit: integer(1_000), used: integer(1) }, resetsIn: integer(3_600) },
  };
}

function expectedResults(agreement: Agreement) {
  return agreement.example.reply.map(({ subject, answer, records }) => ({
    subject,
    answer,
    records: records.length === 0 ? [] : eachLike(expectedRecord(agreement, subject, records), 1),
  }));
}

/** The example's first record as the grant releases it. */
function expectedRecord({ call, plan }: Agreement, subject: number, records: readonly unknown[]) {
  const { contract, subjects } = call;
  const claims = subjects[subject]!.claims ?? {};
  const release = releaseUnder(plan.decision, { contract, pseudonymKey: PSEUDONYM_KEY });
  const [record = {}] = release(records, claims).records;
  const properties = releasedSchema(contract, plan.decision)['properties'] as Record<string, JsonSchema>;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, matching(properties[name]!, value)]),
  );
}
