import { type ProblemName } from '#problem';

const REASONS: readonly (string | undefined)[] = [
  'provider-contract',
  'provider-evidence',
] satisfies ProblemName[];

/**
 * Whether an outcome with this reason says that the answer came in time and was verified, and could not be used: that its
 * asker got nothing of it is a difference, and cannot be acknowledged as come late (ADR 0013).
 */
export function cameInTime(reason: string | undefined): boolean {
  return REASONS.includes(reason);
}
