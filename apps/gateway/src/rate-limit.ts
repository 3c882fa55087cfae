import { type QuotaLeft } from '#exchange';

/** `Retry-After` of a refusal that waiting helps. */
export function retryHeader({ retryAfter }: { retryAfter?: unknown }): Record<string, string> {
  return typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {};
}

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): the day's quota of the grant with the least
 * left, as its provider counted it. A gateway enforces none of it: the provider's database is the authority.
 */
export function rateLimitHeaders(
  exchanges: readonly { provider: string; quota?: QuotaLeft }[],
): Record<string, string> {
  const [tightest] = exchanges
    .flatMap(({ quota }) => (quota ? [quota] : []))
    .sort((a, b) => a.perDay.limit - a.perDay.used - (b.perDay.limit - b.perDay.used));
  if (!tightest) return {};
  const { perDay, resetsIn } = tightest;
  return {
    'ratelimit-policy': `"day";q=${perDay.limit};w=86400`,
    ratelimit: `"day";r=${Math.max(0, perDay.limit - perDay.used)};t=${resetsIn}`,
  };
}
