import { join } from 'node:path';
import { type Database } from '#database';
import { LogReader, toReceipt, type LogWriter } from '#evidence';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { logKeyClosing, registration, type KeyStore, type OwnKey, type RegistryHolder } from '#registry';
import { noteSigner } from '#tlog';
import { keepApplications, REGISTRATIONS } from './applications.js';
import { isClosedLogKey } from './log-signers.js';

/** A key that was made, and a step that failed, are looked at again after this long. */
const EVERY_MS = 60_000;

export interface LogKeyKeeping {
  keys: KeyStore;
  registry: RegistryHolder;
  database: Pick<Database, 'pool'>;
  /** The node's private directory. */
  dir: string;
  clock: () => number;
  logger: Logger;
}

/**
 * Leads a log from one key to the next while its writer runs (ADR 0010). A key that `keys rotate` made is applied for; once
 * a registry has it beside the present one, the writer changes over; then the closing statement of the key before lies under
 * `<dir>/registrations`, until a registry closes it. Each step follows from log, store and registry alone: whatever was
 * interrupted is taken up again.
 */
export class LogKeyCare {
  private readonly origin: string;
  private readonly reader: LogReader;
  private tending: Promise<void> = Promise.resolve();
  private stopping: (() => void) | undefined;
  private statement: { size: number; document: string } | undefined;

  constructor(
    private readonly keeping: LogKeyKeeping,
    private readonly log: LogWriter,
  ) {
    this.origin = log.origin;
    this.reader = new LogReader(keeping, log);
  }

  start(): void {
    const ended = this.keeping.registry.onChange(() => void this.tend());
    const timer = setInterval(() => void this.tend(), EVERY_MS).unref();
    this.stopping = () => {
      ended();
      clearInterval(timer);
    };
    void this.tend();
  }

  async stop(): Promise<void> {
    this.stopping?.();
    await this.tending;
  }

  /** Looks at log, store and registry now, after a look that is under way. Never rejects. */
  tend(): Promise<void> {
    this.tending = this.tending
      .then(() => this.step())
      .catch((error: unknown) =>
        this.keeping.logger.warn('the log’s keys cannot be tended', { origin: this.origin }, error),
      );
    return this.tending;
  }

  private async step(): Promise<void> {
    const { keys, clock, dir } = this.keeping;
    keys.reload();
    await this.changeOver(this.waiting());
    const own = this.settled(keys.logKeys(this.origin, clock()));
    const prefix = `${this.origin.replaceAll('/', '.')}.`;
    const documents: (readonly [string, string])[] = [
      ...this.application(this.waiting()).map((text) => [`${prefix}next.note`, text] as const),
      ...(await this.closing(own)).map((text) => [`${prefix}closing.note`, text] as const),
    ];
    keepApplications(join(dir, REGISTRATIONS), prefix, documents);
  }

  /** The key in the store that follows the one that signs; none when that one's file is gone: nothing tells what follows it. */
  private waiting(): OwnKey | undefined {
    const own = this.keeping.keys.logKeys(this.origin, this.keeping.clock());
    const { current } = this.log.signingKeys();
    const signing = own.findIndex((key) => isKey(key, current));
    return signing < 0 ? undefined : own[signing + 1];
  }

  /**
   * The writer changes over once the registry has both keys: before, nobody else could verify what the next one signs. Never
   * to a key that the registry has closed: the entry could not be undone.
   */
  private async changeOver(next: OwnKey | undefined): Promise<void> {
    if (!next || !this.isRegistered(rawOf(next))) return;
    if (isClosedLogKey(this.keeping.registry, this.origin, rawOf(next))) return;
    if (!this.isRegistered(this.log.signingKeys().current.publicKey)) return;
    const recorded = await this.log.changeKey(noteSigner(this.origin, next.privateKey));
    if (recorded)
      this.keeping.logger.info('log key changed', { origin: this.origin, size: recorded.index + 1 });
  }

  /** The store says of the two newest signing keys what the log says. */
  private settled(own: OwnKey[]): { before: OwnKey; current: OwnKey } | undefined {
    const { keys, clock } = this.keeping;
    const { current, before } = this.log.signingKeys();
    const pairOf = (held: OwnKey[]) =>
      before && {
        before: held.find((key) => isKey(key, before)),
        current: held.find((key) => isKey(key, current)),
      };
    const pair = pairOf(own);
    if (!pair?.before || !pair.current) return undefined;
    keys.changeLogKey(pair.before, pair.current, before!.toSize);
    return pairOf(keys.logKeys(this.origin, clock())) as { before: OwnKey; current: OwnKey };
  }

  private application(next: OwnKey | undefined): string[] {
    if (!next || this.isRegistered(rawOf(next))) return [];
    return [registration(next, this.endorser())];
  }

  /** Made once: each proof is under another checkpoint, and somebody may have taken the file already. */
  private async closing(pair: { before: OwnKey; current: OwnKey } | undefined): Promise<string[]> {
    if (!pair || isClosedLogKey(this.keeping.registry, this.origin, rawOf(pair.before))) return [];
    const size = pair.before.toSize!;
    if (this.statement?.size !== size) {
      const { entry, proof } = toReceipt(await this.reader.receipt(this.origin, size - 1));
      const change = { closed: pair.before, next: pair.current };
      this.statement = { size, document: logKeyClosing(change, { entry, proof }, this.endorser()) };
    }
    return [this.statement.document];
  }

  private endorser(): OwnKey {
    const key = this.keeping.keys.current('http-signature', this.keeping.clock());
    if (key) return key;
    throw new Problem('key-store', { detail: 'no http-signature key to vouch for a log key' });
  }

  private isRegistered(key: Buffer): boolean {
    return this.keeping.registry.current.logKeys(this.origin).some(({ publicKey }) => publicKey.equals(key));
  }
}

function rawOf({ publicKey }: OwnKey): Buffer {
  return Buffer.from(publicKey, 'base64url');
}

function isKey(key: OwnKey, { publicKey }: { publicKey: Buffer }): boolean {
  return rawOf(key).equals(publicKey);
}
