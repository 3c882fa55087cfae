import { createHash } from 'node:crypto';
import { requestValidator, type Contract, type Purpose } from '#contracts';
import { checkBinding, type Opened } from '#envelope';
import { subjectCommitment, subjectRoot } from '#evidence';
import { type Question } from '#exchange';
import { HEADER, topics, type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { type AdapterParts } from '../adapter-parts.js';
import { type Asked } from './asked.js';

/**
 * Opens a question and proves it: sealed for this agency and this topic, in time, its intent in its sender's log, its body
 * and persons those that the intent commits to, and well-formed by its contract. Whatever is not is noted in the security
 * log and gets no answer.
 */
export async function openQuestion(parts: AdapterParts, topic: string, message: WireMessage): Promise<Asked> {
  try {
    return await read(parts, topic, message);
  } catch (error) {
    const problem = asUnverified(error);
    noteUnverified(parts, topic, message, problem);
    throw problem;
  }
}

/** What could not be believed goes to the security log with its code and hash, whichever step found it out. */
export function noteUnverified(
  { node, observe }: AdapterParts,
  topic: string,
  { headers, value }: WireMessage,
  problem: Problem,
): void {
  node.security.record({
    code: problem.problem,
    ...(headers['from'] !== undefined && { claimed: headers['from'] }),
    topic,
    hash: createHash('sha256').update(value).digest(),
  });
  observe.unverified(topic, problem);
}

async function read({ node, seen }: AdapterParts, topic: string, message: WireMessage): Promise<Asked> {
  const opened = await node.opener.open(topic, message);
  if (message.headers[HEADER.replyTopic] !== topics.reply(opened.from)) {
    throw new Problem('envelope-moved', { field: HEADER.replyTopic });
  }
  const question = parseQuestion(opened.body);
  checkBinding(opened, { subjectRoot: () => subjectRoot(exchangeKeyOf(opened), question.subjects) });
  node.peers.verify(opened.entry);
  seen.see(opened, node.clock());
  const requester = node.registry.current.agency(opened.from);
  if (!requester) throw new Problem('sender-unknown');
  const contract = node.contracts.find(question.query);
  checkQuestion(opened, contract, question);
  const traceparent = message.headers[HEADER.traceparent];
  return {
    exchange: opened.exchange,
    requester,
    contract,
    question,
    commitments: question.subjects.map(({ idType, normal }) =>
      subjectCommitment(node.epochKey, idType, normal),
    ),
    intent: opened.entry,
    intentPrivate: opened.privateLine!,
    deadline: Date.parse(opened.deadline),
    givenMs: Math.max(0, Date.parse(opened.deadline) - Date.parse(opened.publicLine.at)),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function exchangeKeyOf({ kx }: Opened): Buffer {
  if (!kx) throw new Problem('subjects-differ', { field: 'kx' });
  return kx;
}

function parseQuestion(body: Buffer): Question {
  try {
    return JSON.parse(body.toString('utf8')) as Question;
  } catch (error) {
    throw new Problem('envelope-spliced', { field: 'body', cause: error });
  }
}

/** The body says what the entry says, and nothing that its contract does not know: a gateway's checks are not relied on. */
function checkQuestion({ publicLine, privateLine }: Opened, contract: Contract, question: Question): void {
  const same = (holds: boolean, field: string): void => {
    if (!holds) throw new Problem('envelope-spliced', { field });
  };
  same(publicLine.query === question.query, 'query');
  same(publicLine.region === question.region, 'region');
  same(publicLine.subjects === question.subjects.length, 'subjects');
  same(samePurpose(privateLine?.purpose, question.purpose), 'purpose');
  same(
    question.subjects.every(({ position }, index) => position === index),
    'position',
  );
  if (requestValidator(contract)(asRequest(contract, question)))
    throw new Problem('envelope-spliced', { field: 'body' });
}

function samePurpose(recorded: Purpose | undefined, asked: Purpose): boolean {
  return (
    recorded?.code === asked.code && recorded.campaign === asked.campaign && recorded.case === asked.case
  );
}

/** The question in the words of its contract's request schema, so that one schema holds for both sides. */
function asRequest(
  { subject: kind }: Contract,
  { purpose, region, fields, params, subjects }: Question,
): unknown {
  return {
    requestId: '00000000-0000-4000-8000-000000000000',
    operatorId: 'gateway',
    purpose,
    region,
    ...(fields && { fields }),
    ...(Object.keys(params).length > 0 && { params }),
    subjects: subjects.map(({ idType, normal, claims }) => ({
      ...(kind === 'unit' ? { uscc: normal } : { idType, idNumber: normal }),
      ...(claims && { claims }),
    })),
  };
}

/** A message that cannot be read at all is a changed one; `overloaded` and the like stay what they are. */
function asUnverified(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('envelope-changed', { cause: error });
}
