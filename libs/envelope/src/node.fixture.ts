import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import {
  bodyHash,
  encodePrivateLine,
  encodePublicLine,
  privHash,
  type PublicLine,
  type RecordedEntry,
} from '#evidence';
import { Problem } from '#problem';
import {
  compileRegistry,
  exportPublicKey,
  openRegistry,
  signRegistry,
  type RegisteredKey,
  type RegistryView,
} from '#registry';
import { formatCheckpoint, hashLeaf, noteSigner, noteVerifier, signNote } from '#tlog';
import { Opener, Sealer, type ToSeal } from './index.js';

export const AT = Date.parse('2026-06-01T08:00:00.000Z');
export const DEADLINE = '2026-06-01T08:01:00.000Z';
export const SUBJECT_ROOT = Buffer.alloc(32, 5);

/** One agency's HPKE keys in memory, with its log's signing key. */
export class TestNode {
  readonly origin: string;
  readonly logKey = generateKeyPairSync('ed25519').privateKey;
  private readonly held = new Map<string, KeyObject>();

  constructor(readonly agency: string) {
    this.origin = `${agency}/gateway/0`;
    this.make(1);
  }

  make(n: number): void {
    this.held.set(`${this.agency}/hpke/${n}`, generateKeyPairSync('x25519').privateKey);
  }

  destroy(n: number): void {
    this.held.delete(`${this.agency}/hpke/${n}`);
  }

  hpkeKey(id: string): KeyObject | undefined {
    return this.held.get(id);
  }

  /** What it registers; a later generation is in force a minute after the one before. */
  registered(): RegisteredKey[] {
    const hpke = [...this.held].map(([id, key], i) =>
      register(id, 'hpke', key, new Date(AT + (i - 1) * 60_000)),
    );
    return [
      ...hpke,
      { ...register(this.origin, 'log', this.logKey, new Date(AT)), origin: this.origin, fromSize: 0 },
    ];
  }
}

function register(id: string, use: 'hpke' | 'log', key: KeyObject, from: Date): RegisteredKey {
  const algorithm = use === 'hpke' ? 'x25519' : 'ed25519';
  return {
    id,
    agency: id.split('/')[0]!,
    use,
    algorithm,
    publicKey: exportPublicKey(key),
    from: from.toISOString(),
  };
}

export function registryOf(nodes: TestNode[], number = 1): { current: RegistryView } {
  const province = generateKeyPairSync('ed25519').privateKey;
  const contact = { office: '', phone: '' };
  const agencies = nodes.map(({ agency: id }) => ({
    id,
    class: 'housing' as const,
    name: '',
    uscc: '',
    region: '990100',
    provides: [],
    contact,
  }));
  const keys = nodes.flatMap((node) => node.registered());
  const registry = compileRegistry({ number, issuedAt: '2026-06-01T00:00:00.000Z', agencies, keys });
  const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(province), 'base64url'));
  return { current: openRegistry(signRegistry(registry, noteSigner('p/registry', province)), { pinned }) };
}

/** Two agencies that ask each other, a third that listens, and a clock that stands at `AT` until moved. */
export function province() {
  const [housing, hrss, tax] = [
    new TestNode('housing-9901'),
    new TestNode('hrss-9901'),
    new TestNode('tax-9901'),
  ];
  const registry = registryOf([housing, hrss, tax]);
  const time = { now: AT };
  const clock = () => time.now;
  const opener = (keys: TestNode) => new Opener({ keys, registry, clock });
  return { housing, hrss, tax, registry, time, clock, sealer: new Sealer({ registry, clock }), opener };
}

/** An entry as its writer would record it, with a path as long as in a log of 100,000 entries. */
export function recorded(
  node: TestNode,
  body: Buffer,
  bodyNonce: Buffer,
  line: Partial<PublicLine> = {},
): RecordedEntry {
  const privateLine = encodePrivateLine({
    salt: randomBytes(16).toString('base64url'),
    purpose: { code: 'special-campaign', campaign: 'C-2026-01' },
    subjectRoot: SUBJECT_ROOT.toString('base64url'),
    bodyHash: bodyHash(bodyNonce, body).toString('base64url'),
  });
  const publicLine = encodePublicLine({
    v: 1,
    kind: 'intent',
    origin: node.origin,
    exchange: randomUUID(),
    at: new Date(AT).toISOString(),
    deadline: DEADLINE,
    from: node.agency,
    to: 'hrss-9901',
    query: 'HR-SI-01@1',
    region: '990100',
    subjects: 1,
    priv: privHash(privateLine),
    ...line,
  });
  const root = randomBytes(32);
  const note = signNote(
    formatCheckpoint({ origin: node.origin, size: 100_000, root }),
    noteSigner(node.origin, node.logKey),
  );
  const path = Array.from({ length: 17 }, () => randomBytes(32));
  const checkpoint = { origin: node.origin, size: 100_000, root, note };
  return { index: 99_999, publicLine, privateLine, leaf: hashLeaf(publicLine), path, checkpoint };
}

/** A question of the housing bureau to 人社; `line` changes its entry, `over` the message around it. */
export function question(
  housing: TestNode,
  line: Partial<PublicLine> = {},
  over: Partial<ToSeal> = {},
): ToSeal {
  const [body, bodyNonce, exchange] = [Buffer.from('{"marked":"question"}'), randomBytes(16), randomUUID()];
  return {
    topic: 'exchange.request.hrss-9901',
    kind: 'request',
    exchange,
    from: housing.agency,
    to: 'hrss-9901',
    bundle: 7,
    deadline: DEADLINE,
    entry: recorded(housing, body, bodyNonce, { exchange, bundle: 7, ...line }),
    bodyNonce,
    kx: randomBytes(32),
    body,
    ...over,
  };
}

/** The answer of 人社 to `asked`. */
export function answer(
  hrss: TestNode,
  asked: ToSeal,
  body: Buffer,
  line: Partial<PublicLine> = {},
  over: Partial<ToSeal> = {},
): ToSeal {
  const bodyNonce = randomBytes(16);
  const { exchange } = asked;
  const parent = asked.entry.leaf.toString('base64url');
  const disclosure = {
    kind: 'disclosure' as const,
    exchange,
    to: asked.from,
    bundle: 8,
    parent,
    outcomes: { found: 1 },
  };
  return {
    topic: `exchange.reply.${asked.from}`,
    kind: 'reply',
    exchange,
    from: hrss.agency,
    to: asked.from,
    bundle: 8,
    deadline: DEADLINE,
    entry: recorded(hrss, body, bodyNonce, { ...disclosure, ...line }),
    bodyNonce,
    body,
    ...over,
  };
}

/** `<problem>` or `<problem> <field>`, or `accepted`. */
export async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Problem) return [error.problem, error.field].filter(Boolean).join(' ');
    throw error;
  }
  return 'accepted';
}
