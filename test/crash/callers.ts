import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { questions, type DemoQuestion } from '#apps/demo';
import { type CallAnswer } from '#client';
import { type QueryRequest, type Subject } from '#contracts';
import { signRequest } from '#identity';
import { samplePersons } from '#synthetic';
import { person } from '#testing';
import { type Shown } from './record.js';
import { keysOf, type Surface } from './surface.js';

/** One call as the asking agency remembers it. */
export interface Asked {
  requester: string;
  query: string;
  request: QueryRequest;
  /** Milliseconds since the epoch. */
  begun: number;
  ms: number;
  /** Absent when the connection ended without an answer. */
  status?: number;
  body?: unknown;
}

export type Question = Pick<Asked, 'requester' | 'query' | 'request'>;

export type Answered = Asked & { status: 200; body: CallAnswer };

/** The bureaus' questions under load: housing asks 人社, 人社 and a fund centre ask housing. */
const KINDS = [questions[0]!, questions[4]!, questions[5]!];
/** Every so many questions one is about a person with records; all others are about a person of their own. */
const KNOWN_EVERY = 8;
const KNOWN = samplePersons.slice(0, 4);
let persons = 0;

/** The next question of whoever's turn it is, about somebody else than the last one. */
export function nextQuestion(deadlineMs: number): Question {
  return questionFor(KINDS[persons % KINDS.length]!, deadlineMs);
}

/** The next question of one of the three bureaus. */
export function questionOf(requester: string, deadlineMs = 10_000): Question {
  return questionFor(
    KINDS.find((kind) => kind.requester === requester)!,
    deadlineMs,
  );
}

function questionFor({ requester, query, request }: DemoQuestion, deadlineMs: number): Question {
  const n = persons++;
  const { idKind, idNumber } = KNOWN[Math.floor(n / KNOWN_EVERY) % KNOWN.length]!;
  const stranger = person(n);
  const subject: Subject =
    n % KNOWN_EVERY === 0
      ? { idType: idKind, idNumber }
      : { idType: stranger.idType, idNumber: stranger.idNumber };
  return {
    requester,
    query,
    request: { ...request, requestId: randomUUID(), subjects: [subject], deadlineMs },
  };
}

/** Nobody else is asked about this person, so that what was disclosed of them is what came of this question. */
export function isOfItsOwn({ request: { subjects } }: Asked): boolean {
  const [subject] = subjects as { idNumber: string }[];
  return KNOWN.every(({ idNumber }) => idNumber !== subject!.idNumber);
}

/** Asks once, as the agency's system would, and never throws: what came of it is what is remembered. */
export async function ask(
  surface: Surface,
  { requester, query, request }: Question,
  clock: () => number = Date.now,
): Promise<Asked> {
  const url = `${surface.urls.get(requester)!}/v1/queries/${query}`;
  const body = JSON.stringify(request);
  const { id: keyId, privateKey } = keysOf(surface, requester).current('http-signature', clock())!;
  const begun = Date.now();
  const headers = signRequest({ method: 'POST', url, body, keyId, privateKey, now: clock() });
  const asked = { requester, query, request, begun };
  try {
    const response = await fetch(url, { method: 'POST', headers, body });
    const answer: unknown = await response.json();
    return { ...asked, ms: Date.now() - begun, status: response.status, body: answer };
  } catch {
    return { ...asked, ms: Date.now() - begun }; // the process is gone; whether it answered is what the spec looks at
  }
}

/** Callers that ask one question after the other until stopped. */
export class Callers {
  readonly history: Asked[] = [];
  private running = true;
  private readonly done: Promise<unknown>;

  constructor(surface: Surface, { callers = 32, deadlineMs = 3_000 } = {}) {
    const one = async (): Promise<void> => {
      while (this.running) {
        const asked = await ask(surface, nextQuestion(deadlineMs));
        this.history.push(asked);
        if (asked.status === undefined) return;
        if (asked.status !== 200) await sleep(20);
      }
    };
    this.done = Promise.all(Array.from({ length: callers }, one));
  }

  /** Resolves once so many were answered. */
  async answered(count: number): Promise<void> {
    while (this.history.filter(isAnswered).length < count) await sleep(20);
  }

  /** Ends after the questions that are under way; gives everything that was asked. */
  async stop(): Promise<Asked[]> {
    this.running = false;
    await this.done;
    return this.history;
  }
}

export function isAnswered(asked: Asked): asked is Answered {
  return asked.status === 200;
}

/** Everything that was answered, for the books to bear out. */
export function shownIn(history: readonly Asked[]): Shown[] {
  return history.filter(isAnswered).map(({ requester, body }) => ({ requester, exchanges: body.exchanges }));
}

/** How often each way to end occurred: a status with the problem's code, or `lost`. */
export function endings(history: readonly Asked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of history) {
    const code = (body as { code?: number } | undefined)?.code;
    const ending = [status ?? 'lost', ...(code === undefined ? [] : [code])].join(' ');
    counts[ending] = (counts[ending] ?? 0) + 1;
  }
  return counts;
}
