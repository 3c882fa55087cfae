import { type WireMessage } from '#messaging';
import { inSpan } from '#observability';
import { Problem } from '#problem';
import { type AdapterParts } from '../adapter-parts.js';
import { answerOf, refusalOf } from './answer.js';
import { type Asked } from './asked.js';
import { authorize, type Authorized } from './authorize.js';
import { countNone } from './count-none.js';
import { lookUp } from './look-up.js';
import { noteSearch } from './note-search.js';
import { noteUnverified, openQuestion } from './open-question.js';
import { type Disclosed } from './disclosed.js';
import { recordDisclosure } from './record-disclosure.js';
import { releaseAll } from './release.js';
import { reserveQuota } from './reserve-quota.js';
import { sealReply } from './seal-reply.js';
import { requireRecordable, requireTime, TooLate } from './time-left.js';

/** How often a bundle may change under one exchange before it is given up. */
const ATTEMPTS = 3;

/**
 * The way of one question through its provider: open and verify ▸ authorize by the own bundle ▸ reserve quota ▸
 * look up granted fields ▸ release ▸ count none ▸ record disclosure ▸ seal. Each step is one file of this folder, in that order, and one
 * span of the question's trace.
 * A question that cannot be verified gets no answer: it goes to the security log.
 */
export async function answerQuestion(
  parts: AdapterParts,
  topic: string,
  message: WireMessage,
): Promise<WireMessage> {
  const started = performance.now();
  const asked = await inSpan('open question', {}, () => openQuestion(parts, topic, message));
  try {
    const disclosed = await parts.repeats.once(asked, () => disclose(parts, asked));
    const reply = await inSpan('seal reply', {}, () => sealReply(parts, asked, disclosed));
    parts.observe.sealed(asked, started);
    return reply;
  } catch (error) {
    // The exchange is another intent's: only the log, or who answered it, can tell.
    if (error instanceof Problem && error.problem === 'envelope-replayed')
      noteUnverified(parts, topic, message, error);
    throw error;
  }
}

async function disclose(parts: AdapterParts, asked: Asked): Promise<Disclosed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await decideAndDisclose(parts, asked);
    } catch (error) {
      if (!(error instanceof Problem) || error.problem !== 'bundle-changed' || attempt === ATTEMPTS)
        throw error;
      await parts.node.bundles.refresh(parts.node.agency.id);
    }
  }
}

async function decideAndDisclose(parts: AdapterParts, asked: Asked): Promise<Disclosed> {
  const { node } = parts;
  let authorized: Authorized | undefined;
  try {
    const granted = (authorized = inSpan('authorize', {}, () => authorize(parts, asked)));
    requireTime(parts, asked);
    const quota = await inSpan('reserve quota', {}, () => reserveQuota(parts, asked, granted));
    const reply = await inSpan('look up', {}, () => lookUp(parts, asked, granted));
    const released = inSpan('release', {}, () => releaseAll(parts, asked, granted, reply));
    await countNone(parts, asked, granted, released);
    const answer = answerOf(node.agency.id, granted, reply, released, quota);
    return await record(parts, asked, answer, released.persons, granted.decision.grant.basis);
  } catch (error) {
    if (cannotBeRecorded(error)) throw error;
    parts.observe.refused(asked, error);
    noteSearch(parts, asked, error);
    const bundle = authorized?.bundle ?? node.bundles.active(node.agency.id)?.number ?? 0;
    return record(parts, asked, refusalOf(node.agency.id, bundle, error), [], []);
  }
}

/** Refusals are disclosures too: after its time none is recorded, whether it is late here or in the log. */
async function record(...of: Parameters<typeof recordDisclosure>): Promise<Disclosed> {
  const [{ node }, asked] = of;
  requireRecordable(node, asked);
  try {
    return await inSpan('record disclosure', {}, () => recordDisclosure(...of));
  } catch (error) {
    const isLate = error instanceof Problem && error.problem === 'provider-timeout';
    throw isLate ? new TooLate('provider-timeout', { cause: error }) : error;
  }
}

/** Failures of the log itself, and of its bond to the bundle and to the intent, must not be answered as if they were refusals. */
function cannotBeRecorded(error: unknown): boolean {
  if (error instanceof TooLate) return true;
  return (
    error instanceof Problem &&
    [
      ...['bundle-changed', 'log-unavailable', 'log-fenced', 'log-tampered', 'log-behind-edge'],
      ...['envelope-replayed', 'answered-elsewhere'],
    ].includes(error.problem)
  );
}
