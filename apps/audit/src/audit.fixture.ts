import { createSecretKey, generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContracts } from '#contracts';
import { type Database } from '#database';
import { openLogWriter, type EntryDraft, type LogWriter } from '#evidence';
import { signRequest } from '#identity';
import { createLogger } from '#observability';
import {
  compileRegistry,
  exportPublicKey,
  RegistryHolder,
  signRegistry,
  type Agency,
  type RegisteredKey,
} from '#registry';
import { noteSigner, noteVerifier } from '#tlog';
import { startAudit, type RunningAudit } from './index.js';

/** The moment of the specs. */
export const NOW = Date.parse('2026-03-02T01:00:00.000Z');
export const epochKey = createSecretKey(Buffer.alloc(32, 7));
const FROM = '2026-01-01T00:00:00.000Z';

/** Agency to class: enough of a province for a node, its counterpart, a stranger and the monitor. */
const CLASSES = { 'hrss-1': 'hrss', 'housing-1': 'housing', 'fund-1': 'fund', 'data-1': 'data' } as const;
export type SpecAgency = keyof typeof CLASSES;

/** A signed registry of four agencies, each with an HTTP-signature key, `hrss-1` with one log. */
export class Province {
  readonly origin = 'hrss-1/adapter/0';
  readonly logKey = privateKey();
  readonly registry: RegistryHolder;
  private readonly keys = new Map<string, KeyObject>();

  constructor() {
    const root = privateKey();
    const agencies = Object.keys(CLASSES) as SpecAgency[];
    const signature = agencies.map((agency): RegisteredKey => {
      this.keys.set(agency, privateKey());
      return registered(`${agency}/http-signature/1`, agency, 'http-signature', this.keys.get(agency)!);
    });
    const log = {
      ...registered(this.origin, 'hrss-1', 'log', this.logKey),
      origin: this.origin,
      fromSize: 0,
    };
    const compiled = compileRegistry({
      number: 1,
      issuedAt: FROM,
      agencies: agencies.map(agencyOf),
      keys: [...signature, log],
    });
    const pinned = noteVerifier('p/registry', Buffer.from(exportPublicKey(root), 'base64url'));
    this.registry = new RegistryHolder(signRegistry(compiled, noteSigner('p/registry', root)), pinned);
  }

  openLog(database: Pick<Database, 'pool'>, clock: () => number): Promise<LogWriter> {
    return openLogWriter({
      database,
      origin: this.origin,
      signer: noteSigner(this.origin, this.logKey),
      sealKey: randomBytes(32),
      edgeFile: join(mkdtempSync(join(tmpdir(), 'audit-')), 'edge'),
      tickEvery: 0,
      clock,
    });
  }

  /** Sends a request signed by an agency's registered key. */
  async fetchAs(agency: SpecAgency, url: string, now: number, body?: string): Promise<Response> {
    const method = body === undefined ? 'GET' : 'POST';
    const keyId = `${agency}/http-signature/1`;
    const message = { method, url, ...(body !== undefined && { body }), keyId, now };
    const headers = signRequest({ ...message, privateKey: this.keys.get(agency)! });
    return fetch(url, { method, headers, ...(body !== undefined && { body }) });
  }

  /** The headers of a signed request without a body. */
  sign(agency: SpecAgency, url: string, now: number): Record<string, string> {
    const keyId = `${agency}/http-signature/1`;
    return signRequest({ method: 'GET', url, keyId, now, privateKey: this.keys.get(agency)! });
  }
}

/** The audit server of `hrss-1`. */
export function startTestAudit(
  { registry }: Province,
  more: Pick<Parameters<typeof startAudit>[0], 'database'> & Partial<Parameters<typeof startAudit>[0]>,
): Promise<RunningAudit> {
  return startAudit({
    security: { record: () => undefined },
    registry,
    agency: 'hrss-1',
    contracts: loadContracts(),
    http: { host: '127.0.0.1', port: 0 },
    logger: createLogger('silent'),
    clock: () => NOW,
    epochKey,
    synthetic: 'accept',
    ...more,
  });
}

/** An answer of `hrss-1` to a question of `housing-1`. */
export function disclosure(more: Partial<EntryDraft> = {}): EntryDraft {
  return {
    kind: 'disclosure',
    exchange: randomUUID(),
    from: 'hrss-1',
    to: 'housing-1',
    query: 'HR-SI-01@1',
    outcomes: { found: 1 },
    private: {
      purpose: { code: 'licence-screening', campaign: 'C-2026-01' },
      basis: ['晋建审字〔2024〕179号'],
      fields: { status: 'plain' },
    },
    ...more,
  };
}

/** What a refusal says. */
export async function refusal(answer: Promise<Response>): Promise<unknown> {
  const { code, field, status } = (await (await answer).json()) as {
    code: number;
    field?: string;
    status: number;
  };
  return { status, code, ...(field !== undefined && { field }) };
}

function privateKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

function registered(id: string, agency: string, use: RegisteredKey['use'], key: KeyObject): RegisteredKey {
  return { id, agency, use, algorithm: 'ed25519', publicKey: exportPublicKey(key), from: FROM };
}

function agencyOf(id: SpecAgency): Agency {
  const contact = { office: '', phone: '' };
  return { id, class: CLASSES[id], name: '', uscc: '', region: '990000', provides: [], contact };
}
