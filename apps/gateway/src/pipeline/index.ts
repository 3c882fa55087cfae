import { inSpan } from '#observability';
import { Problem } from '#problem';
import { type WireMessage } from '#messaging';
import { type GatewayParts } from '../parts.js';
import { ask } from './ask.js';
import { disclosing, type Answered, type Exchanged } from './answered.js';
import { authorize, isPlan } from './authorize.js';
import { type Call, type IncomingQuery, type Plan, type Refusal } from './call.js';
import { identify } from './identify.js';
import { isOwnFailure } from './own-failures.js';
import { recordIntent, type Intent } from './record-intent.js';
import {
  recordBadInput,
  recordFailure,
  recordOutcome,
  recordRefusal,
  recordReplay,
} from './record-outcome.js';
import { answerOf, failureOf, refusalOf, respond } from './respond.js';
import { smooth } from './smooth.js';
import { validate } from './validate.js';
import { validateReply } from './validate-reply.js';
import { verifyReply, type Refusals } from './verify-reply.js';

/**
 * The way of one question through its gateway: identify ▸ validate ▸ authorize, then for each provider smooth ▸
 * record intent ▸ ask, until a reply can be verified ▸ validate the reply ▸ record outcome, then respond.
 * Each step is one file of this folder, in that order, and one span of the question's trace. A step that cannot do its work throws a Problem; nothing after it runs.
 */
export async function answerQuery(gateway: GatewayParts, incoming: IncomingQuery): Promise<Answered> {
  const asker = await inSpan('identify', {}, () => identify(gateway, incoming, incoming.body));
  try {
    const call = inSpan('validate', {}, () => validate(gateway, asker, incoming));
    const { answered, replayed } = await gateway.calls.once(call, async () => {
      const items = inSpan('authorize', { call: call.id }, () => authorize(gateway, call));
      return respond(call, await Promise.all(items.map((item) => oneExchange(gateway, call, item))));
    });
    return replayed ? await replay(gateway, call, answered) : answered;
  } catch (error) {
    throw await recorded(gateway, asker, error);
  }
}

function oneExchange(gateway: GatewayParts, call: Call, item: Plan | Refusal): Promise<Exchanged> {
  const fields = { exchange: item.exchange, to: item.provider.id, query: call.contract.id };
  return inSpan('exchange', fields, () => exchange(gateway, call, item));
}

async function exchange(gateway: GatewayParts, call: Call, decided: Plan | Refusal): Promise<Exchanged> {
  const item = isPlan(decided) ? await inSpan('smooth', {}, () => smooth(gateway, call, decided)) : decided;
  if (!isPlan(item)) {
    const refusal = () => recordRefusal(gateway, call, item);
    return { answer: refusalOf(item), trail: await inSpan('record outcome', {}, refusal) };
  }
  const intent = await inSpan('record intent', {}, () => recordIntent(gateway, call, item));
  gateway.late.asked(item.exchange, call.deadline);
  try {
    return await askAndCheck(gateway, call, item, intent);
  } catch (error) {
    const { problem } = Problem.from(error);
    gateway.observe.failed(call, item, error);
    const failure = () => recordFailure(gateway, call, item, intent, problem);
    return { answer: failureOf(item, problem), trail: await inSpan('record outcome', { problem }, failure) };
  }
}

async function askAndCheck(
  gateway: GatewayParts,
  call: Call,
  plan: Plan,
  intent: Intent,
): Promise<Exchanged> {
  const refusals: Refusals = {};
  const verify = (reply: WireMessage) =>
    inSpan('verify reply', {}, () => verifyReply(gateway, call, plan, intent, reply, refusals));
  const verified = await inSpan('ask', { to: plan.provider.id }, () =>
    ask(gateway, call, plan, intent, verify, refusals),
  );
  const disclosed = inSpan('validate reply', {}, () => validateReply(gateway, call, plan, verified));
  const trail = await inSpan('record outcome', {}, () =>
    recordOutcome(gateway, call, plan, intent, disclosed),
  );
  gateway.late.answered(plan.exchange);
  const { quota } = disclosed.body;
  if (quota) gateway.quotas.report(plan.provider.id, call.contract.id, call.request.purpose.code, quota);
  return { answer: answerOf(plan, disclosed), trail };
}

/**
 * What a known agency sent and did not become an exchange is recorded with its code before it is refused, also where that is
 * nobody's fault of here: nobody to ask, or a request of the same id that was not answered in time. A failure of this node
 * is no refusal, and one of its log could not be recorded.
 */
async function recorded(gateway: GatewayParts, asker: Call['asker'], error: unknown): Promise<Problem> {
  const problem = Problem.from(error);
  if (!isOwnFailure(problem)) await recordBadInput(gateway, asker, problem.problem);
  return problem;
}

/** A stored answer leaves only if the scheme in force still allows it, and only after that is recorded. */
async function replay(gateway: GatewayParts, call: Call, answered: Answered): Promise<Answered> {
  requireStillGranted(gateway, call, answered);
  requireSameBundles(gateway, answered);
  await Promise.all(answered.trails.map((trail) => recordReplay(gateway, call, trail)));
  return { ...answered, body: { ...answered.body, replayed: true } };
}

/** Who told nothing then gives nothing now: only the providers whose answers are given again have to allow it. */
function requireStillGranted(gateway: GatewayParts, call: Call, answered: Answered): void {
  const decided = new Map(authorize(gateway, call).map((item) => [item.provider.id, item]));
  for (const { provider } of disclosing(answered)) {
    const item = decided.get(provider);
    if (!item) throw new Problem('provider-missing', { field: '/region' });
    if (!isPlan(item)) throw new Problem(item.problem, { field: item.field });
  }
}

/** Another bundle may mask more, or grant fewer fields or regions: what an earlier one released is not given again under it. */
function requireSameBundles({ node }: GatewayParts, answered: Answered): void {
  const changed = disclosing(answered).some(
    ({ provider, bundle }) => (node.bundles.active(provider)?.number ?? 0) > bundle,
  );
  if (changed) throw new Problem('bundle-changed', { detail: 'ask again under another requestId' });
}
