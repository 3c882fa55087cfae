import { isDeepStrictEqual } from 'node:util';
import { verifyReceiptBy, type LogTrust } from '#client';
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

/** Checks a receipt by itself, and that its log is that of the agency whose entry it is. */
export function checkReceipt(receipt: unknown, trust: LogTrust): Vouched & { entry?: object; kept?: object } {
  const { entry, private: kept, checkpoint, index, findings } = verifyReceiptBy(receipt, trust);
  const strange = entry && trust.owner(entry.origin) !== entry.from ? [{ what: 'other-log' }] : [];
  const all = [...findings, ...strange];
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
