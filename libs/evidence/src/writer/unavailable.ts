import { Problem } from '#problem';

/** A failure to record, for the caller: what is ours stays, everything else is the log being unavailable. */
export function asUnavailable(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('log-unavailable', { cause: error });
}
