import { type Piece, type PieceKind } from './piece.js';

const TERMS = { query: 'HR-SI-01@1', region: '990100', subjects: 2, deadline: '2026-03-02T01:00:10.000Z' };

export const changed = (one: Piece, more: Partial<Piece>): Piece => ({ ...one, ...more });

export function piece(kind: PieceKind, more: Partial<Piece> = {}): Piece {
  const toProvider = { from: 'housing-1', to: 'hrss-1', origin: 'housing-1/gateway/0' };
  const back = { from: 'hrss-1', to: 'housing-1', origin: 'hrss-1/adapter/0' };
  const parties = kind === 'disclosure' ? back : toProvider;
  return {
    kind,
    index: 0,
    leaf: `leaf-of-${kind}`,
    at: '2026-03-02T01:00:00.000Z',
    ...parties,
    ...TERMS,
    ...more,
  };
}

export const outcomes = { found: 1, none: 1 };
export const intent = piece('intent');
export const disclosure = piece('disclosure', { parent: 'leaf-of-intent', outcomes });
export const outcome = piece('outcome', { parent: 'leaf-of-intent', answer: 'leaf-of-disclosure', outcomes });
export const nothing = piece('outcome', {
  parent: 'leaf-of-intent',
  outcomes: { unavailable: 2 },
  reason: 'provider-timeout',
});
export const acknowledgement = piece('outcome', {
  ...{ parent: 'leaf-of-intent', answer: 'leaf-of-disclosure', outcomes: { unavailable: 2 }, late: true },
  ...{ index: 2, leaf: 'leaf-of-acknowledgement', reason: 'provider-timeout' },
});
export const unknown = changed(nothing, { outcomes: { unknown: 2 }, reason: 'unknown' });
export const refusal = piece('outcome', { outcomes: { refused: 2 }, reason: 'not-granted' });
export const replay = piece('outcome', { parent: 'leaf-1', answer: 'leaf-2', outcomes, replayed: true });

export function without(one: Piece, field: keyof Piece): Piece {
  const { [field]: _left, ...rest } = one;
  return rest as Piece;
}
