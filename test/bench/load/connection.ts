import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** Told of a whole response; `body` is good until the call returns. */
export type OnResponse = (status: number, body: Buffer) => void;

/**
 * One keep-alive HTTP/1.1 connection that writes a request made before and reads the response: nothing more, because the
 * load generator shares the processors with what it measures. Only responses with `Content-Length` are understood.
 */
export class Connection {
  private readonly socket: Socket;
  private received: Buffer[] = [];
  private bytes = 0;
  private bodyStart = 0;
  private whole = 0;
  private status = 0;
  private onResponse: OnResponse | undefined;

  /** @param onEnd told once when it is closed or breaks; a request on its way then gets no response */
  constructor(
    host: string,
    port: number,
    private readonly onEnd: (pending: boolean) => void,
  ) {
    this.socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', () => this.socket.destroy());
    this.socket.on('close', () => this.onEnd(this.onResponse !== undefined));
  }

  /** One at a time. */
  send(request: Buffer, onResponse: OnResponse): void {
    this.onResponse = onResponse;
    this.socket.write(request);
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.bytes += chunk.length;
    if (this.whole === 0 && !this.readHead()) return;
    if (this.bytes < this.whole) return;
    const all = this.joined();
    const { status, bodyStart, whole, onResponse } = this;
    this.received = [];
    this.bytes = 0;
    this.whole = 0;
    this.onResponse = undefined;
    onResponse!(status, all.subarray(bodyStart, whole));
  }

  private readHead(): boolean {
    const all = this.joined();
    const end = all.indexOf(HEAD_END);
    if (end < 0) return false;
    const head = all.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.socket.destroy(new Error('a response without Content-Length'));
      return false;
    }
    this.status = Number(head.slice(9, 12));
    this.bodyStart = end + HEAD_END.length;
    this.whole = this.bodyStart + Number(length);
    return true;
  }

  private joined(): Buffer {
    if (this.received.length > 1) this.received = [Buffer.concat(this.received, this.bytes)];
    return this.received[0]!;
  }
}
