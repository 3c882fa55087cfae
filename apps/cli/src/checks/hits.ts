import { isDeepStrictEqual } from 'node:util';
import { verifyReceiptBy, type LogTrust } from '#client';
import { type PrivateLine, type PublicLine } from '#evidence';
import { type Finding } from '../words/findings.js';

/** What an audit server says of one entry, as far as a receipt can vouch for it. */
export interface Told {
  entry: object;
  purpose?: object;
  basis?: string[];
  fields?: Record<string, string>;
  receipt?: unknown;
}

/** Whether a receipt vouches for it, and where the entry stands, as far as the receipt says so. */
export interface Vouched {
  verified: boolean;
  findings: Finding[];
  log?: { origin: string; index: number; size: number };
}

/** Names that only this program's own checks may give, whatever a server calls so. */
export type Verdict = 'verified' | 'findings' | 'log';

/** What a server told, without what it may say of its being checked: that is for who checks. */
export function withoutVerdict<T extends object>(told: T): Omit<T, Verdict> {
  const {
    verified: _verified,
    findings: _findings,
    log: _log,
    ...rest
  } = told as T & Record<Verdict, unknown>;
  return rest;
}

/**
 * Checks a receipt by itself, and that its log is that of the agency whose entry it is.
 * @param exchange of which it is said to be
 */
export function checkReceipt(
  receipt: unknown,
  trust: LogTrust,
  exchange?: string,
): Vouched & { entry?: PublicLine; kept?: PrivateLine } {
  const { entry, private: kept, checkpoint, index, findings } = verifyReceiptBy(receipt, trust);
  const isStrange = entry && trust.owner(entry.origin) !== entry.from;
  const isOther = entry && exchange !== undefined && entry.exchange !== exchange;
  const all = [
    ...findings,
    ...(isStrange ? [{ what: 'other-log' }] : []),
    ...(isOther ? [{ what: 'other-exchange' }] : []),
  ];
  return {
    verified: all.length === 0,
    findings: all,
    ...(entry && { entry }),
    ...(kept && { kept }),
    ...(checkpoint &&
      index !== undefined && { log: { origin: checkpoint.origin, index, size: checkpoint.size } }),
  };
}

/** Holds what a server tells of an entry against its receipt: nothing of it is believed for the server's word. */
export function checkTold({ entry, purpose, basis, fields, receipt }: Told, trust: LogTrust): Vouched {
  if (receipt === undefined) return { verified: false, findings: [{ what: 'receipt-missing' }] };
  const { entry: recorded, kept = {}, verified, findings, log } = checkReceipt(receipt, trust);
  const ground = { purpose, basis, fields };
  const names = Object.keys(ground) as (keyof typeof ground)[];
  const same =
    isDeepStrictEqual(plain(recorded), plain(entry)) &&
    names.every((name) => isDeepStrictEqual((kept as typeof ground)[name], ground[name]));
  return {
    verified: verified && same,
    findings: [...findings, ...(same ? [] : [{ what: 'entry-differs' }])],
    ...(log && { log }),
  };
}

function plain(value: object | undefined): unknown {
  return value && (JSON.parse(JSON.stringify(value)) as unknown);
}
