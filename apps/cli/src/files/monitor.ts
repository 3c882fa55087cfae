import { signRequest } from '#identity';
import { GatewayError } from '#client';
import { type ProblemDocument, Problem } from '#problem';
import { type Cli } from '../io.js';
import { type SigningKey } from './key-file.js';

const TIMEOUT_MS = 30_000;
const OPTION = '--monitor';

/** The province's monitor, asked with signed requests. */
export interface Monitor {
  /** @throws GatewayError what it refused, Problem `input-unreadable` when it cannot be reached */
  get(path: string): Promise<Buffer>;
  /** The JSON that it answers; errors as `get`. */
  post(path: string, body: unknown): Promise<unknown>;
}

/** @param address `https://monitor.example[:port]` @throws Problem `input-unreadable` */
export function openMonitor(address: string, key: SigningKey, cli: Pick<Cli, 'now'>): Monitor {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw unreadable('an http(s) address is wanted');
  const base = address.replace(/\/+$/, '');
  const call = (method: string, path: string, body?: string) =>
    answered(base + path, method, { ...key, now: cli.now(), ...(body !== undefined && { body }) });
  return {
    get: (path) => call('GET', path),
    post: async (path, body) => jsonOf(await call('POST', path, JSON.stringify(body))) ?? notOurs(),
  };
}

async function answered(
  url: string,
  method: string,
  signing: Omit<Parameters<typeof signRequest>[0], 'url' | 'method'>,
): Promise<Buffer> {
  const { body } = signing;
  try {
    const response = await fetch(url, {
      method,
      headers: signRequest({ method, url, ...signing }),
      redirect: 'error', // a signature is for one address
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 200) return bytes;
    const document = jsonOf(bytes);
    throw isProblem(document) ? new GatewayError(document) : unreadable(`HTTP ${response.status}`);
  } catch (error) {
    if (error instanceof GatewayError || error instanceof Problem) throw error;
    throw unreadable('not reached', error);
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined; // the caller tells it from an answer
  }
}

function isProblem(value: unknown): value is ProblemDocument {
  const { type, title, code, status } = (value ?? {}) as Partial<Record<string, unknown>>;
  return [type, title].every((text) => typeof text === 'string') && [code, status].every(Number.isInteger);
}

function notOurs(): never {
  throw unreadable('an answer that is not JSON');
}

function unreadable(detail: string, cause?: unknown): Problem {
  return new Problem('input-unreadable', { field: OPTION, detail, cause });
}
