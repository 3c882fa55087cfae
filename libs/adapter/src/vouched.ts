import { type Finding } from './query-handler.js';

const vouched = new WeakSet<Finding>();

/** Marks what `askView` made: it has compared the source's own number of each row with the one asked for. */
export function vouchFor(finding: Finding): void {
  vouched.add(finding);
}

export function isVouched(finding: Finding): boolean {
  return vouched.has(finding);
}
