import { signRequest } from '#identity';
import { type ProblemDocument } from '#problem';
import { GatewayError } from './gateway-error.js';
import { type ClientOptions } from './options.js';
import { readRetryAfter } from './retry.js';

/** One request of the API, the same for every attempt. */
export interface ApiRequest {
  method: 'GET' | 'POST';
  /** Path below the gateway's address. */
  path: string;
  /** JSON text, the same bytes each time: the idempotency key comes with its digest. */
  body?: string;
}

type Sender = Pick<ClientOptions, 'keyId' | 'privateKey' | 'fetch' | 'clock'>;

/**
 * One attempt at one gateway, signed for it and for now: a signature is good for one use.
 * @throws GatewayError its problem document, or `gateway-unreachable`, `gateway-timeout`, `gateway-answer`
 */
export async function send(
  sender: Sender,
  gateway: string,
  { method, path, body }: ApiRequest,
  timeoutMs: number,
): Promise<unknown> {
  const { keyId, privateKey, clock = Date.now, fetch: via = fetch } = sender;
  const url = `${gateway}${path}`;
  const signed = signRequest({
    method,
    url,
    keyId,
    privateKey,
    now: clock(),
    ...(body !== undefined && { body }),
  });
  try {
    const response = await via(url, {
      method,
      headers: { ...signed, accept: 'application/json, application/problem+json' },
      redirect: 'manual', // not followed: a signature is for one address
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
      ...(body !== undefined && { body }),
    });
    return read(response.status, await response.text(), response.headers, clock());
  } catch (error) {
    throw error instanceof GatewayError ? error : unreached(error);
  }
}

function read(status: number, text: string, headers: Headers, now: number): unknown {
  const json = parse(text);
  if (status === 200 && json !== undefined) return json;
  if (isProblem(json, status)) {
    const wait = readRetryAfter(headers.get('retry-after'), now);
    throw new GatewayError(wait === undefined ? json : { ...json, retryAfter: wait });
  }
  // A proxy in front of a gateway that is being restarted says so in its own words.
  const away = status === 502 || status === 503 || status === 504;
  throw GatewayError.local(
    away ? 'gateway-unreachable' : 'gateway-answer',
    `HTTP ${status} that is not an answer of the API`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // told from an answer by its status and shape
  }
}

function isProblem(json: unknown, status: number): json is ProblemDocument {
  if (typeof json !== 'object' || json === null || status < 400) return false;
  const { type, title, code, status: said } = json as Partial<Record<string, unknown>>;
  return typeof type === 'string' && typeof title === 'string' && typeof code === 'number' && said === status;
}

function unreached(error: unknown): GatewayError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return GatewayError.local('gateway-timeout', 'no whole answer in time', error);
  }
  const { cause } = error as { cause?: { code?: unknown; errors?: { code?: unknown }[] } };
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return GatewayError.local(
    'gateway-unreachable',
    typeof code === 'string' ? code : 'connection lost',
    error,
  );
}
