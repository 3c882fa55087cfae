import { randomUUID } from 'node:crypto';
import { type QueryRequest } from '#contracts';
import { signRequest } from '#identity';
import { type OwnKey } from '#registry';
import { type TestProvince } from './use-province.js';

/** An HTTP answer as a test looks at it. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Asking {
  agency: string;
  /** Gateway to ask; default the agency's own. */
  at?: string;
  method?: string;
  path: string;
  /** Base URL of another server than a gateway. */
  base?: string;
  body?: unknown;
  /** Sent instead of the body that was signed. */
  sentBody?: string;
  headers?: Record<string, string>;
  now?: number;
  /** What it signs with; default the newest key of its system. */
  key?: OwnKey;
}

/** Sends a request signed by an agency's system; what a test wants to be wrong, it says. */
export async function call(province: TestProvince, asking: Asking): Promise<Answer> {
  const { agency, at = agency, path } = asking;
  const method = asking.method ?? (asking.body === undefined ? 'GET' : 'POST');
  const url = (asking.base ?? province.gateways.get(at)!.url) + path;
  const body =
    typeof asking.body === 'string' || asking.body === undefined ? asking.body : JSON.stringify(asking.body);
  const signed = sign(province, {
    agency,
    method,
    url,
    ...(body !== undefined && { body }),
    now: asking.now,
    key: asking.key,
  });
  const sent = asking.sentBody ?? body;
  const response = await fetch(url, {
    method,
    headers: { ...signed, ...asking.headers },
    ...(sent !== undefined && { body: sent }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

interface ToSign {
  agency: string;
  method: string;
  url: string;
  body?: string;
  now?: number | undefined;
  key?: OwnKey | undefined;
}

function keyOf({ stores }: TestProvince['keys'], agency: string): OwnKey {
  return stores.get(agency)!.current('http-signature', Date.now())!;
}

export function sign(
  { keys }: TestProvince,
  { agency, now = Date.now(), key = keyOf(keys, agency), ...request }: ToSign,
): Record<string, string> {
  return signRequest({ ...request, keyId: key.id, privateKey: key.privateKey, now });
}

/** A well-formed question about the first sample person; a test changes what it is about. */
export function question(change: Partial<QueryRequest> & Record<string, unknown> = {}): QueryRequest {
  return {
    requestId: randomUUID(),
    operatorId: 'officer-0117',
    purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
    region: '990100',
    subjects: [{ idType: 'citizen-id', idNumber: '990101198503120010' }],
    params: { months: { from: '2026-04', to: '2026-09' } },
    ...change,
  };
}
