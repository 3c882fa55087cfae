import { unpredictable } from '#random';

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  traceId: string;
  /** 16 lower-case hex digits, not all zero: the caller's span. */
  parentId: string;
  /** Two hex digits; the lowest bit says sampled. */
  flags: string;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The parts of a valid traceparent, else undefined: an invalid one is ignored, never refused (§3.2.2.3). */
export function parseTraceparent(text: string | undefined): TraceParent | undefined {
  const [, traceId, parentId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  return traceId && parentId && flags ? { traceId, parentId, flags } : undefined;
}

/** The traceparent of the next hop: same trace with a new span, or a new sampled trace when there is none to continue. */
export function continueTrace(parent?: string): string {
  const { traceId, flags } = parseTraceparent(parent) ?? { traceId: nonZeroHex(16), flags: '01' };
  return `00-${traceId}-${nonZeroHex(8)}-${flags}`;
}

function nonZeroHex(bytes: number): string {
  const hex = unpredictable(bytes).toString('hex');
  return /[1-9a-f]/.test(hex) ? hex : nonZeroHex(bytes);
}
