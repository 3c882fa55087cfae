/** Kinds of entry, by who writes them: gateway intent/outcome, adapter disclosure, node the rest (design: Words). */
export type EntryKind = 'intent' | 'disclosure' | 'outcome' | 'scheme' | 'key' | 'admin' | 'tick' | 'epoch';

/** The public line: the leaf of the tree. Holds no id, no name, no value. Canonical JSON (RFC 8785). */
export interface PublicLine {
  v: 1;
  kind: EntryKind;
  /** `<agency>/<role>/<ordinal>` */
  origin: string;
  exchange: string;
  /** UTC with milliseconds and `Z`. */
  at: string;
  deadline?: string;
  from: string;
  to: string;
  query?: string;
  region?: string;
  bundle?: number;
  subjects?: number;
  /** SHA-256 of the private line, unpadded base64url. */
  priv: string;
  /** Leaf hash of the entry this one answers, unpadded base64url. */
  parent?: string;
  /** outcome: leaf hash of the disclosure. */
  answer?: string;
  outcomes?: Record<string, number>;
  reason?: string;
  rows?: number;
  heldBack?: number;
  replayed?: true;
  /** outcome: the exchange's second, which acknowledges a disclosure that came after the first had said that nothing came. */
  late?: true;
}

/** The private line: salted, kept by the owner, erasable without touching the tree. */
export interface PrivateLine {
  /** 16 random bytes, unpadded base64url. */
  salt: string;
  purpose?: { code: string; campaign?: string; case?: string };
  basis?: string[];
  /** Field name to release mode. */
  fields?: Record<string, string>;
  subjectRoot?: string;
  /** Keyed commitment to the operator id. */
  operator?: string;
  call?: string;
  sigHash?: string;
  bodyHash?: string;
  dataTime?: string;
  /** scheme, key, admin: what happened, in ids and numbers. */
  note?: Record<string, string | number>;
}

/** A signed statement "the log `origin` has this root at this size" (C2SP tlog-checkpoint in a signed note). */
export interface SignedCheckpoint {
  origin: string;
  size: number;
  root: Buffer;
  /** The signed note as served and sent. */
  note: string;
}

/** An entry with its proof: what a receipt is made of. */
export interface RecordedEntry {
  index: number;
  /** Exact bytes of the public line. */
  publicLine: Buffer;
  /** Exact bytes of the private line; absent once erased, or when the receiver is not entitled to it. */
  privateLine?: Buffer;
  /** RFC 6962 leaf hash of the public line. */
  leaf: Buffer;
  /** Inclusion path in the tree of `checkpoint.size`. */
  path: Buffer[];
  checkpoint: SignedCheckpoint;
}
