import { isDeepStrictEqual } from 'node:util';
import { bodyHash, verifyReceipt, type ReceiptCheck, type ReceiptFinding } from '#evidence';
import {
  countAnswers,
  countRows,
  encodeAnswer,
  isAnswered,
  summarizeCall,
  type AnswerBody,
  type CallAnswer,
  type ExchangeAnswer,
} from '#exchange';
import { type LogTrust, verifiersFor } from './log-trust.js';

/** Why a receipt does not vouch for the answer it came with. */
export interface EvidenceFinding {
  what:
    | ReceiptFinding['what']
    | 'receipt-missing'
    | 'log-unknown'
    | 'other-kind'
    | 'other-exchange'
    | 'other-provider'
    | 'other-requester'
    | 'other-query'
    | 'other-bundle'
    | 'counts-differ'
    | 'fields-differ'
    | 'values-differ'
    | 'call-differs';
  detail?: string;
}

/** One exchange and whether its provider's log vouches for it. */
export interface VerifiedExchange {
  exchange: string;
  provider: string;
  verified: boolean;
  findings: EvidenceFinding[];
  /** Where it stands, as far as the receipt says so. */
  log?: { origin: string; index: number; size: number };
}

const NONCE_BYTES = 16;

/**
 * Checks, offline, the receipt of every exchange that was answered: that it is in a log of that provider signed by a trusted
 * key, and that the entry is about this exchange, asker, query and bundle and counts the same answers, rows and fields.
 * The values themselves are held against the nonced hash in its private line: not one of them can be another.
 * @param requester agency that asked
 */
export function verifyAnswer(
  answer: CallAnswer<object>,
  requester: string,
  trust: LogTrust,
): VerifiedExchange[] {
  return answer.exchanges
    .filter((exchange) => isAnswered(exchange) || exchange.receipt !== undefined)
    .map((exchange) => verifyExchange(exchange as ExchangeAnswer, answer.query, requester, trust));
}

/** Members of a call's answer that follow from its exchanges, and the exchanges themselves. */
const COVERED: ReadonlySet<string> = new Set(['query', 'answer', 'exchanges', 'missing']);

/**
 * What the gateway says about a call as a whole, held against its exchanges: it adds nothing of its own to them.
 * @returns `findings`: one for each member that its exchanges do not give; `notCovered`: members and providers without an answer of
 *   which no log says anything
 */
export function verifyCall(answer: CallAnswer<object>): {
  findings: EvidenceFinding[];
  notCovered: string[];
} {
  const { exchanges, answer: said, missing = [] } = answer;
  const own = summarizeCall(exchanges);
  const differing = [
    ...(said === own.answer ? [] : ['answer']),
    ...(sameNames(missing, own.missing ?? []) ? [] : ['missing']),
  ];
  const silent = exchanges.filter(({ receipt }) => receipt === undefined).map(({ provider }) => provider);
  return {
    findings: differing.map((detail) => ({ what: 'call-differs', detail })),
    notCovered: [...Object.keys(answer).filter((name) => !COVERED.has(name)), ...silent],
  };
}

/** {@link verifyReceipt} with the keys that are trusted for the log and tree size that the receipt names. */
export function verifyReceiptBy(receipt: unknown, trust: LogTrust): ReceiptCheck {
  const proof = (receipt as { proof?: unknown } | null)?.proof;
  const note = typeof proof === 'string' ? proof.slice(proof.indexOf('\n\n') + 2) : '';
  return verifyReceipt(receipt, verifiersFor(trust, note));
}

function verifyExchange(
  exchange: ExchangeAnswer,
  query: string,
  requester: string,
  trust: LogTrust,
): VerifiedExchange {
  const { exchange: id, provider, receipt } = exchange;
  if (!receipt) return { exchange: id, provider, verified: false, findings: [{ what: 'receipt-missing' }] };
  const check = verifyReceiptBy(receipt, trust);
  const findings = [...check.findings, ...bindingFindings(check, exchange, { query, requester, trust })];
  const { checkpoint, index } = check;
  return {
    exchange: id,
    provider,
    verified: findings.length === 0,
    findings,
    ...(checkpoint &&
      index !== undefined && { log: { origin: checkpoint.origin, index, size: checkpoint.size } }),
  };
}

interface Expected {
  query: string;
  requester: string;
  trust: LogTrust;
}

function bindingFindings(
  { entry, private: kept }: ReceiptCheck,
  answer: ExchangeAnswer,
  { query, requester, trust }: Expected,
): EvidenceFinding[] {
  if (!entry) return [];
  const expectations: [EvidenceFinding['what'], boolean][] = [
    ['other-kind', entry.kind === 'disclosure'],
    ['other-exchange', entry.exchange === answer.exchange],
    ['other-provider', entry.from === answer.provider && trust.owner(entry.origin) === answer.provider],
    ['other-requester', entry.to === requester],
    ['other-query', entry.query === query],
    ['other-bundle', entry.bundle === answer.bundle],
    ['counts-differ', sameCounts(entry, answer)],
    ['fields-differ', kept?.fields === undefined || sameMembers(kept.fields, answer.fields)],
  ];
  const broken = expectations.filter(([, holds]) => !holds).map(([what]) => ({ what }));
  return [...broken, ...valueFindings(kept?.bodyHash, answer)];
}

function sameCounts(
  { outcomes = {}, rows = 0, heldBack = 0, subjects = 0 }: NonNullable<ReceiptCheck['entry']>,
  { answer, results, heldBack: held }: ExchangeAnswer,
): boolean {
  const counted = results.length > 0 ? countAnswers(results) : { [answer]: subjects };
  return sameMembers(outcomes, counted) && rows === countRows(results) && heldBack === held;
}

/** Without the private line, or once it is erased, nothing vouches for the values. */
function valueFindings(recorded: string | undefined, answer: ExchangeAnswer): EvidenceFinding[] {
  if (recorded === undefined) return [{ what: 'values-differ', detail: 'the receipt has no bodyHash' }];
  const { exchange: _exchange, provider, receipt: _receipt, bodyNonce, ...body } = answer;
  const nonce = Buffer.from(typeof bodyNonce === 'string' ? bodyNonce : '', 'base64url');
  if (nonce.length !== NONCE_BYTES) return [{ what: 'values-differ', detail: 'the answer has no bodyNonce' }];
  const bytes = canonical({ ...body, source: provider });
  const same = bytes !== undefined && bodyHash(nonce, bytes).toString('base64url') === recorded;
  return same ? [] : [{ what: 'values-differ' }];
}

/** Undefined for what has no canonical form (lone surrogates, endless depth): no log has committed to it. */
function canonical(body: AnswerBody): Buffer | undefined {
  try {
    return encodeAnswer(body);
  } catch {
    return undefined;
  }
}

function sameNames(one: unknown, other: readonly string[]): boolean {
  return Array.isArray(one) && isDeepStrictEqual(one.toSorted(), other.toSorted());
}

function sameMembers(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
