import { randomBytes, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Problem } from '#problem';
import { KeyFiles } from './key-files.js';
import { type KeyUse } from './model.js';
import { generateOwnKey, parseOwnKey, serializeOwnKey, type OwnKey } from './own-key.js';
import { inForce } from './validity.js';

/** Symmetric secrets of a node, 32 random bytes each: subjects' commitments, stored answers, pseudonyms. */
export const SECRET_USES = ['epoch', 'seal', 'pseudonym'] as const;
export type SecretUse = (typeof SECRET_USES)[number];

export interface SecretOptions {
  /** Whether it may be made when it is not there: only for a node that has never worked with one. */
  create?: boolean;
  /** Generation; default 1. */
  n?: number;
}

/** Uses of which one key is in force at a time; a log's key belongs to its origin. */
export type RotatedUse = Exclude<KeyUse, 'log'>;

/** A sender can name any key: what it names must not cost a read of the disk each time. */
const RELOAD_EVERY_MS = 1_000;

/**
 * The private keys of one agency's node, in a directory that only its user can read. Every lookup is from memory;
 * `reload` sees what another process of the node made or destroyed. Times are ms since the epoch.
 */
export class KeyStore {
  private readonly keyFiles: KeyFiles;
  private readonly secretFiles: KeyFiles;
  private held = new Map<string, OwnKey>();
  private reloaded = 0;

  /** @throws Problem `key-store` when the directory is open to others or holds something that is not a key of `agency` */
  constructor(
    dir: string,
    readonly agency: string,
  ) {
    this.keyFiles = new KeyFiles(join(dir, 'keys'));
    this.secretFiles = new KeyFiles(join(dir, 'secrets'));
    this.reload();
  }

  /** All keys, or those of one use, oldest generation first. */
  keys(use?: KeyUse): OwnKey[] {
    const all = [...this.held.values()];
    return use === undefined ? all : all.filter((key) => key.use === use);
  }

  /** A key by its id; for a log the newest of its keys. */
  key(id: string): OwnKey | undefined {
    return [...this.held.values()].findLast((key) => key.id === id);
  }

  /** The newest key of a use in force at `at`. */
  current(use: RotatedUse, at: number): OwnKey | undefined {
    return this.keys(use).findLast((key) => inForce(key, at));
  }

  /** The key of a use, made when there is none in force yet. */
  ensure(use: RotatedUse, at: number): OwnKey {
    return this.current(use, at) ?? this.make(use, at);
  }

  /** Makes the next key of a use, in force from `from`; older ones stay as they are until retired. */
  make(use: RotatedUse, from: number, to?: number): OwnKey {
    const n = this.generation(use) + 1;
    const made = {
      agency: this.agency,
      use,
      n,
      from: instant(from),
      ...(to !== undefined && { to: instant(to) }),
    };
    return this.keep(fileName(use, n), generateOwnKey(made));
  }

  /** Makes the next key of a use and ends the older ones `overlapMs` later, so that what they signed in between holds. */
  rotate(use: RotatedUse, at: number, overlapMs: number): OwnKey {
    const older = this.keys(use).filter((key) => inForce(key, at));
    const made = this.make(use, at);
    for (const key of older) this.retire(key, at + overlapMs);
    return made;
  }

  /** The newest key of a log, made when it has none. Which of its keys signs, the log itself says (ADR 0010). */
  logKey(origin: string, at: number): OwnKey {
    return this.key(origin) ?? this.keep(...this.newLogKey(origin, at, 0));
  }

  /** All keys of a log, oldest first; the first is made when there is none. */
  logKeys(origin: string, at: number): OwnKey[] {
    this.logKey(origin, at);
    return this.keys('log').filter((key) => key.origin === origin);
  }

  /**
   * Makes the next key of a log, to be registered; the one before goes on until its log says otherwise. One at a time: the
   * next one that waits already is given back.
   * @throws Problem `key-store` when the log has no key yet, is not of this agency, or another process makes one just now
   */
  nextLogKey(origin: string, at: number): OwnKey {
    const [before, newest] = this.keys('log')
      .filter((key) => key.origin === origin)
      .slice(-2);
    if (before === undefined) throw new Problem('key-store', { detail: 'this log has no key yet' });
    if (newest !== undefined && before.toSize === undefined) return newest;
    const [file, made] = this.newLogKey(origin, at, (newest ?? before).fromSize! + 1);
    const kept = this.keep(file, made);
    if (kept.publicKey === made.publicKey) return kept;
    throw new Problem('key-store', { detail: 'another process made a key of this log just now' });
  }

  /**
   * Notes what the log's `key` entry said: that `closed` signed no tree larger than `size`, and `next` every one after.
   * @throws Problem `key-store` when one of them would end before it begins; then nothing is noted
   */
  changeLogKey(closed: OwnKey, next: OwnKey, size: number): void {
    if (size < closed.fromSize! || (next.toSize ?? Infinity) <= size)
      throw new Problem('key-store', { field: 'toSize', detail: 'a log key cannot end before it begins' });
    if (closed.toSize !== size) this.update({ ...closed, toSize: size });
    if (next.fromSize !== size + 1) this.update({ ...next, fromSize: size + 1 });
  }

  /**
   * The private HPKE key that a message was sealed to, as long as it is held. One that is not known may have been made by
   * another process of the node since: the directory is then read again, but not more than once a second.
   */
  hpkeKey(id: string): KeyObject | undefined {
    if (!this.key(id) && Date.now() - this.reloaded >= RELOAD_EVERY_MS) this.reload();
    const key = this.key(id);
    return key?.use === 'hpke' ? key.privateKey : undefined;
  }

  /** Ends a key at a moment, unless it ends earlier already. Its registration has to be renewed to tell others. */
  retire(key: OwnKey, at: number): void {
    const to = instant(at);
    if (key.to === undefined || key.to > to) this.update({ ...key, to });
  }

  /** Destroys the private half for good: what was sealed to it opens no more. */
  destroy(id: string): void {
    for (const [file, key] of this.held) {
      if (key.id !== id) continue;
      this.keyFiles.remove(file);
      this.held.delete(file);
    }
  }

  /**
   * A symmetric secret of the node, 32 bytes.
   * @throws Problem `key-store` when it is not there and may not be made: what it opened, another would not open
   */
  secret(use: SecretUse, { create = false, n = 1 }: SecretOptions = {}): Buffer {
    const name = `${use}.${n}`;
    if (!this.secretFiles.names().includes(name)) {
      if (!create) throw new Problem('key-store', { detail: `the secret ${name} is missing` });
      this.secretFiles.create(name, `${randomBytes(32).toString('base64url')}\n`);
    }
    const secret = Buffer.from(this.secretFiles.read(name).trim(), 'base64url');
    if (secret.length !== 32) throw new Problem('key-store', { detail: 'a secret is not 32 bytes' });
    return secret;
  }

  /** Reads the directory again. */
  reload(): void {
    this.reloaded = Date.now();
    const entries = this.keyFiles
      .names()
      .map((file) => [file, parseOwnKey(this.keyFiles.read(file))] as const);
    if (entries.some(([, key]) => key.agency !== this.agency)) {
      throw new Problem('key-store', { detail: 'holds the key of another agency' });
    }
    this.held = new Map(entries);
  }

  private newLogKey(origin: string, at: number, fromSize: number): [file: string, key: OwnKey] {
    if (!origin.startsWith(`${this.agency}/`))
      throw new Problem('key-store', { detail: 'origin of another agency' });
    const n = this.logGeneration(origin) + 1;
    const made = generateOwnKey({ agency: this.agency, use: 'log', n, from: instant(at), origin, fromSize });
    return [fileName(origin, n), made];
  }

  /** The highest in the names of a log's files: a closed key may be destroyed, so they are not to be counted. */
  private logGeneration(origin: string): number {
    const files = [...this.held].filter(([, key]) => key.origin === origin).map(([file]) => file);
    return Math.max(0, ...files.map((file) => Number(/\.(\d+)\.json$/.exec(file)?.[1] ?? 0)));
  }

  private generation(use: RotatedUse): number {
    return Math.max(0, ...this.keys(use).map((key) => Number(key.id.slice(key.id.lastIndexOf('/') + 1))));
  }

  private keep(file: string, key: OwnKey): OwnKey {
    this.keyFiles.create(file, serializeOwnKey(key));
    const kept = parseOwnKey(this.keyFiles.read(file));
    this.held.set(file, kept);
    return kept;
  }

  private update(key: OwnKey): void {
    const [file] = [...this.held].find(([, held]) => held.publicKey === key.publicKey)!;
    this.keyFiles.replace(file, serializeOwnKey(key));
    this.held.set(file, key);
  }
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

/** Sorted names are generations in order. */
function fileName(owner: string, n: number): string {
  return `${owner.replaceAll('/', '.')}.${String(n).padStart(6, '0')}.json`;
}
