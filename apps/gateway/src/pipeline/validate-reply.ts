import { type Contract, type SubjectResult } from '#contracts';
import { type AnswerBody } from '#exchange';
import { Problem } from '#problem';
import { releasedSchema } from '#sharing';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';
import { type Disclosed } from './verify-reply.js';

/**
 * Does the answer hold what was granted and nothing else? A provider's bug is caught here: the body passes whole or not at
 * all, and what it wrongly held is dropped unread.
 */
export function validateReply(gateway: GatewayParts, call: Call, plan: Plan, { body }: Disclosed): void {
  checkHead(call, plan, body);
  const validate = gateway.validators.of(plan.decision.grant, plan.decision.fields, () =>
    releasedSchema(call.contract, plan.decision),
  );
  for (const result of body.results) checkResult(call, plan, result, validate, call.contract);
}

function checkHead(call: Call, plan: Plan, body: AnswerBody): void {
  if (body.source !== plan.provider.id) throw contractFault('/source');
  const positions = body.results.map(({ subject }) => subject);
  const complete =
    positions.length === call.subjects.length && positions.every((place, index) => place === index);
  const none = positions.length === 0 && (body.answer === 'refused' || body.answer === 'unavailable');
  if (!complete && !none) throw contractFault('/results');
  if (none && body.reason === undefined) throw contractFault('/reason');
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
