import { signRequest } from '#identity';
import { GatewayError } from '#client';
import { type ProblemDocument, Problem } from '#problem';
import { type Cli } from '../io.js';
import { type SigningKey } from './key-file.js';

const TIMEOUT_MS = 30_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A node's audit server or the province's monitor, asked with signed requests. */
export interface NodeServer {
  /** @throws GatewayError what it refused, Problem `input-unreadable` when it cannot be reached */
  get(path: string): Promise<Buffer>;
  /** The JSON that it answers; errors as `get`. */
  getJson(path: string): Promise<unknown>;
  /** The JSON that it answers; errors as `get`. */
  post(path: string, body: unknown): Promise<unknown>;
}

export interface ServerOptions {
  /** The option that names the address, for what is said of it. */
  option: string;
  key: SigningKey;
  cli: Pick<Cli, 'now'>;
}

/** @param address `https://monitor.example[:port]` @throws Problem `input-unreadable` */
export function openServer(address: string, { option, key, cli }: ServerOptions): NodeServer {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw unreadable(option, 'an http(s) address is wanted');
  const base = address.replace(/\/+$/, '');
  const call = (method: string, path: string, body?: string) =>
    answered(option, base + path, method, { ...key, now: cli.now(), ...(body !== undefined && { body }) });
  const json = (bytes: Buffer): unknown => {
    const value = jsonOf(bytes);
    if (typeof value === 'object' && value !== null) return value;
    throw unreadable(option, 'an answer that is not JSON');
  };
  return {
    get: (path) => call('GET', path),
    getJson: async (path) => json(await call('GET', path)),
    post: async (path, body) => json(await call('POST', path, JSON.stringify(body))),
  };
}

/** Refuses an address at which what is sent could be read on its way. @throws Problem `input-unreadable` */
export function requirePrivateWay(address: string, option: string): void {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : {};
  if (protocol === 'http:' && !LOOPBACK.test(hostname ?? ''))
    throw unreadable(option, 'https, or a loopback address, is wanted; --plain-http allows another');
}

/** What a server says by itself is thrown as it says it. @throws GatewayError when the body is a problem document */
export function throwProblem(bytes: Buffer): void {
  const document = jsonOf(bytes);
  if (isProblem(document)) throw new GatewayError(document);
}

async function answered(
  option: string,
  url: string,
  method: string,
  signing: Omit<Parameters<typeof signRequest>[0], 'url' | 'method'>,
): Promise<Buffer> {
  const { body } = signing;
  try {
    const response = await fetch(url, {
      method,
      headers: signRequest({ method, url, ...signing }),
      redirect: 'manual', // not followed: signature and body are for one address
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status === 200) return bytes;
    throwProblem(bytes);
    throw unreadable(option, `HTTP ${response.status}`);
  } catch (error) {
    if (error instanceof GatewayError || error instanceof Problem) throw error;
    throw unreadable(option, 'not reached', error);
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

function unreadable(option: string, detail: string, cause?: unknown): Problem {
  return new Problem('input-unreadable', { field: option, detail, cause });
}
