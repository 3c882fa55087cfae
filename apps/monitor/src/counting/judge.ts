import { cameInTime } from '#evidence';
import { partiesOf, type Piece } from './piece.js';

/** What the logs hold of one exchange. */
export interface Pieces {
  intent?: Piece;
  disclosure?: Piece;
  outcome?: Piece;
  /** The requester's word that the disclosure came after its outcome had said that nothing did. */
  acknowledgement?: Piece;
  /** A second entry of a kind, or one in a log of an agency that it does not speak of. */
  strays?: Piece[];
}

/** Why an exchange does not reconcile; the first of several is the one it is counted under. */
export const FAULTS = [
  'wrong-log',
  'duplicate',
  'intent-missing',
  'disclosure-missing',
  'outcome-missing',
  'terms-differ',
  'disclosure-parent-differs',
  'outcome-parent-differs',
  'disclosure-unacknowledged',
  'answer-differs',
  'counts-differ',
  'replay-unmatched',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Outcomes that say that nothing came. */
const NOTHING_CAME = new Set(['unavailable', 'unknown']);
/** Outcomes of what was never asked. */
const NEVER_ASKED = new Set(['refused', ...NOTHING_CAME]);

/**
 * Whether intent, disclosure and outcome of an exchange match; an empty list says that they do. Pure: time is not its
 * business, an exchange that is still under way has faults until its deadline is over.
 */
export function judge(pieces: Pieces): Fault[] {
  const found = new Set<Fault>([...strayFaults(pieces), ...ownFaults(pieces)]);
  return FAULTS.filter((fault) => found.has(fault));
}

/** The entry of another exchange that a replayed answer repeats: disclosure, or intent when nothing had come. */
export function replayOf({ outcome }: Pieces): string | undefined {
  return outcome?.replayed ? (outcome.answer ?? outcome.parent) : undefined;
}

function ownFaults(pieces: Pieces): Fault[] {
  const { outcome, acknowledgement } = pieces;
  if (outcome?.replayed) return replayFaults(pieces);
  if (isEarlyRefusal(pieces)) return [];
  return [
    ...missing(pieces),
    ...termFaults(pieces),
    ...parentFaults(pieces),
    ...answerFaults(pieces),
    ...(acknowledgement ? acknowledgementFaults(pieces, acknowledgement) : []),
  ];
}

function strayFaults({ strays = [] }: Pieces): Fault[] {
  return strays.map((stray) => (isInOwnLog(stray) ? 'duplicate' : 'wrong-log'));
}

/** An entry speaks for the agency whose log it is in. */
export function isInOwnLog({ origin, from }: Piece): boolean {
  return origin.startsWith(`${from}/`);
}

/** A replay is an exchange of its own, with nothing but its outcome; what it repeats is looked up among the others. */
function replayFaults(pieces: Pieces): Fault[] {
  if (pieces.intent || pieces.disclosure || pieces.acknowledgement) return ['terms-differ'];
  return replayOf(pieces) === undefined ? [] : ['replay-unmatched'];
}

function isEarlyRefusal({ intent, disclosure, outcome, acknowledgement }: Pieces): boolean {
  if (intent || disclosure || acknowledgement || !outcome) return false;
  return outcome.parent === undefined && outcome.answer === undefined && saysOnly(outcome, NEVER_ASKED);
}

function missing({ intent, disclosure, outcome, acknowledgement }: Pieces): Fault[] {
  const isUnanswered =
    outcome !== undefined && outcome.answer === undefined && saysOnly(outcome, NOTHING_CAME);
  const needsNone = isUnanswered && acknowledgement === undefined;
  return [
    ...(intent ? [] : ['intent-missing' as const]),
    ...(disclosure || needsNone ? [] : ['disclosure-missing' as const]),
    ...(outcome ? [] : ['outcome-missing' as const]),
  ];
}

/** Who, what, where, how many, until when: the same in every entry of an exchange. */
function termFaults({ intent, disclosure, outcome, acknowledgement }: Pieces): Fault[] {
  const pieces = [intent, disclosure, outcome, acknowledgement];
  const terms = pieces.filter((piece) => piece !== undefined).map(termsOf);
  return terms.some((one) => one !== terms[0]) ? ['terms-differ'] : [];
}

function termsOf(piece: Piece): string {
  const { requester, provider } = partiesOf(piece);
  const { query, region, subjects, deadline } = piece;
  return JSON.stringify([requester, provider, query, region, subjects, deadline]);
}

function parentFaults({ intent, disclosure, outcome, acknowledgement }: Pieces): Fault[] {
  if (!intent) return [];
  const isStray = (piece: Piece | undefined): boolean => piece !== undefined && piece.parent !== intent.leaf;
  return [
    ...(isStray(disclosure) ? ['disclosure-parent-differs' as const] : []),
    ...(isStray(outcome) || isStray(acknowledgement) ? ['outcome-parent-differs' as const] : []),
  ];
}

/**
 * Data left, or was refused, by the provider's word: the requester's word has to be the same, or that it came too late. What
 * came in time and could not be used did not come late.
 */
function answerFaults({ disclosure, outcome, acknowledgement }: Pieces): Fault[] {
  if (!disclosure || !outcome) return [];
  if (outcome.answer === undefined)
    return acknowledgement && !cameInTime(outcome.reason) ? [] : ['disclosure-unacknowledged'];
  if (outcome.answer !== disclosure.leaf) return ['answer-differs'];
  return countsOf(outcome) === countsOf(disclosure) ? [] : ['counts-differ'];
}

/** It says of the disclosure that it came, and of the asker what the outcome said of him: that he got nothing. */
function acknowledgementFaults({ disclosure, outcome }: Pieces, acknowledgement: Piece): Fault[] {
  const isSecond = outcome?.answer !== undefined;
  const isOther = disclosure !== undefined && acknowledgement.answer !== disclosure.leaf;
  const saysNothingCame = saysOnly(acknowledgement, NOTHING_CAME);
  const isOwnWord = !outcome || isSecond || isSame(outcome, acknowledgement);
  return [
    ...(isSecond ? ['duplicate' as const] : []),
    ...(isOther ? ['answer-differs' as const] : []),
    ...(saysNothingCame && isOwnWord ? [] : ['counts-differ' as const]),
  ];
}

function isSame(outcome: Piece, acknowledgement: Piece): boolean {
  return countsOf(outcome) === countsOf(acknowledgement) && outcome.reason === acknowledgement.reason;
}

function countsOf({ outcomes = {} }: Piece): string {
  const counted = Object.entries(outcomes).filter(([, count]) => count > 0);
  return JSON.stringify(counted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function saysOnly({ outcomes = {} }: Piece, words: ReadonlySet<string>): boolean {
  const said = Object.entries(outcomes).filter(([, count]) => count > 0);
  return said.length > 0 && said.every(([word]) => words.has(word));
}
