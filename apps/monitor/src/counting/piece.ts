import { type EntryKind, type PublicLine } from '#evidence';

export type PieceKind = Extract<EntryKind, 'intent' | 'disclosure' | 'outcome'>;

/** What the monitor keeps of one entry of an exchange: enough to match it, and to find it. */
export interface Piece {
  kind: PieceKind;
  origin: string;
  index: number;
  /** Leaf hash, unpadded base64url. */
  leaf: string;
  at: string;
  deadline?: string;
  from: string;
  to: string;
  query?: string;
  region?: string;
  subjects?: number;
  parent?: string;
  answer?: string;
  outcomes?: Record<string, number>;
  reason?: string;
  replayed?: true;
  /** An outcome that is the exchange's late acknowledgement. */
  late?: true;
}

/** A line as it stands in a log. */
export interface PlacedLine {
  line: PublicLine;
  index: number;
  leaf: Buffer;
}

const KINDS: ReadonlySet<string> = new Set<PieceKind>(['intent', 'disclosure', 'outcome']);

/** The piece that a line is of its exchange; undefined for a line that belongs to none. */
export function pieceOf({ line, index, leaf }: PlacedLine): Piece | undefined {
  if (!KINDS.has(line.kind)) return undefined;
  const {
    v: _v,
    priv: _priv,
    bundle: _bundle,
    rows: _rows,
    heldBack: _held,
    exchange: _exchange,
    ...kept
  } = line;
  return { ...kept, kind: line.kind as PieceKind, index, leaf: leaf.toString('base64url') };
}

/** As what a piece stands among those of its exchange. */
export function placeOf({ kind, late }: Pick<Piece, 'kind' | 'late'>): PieceKind | 'acknowledgement' {
  return kind === 'outcome' && late ? 'acknowledgement' : kind;
}

/** Who asked whom: a disclosure goes the other way. */
export function partiesOf({ kind, from, to }: Pick<Piece, 'kind' | 'from' | 'to'>): {
  requester: string;
  provider: string;
} {
  return kind === 'disclosure' ? { requester: to, provider: from } : { requester: from, provider: to };
}
