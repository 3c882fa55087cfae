import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database } from '#database';
import {
  LogReader,
  openLogWriter,
  type EntryDraft,
  type LogWriter,
  type RecordedEntry,
  type Tail,
} from '#evidence';
import { signRequest } from '#identity';
import {
  compileRegistry,
  exportPublicKey,
  KeyStore,
  publicPart,
  RegistryHolder,
  signRegistry,
} from '#registry';
import { type Agency, type OwnKey, type RegisteredKey } from '#registry';
import { encodeEntryBundle, noteSigner, noteVerifier, parseTilePath } from '#tlog';

export const START = Date.parse('2026-03-02T01:00:00.000Z');
const FROM = '2026-01-01T00:00:00.000Z';
const CLASSES = { 'housing-1': 'housing', 'hrss-1': 'hrss', 'fund-1': 'fund', 'data-1': 'data' } as const;
export type SpecAgency = keyof typeof CLASSES;

/** Gateway of the housing bureau, adapter of the 人社 bureau, and a second adapter that the specs may misuse. */
export const ORIGINS = {
  gateway: 'housing-1/gateway/0',
  adapter: 'hrss-1/adapter/0',
  other: 'hrss-1/adapter/1',
} as const;

/** Four agencies with their key stores and a signed registry of all their keys. */
export class Province {
  readonly registry: RegistryHolder;
  private readonly stores = new Map<string, KeyStore>();
  private readonly registrar: KeyObject = generateKeyPairSync('ed25519').privateKey;
  private readonly keys: readonly RegisteredKey[];
  private readonly writers = new Set<LogWriter>();

  constructor() {
    const at = Date.parse(FROM);
    const agencies = Object.keys(CLASSES) as SpecAgency[];
    this.keys = agencies.flatMap((agency) => {
      const store = new KeyStore(privateDir(), agency);
      this.stores.set(agency, store);
      const origins = Object.values(ORIGINS).filter((origin) => origin.startsWith(`${agency}/`));
      const own = [store.ensure('http-signature', at), store.ensure('hpke', at)];
      return [...own, ...origins.map((origin) => store.logKey(origin, at))].map(publicPart);
    });
    const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(this.registrar), 'base64url'));
    this.registry = new RegistryHolder(this.signed(1), pinned);
  }

  /** A registry as the province signs it; of the logs named, with these keys instead of those that it began with. */
  signed(number: number, logKeys: ReadonlyMap<string, readonly RegisteredKey[]> = new Map()): string {
    const agencies = (Object.keys(CLASSES) as SpecAgency[]).map(agencyOf);
    const others = this.keys.filter(({ origin }) => origin === undefined || !logKeys.has(origin));
    const keys = [...others, ...[...logKeys.values()].flat()];
    const compiled = compileRegistry({ number, issuedAt: FROM, agencies, keys });
    return signRegistry(compiled, noteSigner('p/registry', this.registrar));
  }

  store(agency: SpecAgency): KeyStore {
    return this.stores.get(agency)!;
  }

  signatureKey(agency: SpecAgency): { keyId: string; privateKey: KeyObject } {
    const { id, privateKey }: OwnKey = this.store(agency).current('http-signature', START)!;
    return { keyId: id, privateKey };
  }

  fetchAs(agency: SpecAgency, url: string, now: number): Promise<Response> {
    return fetch(url, { headers: signRequest({ method: 'GET', url, now, ...this.signatureKey(agency) }) });
  }

  /** A real log in a node's database; `tails` holds what its writer published, also in its life `before`. */
  async openLog(
    database: Pick<Database, 'pool'>,
    origin: string,
    clock: () => number,
    before?: SpecLog,
  ): Promise<SpecLog> {
    const store = this.store(origin.split('/')[0] as SpecAgency);
    const edgeFile = join(mkdtempSync(join(tmpdir(), 'monitor-')), 'edge');
    if (before) copyFileSync(before.edgeFile, edgeFile);
    const tails: Tail[] = [...(before?.tails ?? [])];
    const writer = await openLogWriter({
      database,
      origin,
      signer: noteSigner(origin, store.logKey(origin, START).privateKey),
      sealKey: store.secret('seal', { create: true }),
      edgeFile,
      tickEvery: 0,
      clock,
      onCommit: (tail) => tails.push(tail),
    });
    this.writers.add(writer);
    return { writer, tails, edgeFile };
  }

  /** Ends the leases of all logs that were opened. */
  async closeLogs(): Promise<void> {
    await Promise.all([...this.writers].map((writer) => writer.close()));
    this.writers.clear();
  }
}

export interface SpecLog {
  writer: LogWriter;
  tails: Tail[];
  edgeFile: string;
}

/** Takes what a log wrote into another node's database, as a backup that is restored: a second life of the same log. */
export async function copyLog(
  from: Pick<Database, 'pool'>,
  to: Pick<Database, 'pool'>,
  origin: string,
): Promise<void> {
  for (const table of ['log_head', 'log_entry', 'log_tile', 'log_checkpoint']) {
    const names = await columnsOf(to, table);
    const { rows } = await from.pool.query<Record<string, unknown>>(
      `select ${names.join(',')} from ${table} where origin = $1`,
      [origin],
    );
    for (const row of rows) {
      const places = names.map((_, i) => `$${i + 1}`);
      await to.pool.query(
        `insert into ${table} (${names.join(',')}) values (${places.join(',')})`,
        names.map((name) => row[name]),
      );
    }
  }
}

/** Those that are written; the others the database makes of them. */
async function columnsOf({ pool }: Pick<Database, 'pool'>, table: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  return rows.map(({ name }) => name);
}

const TERMS = { query: 'HR-SI-01@1', region: '990100', subjects: 1 };

export const leafOf = ({ leaf }: RecordedEntry): string => leaf.toString('base64url');

export function intent(
  clock: () => number,
  exchange: string = randomUUID(),
  more: Partial<EntryDraft> = {},
): EntryDraft {
  const deadline = new Date(clock() + 10_000).toISOString();
  return { kind: 'intent', exchange, from: 'housing-1', to: 'hrss-1', deadline, ...TERMS, ...more };
}

export function disclosure(
  of: EntryDraft,
  parent: RecordedEntry,
  more: Partial<EntryDraft> = {},
): EntryDraft {
  const { from: to, to: from, ...terms } = of;
  const said = { outcomes: { found: 1 }, rows: 2, heldBack: 0, parent: leafOf(parent) };
  return { ...terms, kind: 'disclosure', from, to, ...said, ...more };
}

export function outcome(
  { private: _private, ...of }: EntryDraft,
  parent: RecordedEntry,
  answer?: RecordedEntry,
  more: Partial<EntryDraft> = {},
): EntryDraft {
  const nothing: Partial<EntryDraft> = { outcomes: { unavailable: 1 }, reason: 'provider-timeout' };
  const said: Partial<EntryDraft> = answer ? { outcomes: { found: 1 }, answer: leafOf(answer) } : nothing;
  return { ...of, kind: 'outcome', parent: leafOf(parent), ...said, ...more };
}

/** The files of a node's logs over HTTP, from its real database; `spoil` may change or refuse what is served. */
export class LogFiles {
  readonly asked: string[] = [];
  spoil: (path: string, body: Buffer) => Buffer | undefined = (_path, body) => body;
  private server: Server | undefined;

  constructor(private readonly database: () => Pick<Database, 'pool'>) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      void this.answer(request.url!).then((body) => {
        response.writeHead(body ? 200 : 404, { 'content-type': 'application/octet-stream' });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private async answer(path: string): Promise<Buffer | undefined> {
    this.asked.push(path);
    const [, origin, rest] = /^\/logs\/([^/]+\/[^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
    const body = await this.read(origin!, rest!).catch(() => undefined);
    return body && this.spoil(path, body);
  }

  private async read(origin: string, rest: string): Promise<Buffer | undefined> {
    const reader = new LogReader({ database: this.database() });
    if (rest === 'checkpoint') return Buffer.from((await reader.checkpoint(origin))!.note);
    const tile = parseTilePath(rest)!;
    if (!('entries' in tile)) return reader.tile(origin, tile.level, tile.n, tile.width);
    const entries = await reader.entries(origin, tile.n * 256, tile.width);
    return encodeEntryBundle(entries.map(({ publicLine }) => publicLine));
  }
}

function privateDir(): string {
  return mkdtempSync(join(tmpdir(), `keys-${randomBytes(4).toString('hex')}-`));
}

function agencyOf(id: SpecAgency): Agency {
  const contact = { office: '', phone: '' };
  return { id, class: CLASSES[id], name: '', uscc: '', region: '990000', provides: [], contact };
}
