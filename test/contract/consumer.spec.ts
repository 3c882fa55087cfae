import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countAnswers, countRows, type AnswerBody, type Question } from '#exchange';
import { Problem } from '#problem';
import { questionOf } from '../../apps/gateway/src/pipeline/record-intent.js';
import { answerOf, respond } from '../../apps/gateway/src/pipeline/respond.js';
import { validateReply } from '../../apps/gateway/src/pipeline/validate-reply.js';
import { type Disclosed } from '../../apps/gateway/src/pipeline/verify-reply.js';
import { agreements, contracts, gateway, type Agreement } from './agreements.js';
import { expectedAnswer } from './expected-answer.js';
import { addMessageTypes, interactionOf, PACTS, readPacts, writePact } from './pact-files.js';

/** `UPDATE_PACTS=1 npm test -- test/contract/consumer` writes what this spec otherwise only compares. */
const UPDATE = process.env['UPDATE_PACTS'] === '1';

const all = agreements();
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pacts-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('what a requester expects of a provider', () => {
  test.each(all.map((agreement) => [agreement.pact, agreement.description, agreement] as const))(
    '%s %s: the gateway asks it so and accepts the answer',
    async (_pact, _description, agreement) => {
      const expected = expectedAnswer(agreement);
      const interaction = interactionOf(agreement, questionOf(agreement.call), expected, dir);
      await interaction.executeTest((message) => {
        const question = parse<Question>(message.Request.content);
        const body = parse<AnswerBody>(message.Response[0]!.content);
        expect(question).toEqual(JSON.parse(JSON.stringify(questionOf(agreement.call))));
        expect(accepted(agreement, body)).toMatchObject({ status: 200, body: { answer: body.answer } });
        return Promise.resolve();
      });
    },
  );

  test('an answer with a field more, a field of another type, of another agency, or short of a subject is refused whole', async () => {
    for (const agreement of all) {
      const body = await exampleAnswer(agreement);
      const found = body.results.find(({ records }) => records.length > 0)!;
      const [record] = found.records as [Record<string, unknown>];
      const [first] = Object.keys(record) as [string];
      const more = change(body, found.subject, { ...record, unasked: 'x' });
      const other = change(body, found.subject, { ...record, [first]: { nested: 'x' } });
      for (const wrong of [more, other, { ...body, source: 'data-990000' }, { ...body, results: [] }]) {
        expect(problemOf(() => accepted(agreement, wrong))).toBe('provider-contract');
      }
      const logged = vouchedFor({ ...body, heldBack: 1 });
      expect(problemOf(() => accepted(agreement, body, { ...logged, body }))).toBe('provider-evidence');
    }
  });
});

describe('the pacts', () => {
  test('are those that are committed (UPDATE_PACTS=1 writes them)', () => {
    addMessageTypes(dir);
    const made = readPacts(dir);
    if (UPDATE) for (const [name, pact] of made) writePact(PACTS, name, pact);
    expect(readPacts(PACTS)).toEqual(made);
  });

  test('have an interaction for every query, and for every grant one between those classes', () => {
    const queries = new Set(all.map(({ call }) => call.contract.id));
    expect([...queries].sort()).toEqual([...contracts.contracts.keys()].sort());
    const between = new Set(all.map(({ pact, call }) => `${pact} ${call.contract.id}`));
    expect([...between].sort()).toEqual([...grantsBetweenClasses()].sort());
  });

  test('hold no interaction about anything but a contract and its example', () => {
    for (const [name, { consumer, provider, interactions }] of readPacts(PACTS)) {
      expect(name).toBe(`${consumer.name}-${provider.name}.json`);
      for (const { description, providerStates, request } of interactions) {
        const [{ name: title, params }] = providerStates as [(typeof providerStates)[0]];
        const example = contracts.examples.get(request.contents.content.query)!;
        expect(example.map((one) => [one.title, one.name])).toContainEqual([title, params.example]);
        expect(description).toBe(`${request.contents.content.query} ${params.example}`);
      }
    }
  });
});

/** The gateway's own last steps: does it take this body with the entry that vouches for it, and what becomes of it? */
function accepted({ call, plan }: Agreement, body: AnswerBody, disclosed = vouchedFor(body)) {
  const came = { ...disclosed, body: Buffer.from(JSON.stringify(disclosed.body)) };
  validateReply(gateway, call, plan, came);
  const trail = { exchange: plan.exchange, provider: plan.provider.id, outcomes: {} };
  return respond(call, [{ answer: answerOf(plan, disclosed), trail }]);
}

/** A body as an honest provider's log speaks of it; the proof was verified in the step before. */
function vouchedFor(body: AnswerBody): Disclosed {
  const { bundle, heldBack, fields, dataTime } = body;
  const line = { outcomes: countAnswers(body.results), rows: countRows(body.results), bundle, heldBack };
  return { body, line, kept: { fields, dataTime } } as Disclosed;
}

async function exampleAnswer(agreement: Agreement): Promise<AnswerBody> {
  const aside = mkdtempSync(join(tmpdir(), 'pact-'));
  try {
    const made = interactionOf(agreement, questionOf(agreement.call), expectedAnswer(agreement), aside);
    const body = await made.executeTest((message) =>
      Promise.resolve(parse<AnswerBody>(message.Response[0]!.content)),
    );
    return body!;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function change(body: AnswerBody, place: number, record: Record<string, unknown>): AnswerBody {
  const results = body.results.map((one) => (one.subject === place ? { ...one, records: [record] } : one));
  return { ...body, results };
}

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return Problem.from(error).problem;
  }
  return 'none';
}

function grantsBetweenClasses(): Set<string> {
  const classOf = (name: string): string =>
    [...contracts.agencies.values()].find(({ id }) => id === name)?.class ?? name;
  return new Set(
    contracts.schemes.flatMap(({ requester, provider, grants }) =>
      grants.map(({ query }) => `${classOf(requester)}-${classOf(provider)} ${query}`),
    ),
  );
}

/** The core hands over bytes; JSON is what travels inside the seal. */
function parse<T>(content: unknown): T {
  return JSON.parse(Buffer.from(content as Uint8Array).toString('utf8')) as T;
}
