import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { questions, type ProvinceDoors } from '#apps/demo';
import { ExchangeGatewayClient, GatewayError, type Attempt, type CallAnswer } from '#client';
import { type QueryRequest, type Subject } from '#contracts';
import { type ProblemDocument } from '#problem';
// Not by its door, which needs Jest: the soak asks these questions, too.
import { person } from '../../libs/testing/src/people.js';

/** Who asks whom: three bureaus' daily questions, each to one provider. */
export const KINDS = {
  social: { ...questions[0]!, provider: 'hrss-990000' },
  fund: { ...questions[2]!, provider: 'fund-990100' },
  registration: { ...questions[4]!, provider: 'housing-990000' },
} as const;
export type Kind = keyof typeof KINDS;

/** One call as the asking agency remembers it, with all its attempts. */
export interface Asked {
  kind: Kind;
  requester: string;
  provider: string;
  requestId: string;
  /** Milliseconds since the epoch. */
  begun: number;
  ms: number;
  deadlineMs: number;
  /** `answered`, or the name of the problem that the last attempt ended with. */
  ending: string;
  /** Failed tries that went before the ending; the client made them under the same request id. */
  attempts: readonly Attempt[];
  answer?: CallAnswer;
  refusal?: ProblemDocument;
}

export interface LoadOptions {
  /** Which questions, by how many askers each. */
  askers: Partial<Record<Kind, number>>;
  /** Deadline of each question, milliseconds; at most 60,000. Default 5,000. */
  deadlineMs?: number;
  /** An asker's pause between two questions, milliseconds; default 20. */
  pauseMs?: number;
  /** How long the client tries, milliseconds; default the deadline and ten seconds. */
  patienceMs?: number;
}

/** A question in so many is about a person with records, as long as the grants' 50 a day about one person allow. */
const KNOWN_EVERY = 4;
const KNOWN_QUESTIONS = 160;
let asked = 0;

/** Askers that ask one question after the other through the client, as an agency's system does, until they are stopped. */
export class Load {
  readonly history: Asked[] = [];
  private running = true;
  private readonly done: Promise<unknown>;

  constructor(doors: Pick<ProvinceDoors, 'keys' | 'gatewaysOf'>, options: LoadOptions) {
    const kinds = Object.entries(options.askers) as [Kind, number][];
    const all = kinds.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
    this.done = Promise.all(all.map((kind) => this.askOn(doors, kind, options)));
  }

  /** Resolves once so many of a kind, or of all, have been answered since the call. @throws Error after `patienceMs` */
  async answers(count: number, kind?: Kind, patienceMs = 120_000): Promise<void> {
    const from = this.history.length;
    const end = Date.now() + patienceMs;
    const answered = (one: Asked): boolean => one.ending === 'answered' && (!kind || one.kind === kind);
    for (; this.history.slice(from).filter(answered).length < count; await sleep(20)) {
      if (Date.now() > end) throw new Error(`not ${count} answers within ${patienceMs} ms`);
    }
  }

  /** Ends after the questions that are under way; gives everything that was asked. */
  async stop(): Promise<readonly Asked[]> {
    this.running = false;
    await this.done;
    return this.history;
  }

  private async askOn(
    doors: Pick<ProvinceDoors, 'keys' | 'gatewaysOf'>,
    kind: Kind,
    options: LoadOptions,
  ): Promise<void> {
    const { pauseMs = 20 } = options;
    while (this.running) {
      this.history.push(await ask(doors, kind, options));
      await sleep(pauseMs);
    }
  }
}

/** Asks one question and never throws: what came of it is what is remembered. */
export async function ask(
  doors: Pick<ProvinceDoors, 'keys' | 'gatewaysOf'>,
  kind: Kind,
  { deadlineMs = 5_000, patienceMs = deadlineMs + 10_000 }: Partial<LoadOptions> = {},
): Promise<Asked> {
  const { requester, provider, query } = KINDS[kind];
  const request = requestOf(kind, deadlineMs);
  const attempts: Attempt[] = [];
  const begun = Date.now();
  const common = { kind, requester, provider, requestId: request.requestId, begun, deadlineMs, attempts };
  const client = clientFor(doors, requester, patienceMs, attempts);
  try {
    const answer = await client.ask(query, request);
    return { ...common, ms: Date.now() - begun, ending: 'answered', answer };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { problem, document } = error;
    return { ...common, ms: Date.now() - begun, ending: problem ?? document.type, refusal: document };
  }
}

function clientFor(
  { keys, gatewaysOf }: Pick<ProvinceDoors, 'keys' | 'gatewaysOf'>,
  requester: string,
  timeoutMs: number,
  attempts: Attempt[],
): ExchangeGatewayClient {
  const { id: keyId, privateKey } = keys.stores.get(requester)!.current('http-signature', Date.now())!;
  return new ExchangeGatewayClient({
    ...{ gateways: gatewaysOf(requester), keyId, privateKey, timeoutMs },
    onRetry: (attempt) => void attempts.push(attempt),
  });
}

function requestOf(kind: Kind, deadlineMs: number): QueryRequest {
  return {
    ...KINDS[kind].request,
    requestId: randomUUID(),
    subjects: [subjectOf(kind, asked++)],
    deadlineMs,
  };
}

function subjectOf(kind: Kind, n: number): Subject {
  const { subjects } = KINDS[kind].request;
  const isKnown = n % KNOWN_EVERY === 0 && n < KNOWN_QUESTIONS;
  return isKnown ? subjects[n % subjects.length]! : { idType: 'citizen-id', idNumber: person(n).idNumber };
}
