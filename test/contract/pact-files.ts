import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PactV4, type SynchronousMessageWithResponse } from '@pact-foundation/pact';
import { type Question } from '#exchange';
import { type Agreement } from './agreements.js';
import { type expectedAnswer } from './expected-answer.js';

/** The committed pacts. */
export const PACTS = join(import.meta.dirname, '..', '..', 'contracts', 'pacts');

/** How the two sealed messages of an exchange name themselves on the wire (CloudEvents type). */
export const MESSAGE_TYPES = { request: 'exchange.request', reply: 'exchange.reply' } as const;

/** What the provider's side is told besides the question: whom it plays, whom it answers, which example it is about. */
export interface StateParameters {
  requester: string;
  provider: string;
  query: string;
  example: string;
}

export interface PactInteraction {
  description: string;
  providerStates: { name: string; params: StateParameters }[];
  request: { contents: { content: Question }; metadata: Record<string, string> };
  response: { contents: { content: unknown }; metadata: Record<string, string> }[];
}

export interface PactFile {
  consumer: { name: string };
  provider: { name: string };
  interactions: PactInteraction[];
}

/** A synchronous message of Pact V4: the sealed plaintexts of one exchange. */
export function interactionOf(
  { pact, description, example, requester, provider, call }: Agreement,
  question: Question,
  expected: ReturnType<typeof expectedAnswer>,
  dir: string,
): Pick<SynchronousMessageWithResponse, 'executeTest'> {
  const [consumer, answering] = pact.split('-') as [string, string];
  return new PactV4({ consumer, provider: answering, dir, logLevel: 'error' })
    .addSynchronousInteraction(description)
    .given(example.title, {
      requester: requester.id,
      provider: provider.id,
      query: call.contract.id,
      example: example.name,
    })
    .withRequest((request) => request.withJSONContent(question))
    .withResponse((response) => response.withJSONContent(expected));
}

/**
 * Adds what pact-js 17 cannot write for synchronous messages (its `withMetadata` is refused by the core and dropped): the
 * verifier does read it, and fails a reply of another type.
 */
export function addMessageTypes(dir: string): void {
  for (const [name, pact] of readPacts(dir)) {
    for (const { request, response } of pact.interactions) {
      request.metadata['ce_type'] = MESSAGE_TYPES.request;
      for (const reply of response) reply.metadata['ce_type'] = MESSAGE_TYPES.reply;
    }
    writePact(dir, name, pact);
  }
}

export function readPacts(dir: string): Map<string, PactFile> {
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  return new Map(
    names.sort().map((name) => [name, JSON.parse(readFileSync(join(dir, name), 'utf8')) as PactFile]),
  );
}

export function writePact(dir: string, name: string, pact: PactFile): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), `${JSON.stringify(pact, null, 2)}\n`);
}
