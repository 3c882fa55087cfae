import { isDeepStrictEqual } from 'node:util';
import { type Contract, type SubjectResult } from '#contracts';
import { countAnswers, countRows, summarize, type AnswerBody } from '#exchange';
import { isProblemName, Problem } from '#problem';
import { releasedSchema } from '#sharing';
import { type GatewayParts } from '../parts.js';
import { hasAnswerShape } from './answer-shape.js';
import { type Call, type Plan } from './call.js';
import { type Disclosed, type Verified } from './verify-reply.js';

/**
 * Reads what the provider vouches for, and whether it is an answer to what was asked.
 * @throws Problem `provider-contract` or `provider-evidence`: only here, because only what was verified can have broken them
 */
export function validateReply(gateway: GatewayParts, call: Call, plan: Plan, verified: Verified): Disclosed {
  const disclosed = { ...verified, body: parseAnswer(verified.body) };
  checkAnswer(gateway, call, plan, disclosed);
  return disclosed;
}

/**
 * Does the answer hold what was granted and nothing else? A provider's bug is caught here: the body passes whole or not at
 * all, and what it wrongly held is dropped unread.
 */
function checkAnswer(gateway: GatewayParts, call: Call, plan: Plan, disclosed: Disclosed): void {
  const { body } = disclosed;
  if (!hasAnswerShape(body)) throw contractFault('/');
  checkHead(call, plan, body);
  checkFields(call, plan, body);
  const validate = gateway.validators.of(plan.decision.grant, plan.decision.fields, () =>
    releasedSchema(call.contract, plan.decision),
  );
  for (const result of body.results) checkResult(call, plan, result, validate, call.contract);
  checkEntry(call, disclosed);
}

function parseAnswer(body: Buffer): AnswerBody {
  try {
    return JSON.parse(body.toString('utf8')) as AnswerBody;
  } catch (error) {
    throw new Problem('provider-contract', { field: '/', cause: error });
  }
}

function checkHead(call: Call, plan: Plan, body: AnswerBody): void {
  if (body.source !== plan.provider.id) throw contractFault('/source');
  const positions = body.results.map(({ subject }) => subject);
  const complete =
    positions.length === call.subjects.length && positions.every((place, index) => place === index);
  const none = positions.length === 0 && (body.answer === 'refused' || body.answer === 'unavailable');
  if (!complete && !none) throw contractFault('/results');
  if (complete && summarize(body.results.map(({ answer }) => answer)) !== body.answer)
    throw contractFault('/answer');
  checkReasons(body, none);
}

/** Who gives nothing says why, in a word of ours; who gives something says it subject by subject. */
function checkReasons(body: AnswerBody, none: boolean): void {
  if (none !== (body.reason !== undefined)) throw contractFault('/reason');
  const reasons = [body, ...body.results].flatMap(({ reason }) => reason ?? []);
  if (!reasons.every(isProblemName)) throw contractFault('/reason');
}

/** What it says was released is what was granted, and nothing else of it was withheld than the contract's fields. */
function checkFields({ contract }: Call, { decision }: Plan, { fields, withheld }: AnswerBody): void {
  const granted = Object.entries(fields).every(([name, mode]) => decision.fields.get(name)?.release === mode);
  if (!granted) throw contractFault('/fields');
  const known = new Set(contract.fields.map(({ name }) => name));
  if (!withheld.every(({ field }) => known.has(field))) throw contractFault('/withheld');
}

/** The provider's log says of this answer what the answer says: everything counted is counted from there. */
function checkEntry({ subjects }: Call, { body, line, kept }: Disclosed): void {
  const { results, answer, bundle, heldBack, reason, fields, dataTime } = body;
  const outcomes = results.length > 0 ? countAnswers(results) : { [answer]: subjects.length };
  const said = { outcomes, rows: countRows(results), bundle, heldBack, reason, fields, dataTime };
  const logged = {
    ...{ outcomes: line.outcomes, rows: line.rows, bundle: line.bundle, heldBack: line.heldBack },
    ...{ reason: line.reason, fields: kept.fields, dataTime: kept.dataTime },
  };
  if (!isDeepStrictEqual(said, logged)) throw new Problem('provider-evidence', { field: '/receipt' });
}

function checkResult(
  call: Call,
  plan: Plan,
  result: SubjectResult,
  validate: (record: unknown) => boolean,
  contract: Contract,
): void {
  const at = `/results/${result.subject}`;
  const limit = Math.min(contract.maxRows, plan.decision.grant.rows.max);
  if (result.records.length > limit) throw contractFault(`${at}/records`);
  if ((result.answer === 'found') !== result.records.length > 0) throw contractFault(`${at}/answer`);
  if (!result.records.every(validate)) throw contractFault(`${at}/records`);
}

function contractFault(field: string): Problem {
  return new Problem('provider-contract', { field });
}
