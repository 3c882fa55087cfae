import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { signRequest } from '#identity';
import { type Asking } from './job.js';

/** Makes the requests to one address, as bytes: each with an id of its own, signed (when it is) by the real client's signing. */
class RequestMaker {
  private readonly key: KeyObject | undefined;
  private readonly url: URL;
  private made = 0;

  constructor(
    private readonly asking: Asking,
    url: string,
  ) {
    this.key = asking.sign && createPrivateKey(asking.sign.privateKey);
    this.url = new URL(asking.path, url);
  }

  next(): Buffer {
    const { url } = this;
    const subjects = this.subjectsOf(this.made++);
    const body = Buffer.from(JSON.stringify({ ...this.asking.body, requestId: randomUUID(), subjects }));
    const headers = { host: url.host, 'content-length': String(body.length), ...this.headers(url, body) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), body]);
  }

  private headers(url: URL, body: Buffer): Record<string, string> {
    const { sign } = this.asking;
    if (!sign || !this.key) return { 'content-type': 'application/json' };
    return signRequest({
      ...{ method: 'POST', url, body, keyId: sign.keyId, privateKey: this.key },
      now: Date.now(),
    });
  }

  private subjectsOf(call: number): object[] {
    const { subjects, subjectsPerCall: count } = this.asking;
    return Array.from({ length: count }, (_, n) => subjects[(call * count + n) % subjects.length]!);
  }
}

/** Requests to one address, made before they are needed; what was not enough is made when it is. */
export class Stock {
  private readonly maker: RequestMaker;
  private readonly waiting: Buffer[];
  taken = 0;
  /** Of those taken, how many had to be made then. */
  late = 0;

  constructor(asking: Asking, url: string, count: number) {
    const maker = new RequestMaker(asking, url);
    this.maker = maker;
    this.waiting = Array.from({ length: count }, () => maker.next()).reverse();
  }

  take(): Buffer {
    this.taken++;
    const ready = this.waiting.pop();
    if (!ready) this.late++;
    return ready ?? this.maker.next();
  }
}

/** Share of the requests that were made before they were needed. */
export function shareMadeBefore(stocks: readonly Stock[]): number {
  const sum = (of: (stock: Stock) => number): number => stocks.reduce((all, stock) => all + of(stock), 0);
  const taken = sum((stock) => stock.taken);
  return taken === 0 ? 1 : 1 - sum((stock) => stock.late) / taken;
}
