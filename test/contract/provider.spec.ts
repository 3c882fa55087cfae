import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verifier, type MessageDescriptor, type MessageProvider } from '@pact-foundation/pact';
import { expect, test } from '@jest/globals';
import { type Question } from '#exchange';
import { useProvince } from '../support/use-province.js';
import { deliver } from './deliver.js';
import { PACTS, readPacts, writePact, type PactFile, type StateParameters } from './pact-files.js';
import { prepare, preparedStates } from './provider-states.js';

const pacts = readPacts(PACTS);
const province = useProvince();

test.each([...pacts])(
  'the provider keeps %s: asked, recorded, looked up, released, sealed',
  async (name, pact) => {
    await verify(join(PACTS, name), pact);
  },
);

test.each<[string, (answer: Record<string, unknown>, metadata: Record<string, string>) => void]>([
  ['of another type', (_answer, metadata) => (metadata['ce_type'] = 'exchange.event')],
  ['with a field that is not released', (answer) => (firstRecord(answer)['contributionBase'] = 8_000)],
  [
    'with another release mode',
    (answer) => ((answer['fields'] as Record<string, string>)['idNumber'] = 'plain'),
  ],
  ['with less withheld', (answer) => (answer['withheld'] as unknown[]).pop()],
  ['from another agency', (answer) => (answer['source'] = 'fund-990200')],
])('a pact that wants a reply %s is not kept', async (_what, spoil) => {
  const pact = structuredClone(pacts.get('housing-fund.json')!);
  pact.interactions = pact.interactions.filter(({ description }) => description.startsWith('PF-01'));
  const [response] = pact.interactions[0]!.response;
  spoil(response!.contents.content as Record<string, unknown>, response!.metadata);
  const dir = mkdtempSync(join(tmpdir(), 'pact-'));
  try {
    writePact(dir, 'housing-fund.json', pact);
    await expect(verify(join(dir, 'housing-fund.json'), pact)).rejects.toThrow('mismatch');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('every state that is prepared is one that a pact names', () => {
  const named = new Set([...pacts.values()].flatMap((pact) => statesOf(pact)));
  expect(preparedStates.filter((state) => !named.has(state))).toEqual([]);
});

async function verify(path: string, pact: PactFile): Promise<void> {
  const messages = pact.interactions.map(({ description }) => [description, answerTo] as const);
  const states = statesOf(pact).map((name) => [name, () => Promise.resolve()] as const);
  await new Verifier({
    provider: pact.provider.name,
    pactUrls: [path],
    logLevel: 'error',
    messageProviders: Object.fromEntries(messages),
    stateHandlers: Object.fromEntries(states),
  }).verifyProvider();
}

/** Brings the provider's system into the state and puts the pact's question to it, as it stands in the pact. */
const answerTo: MessageProvider = async ({ content, metadata, providerStates }: MessageDescriptor) => {
  const [{ name, params }] = providerStates as [{ name: string; params: unknown }];
  const question = content as unknown as Question;
  const parameters = params as StateParameters;
  await prepare(name, province().databases.sourceUrl(parameters.provider), question.subjects);
  const { answer, asked, requestType } = await deliver(province(), question, parameters);
  expect(asked).toEqual(question);
  expect(requestType).toBe(metadata?.['ce_type']);
  return answer;
};

function statesOf(pact: PactFile): string[] {
  return pact.interactions.flatMap(({ providerStates }) => providerStates.map(({ name }) => name));
}

function firstRecord(answer: Record<string, unknown>): Record<string, unknown> {
  const [result] = answer['results'] as [{ records: [Record<string, unknown>] }];
  return result.records[0];
}
