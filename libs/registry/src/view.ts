import { createHash } from 'node:crypto';
import { Problem } from '#problem';
import { formatVerifierKey, noteVerifier } from '#tlog';
import {
  type Agency,
  type KeyUse,
  type LogKey,
  type RegisteredKey,
  type Registry,
  type UsableKey,
} from './model.js';
import { importPublicKey } from './public-key.js';
import { regionCovers } from './region.js';
import { inForce } from './validity.js';

/** A registry with its lookups built: what a request needs of it costs one map access. Times are ms since the epoch. */
export class RegistryView {
  readonly number: number;
  readonly issuedAt: string;
  readonly agencies: readonly Agency[];
  /** SHA-256 of the canonical text: tells two registries with one number apart. */
  readonly hash: string;
  private readonly agenciesById: Map<string, Agency>;
  private readonly signatureKeys: Map<string, UsableKey>;
  private readonly byOwner: Map<string, UsableKey[]>;
  private readonly logs: Map<string, RegisteredKey[]>;

  constructor(registry: Registry, text: string) {
    this.number = registry.number;
    this.issuedAt = registry.issuedAt;
    this.agencies = registry.agencies;
    this.hash = createHash('sha256').update(text).digest('base64url');
    this.agenciesById = new Map(registry.agencies.map((agency) => [agency.id, agency]));
    const usable = registry.keys.filter(({ use }) => use !== 'log').map(withKeyObject);
    this.signatureKeys = new Map(usable.filter(isSignatureKey).map((key) => [key.id, key]));
    this.byOwner = groupBy(usable, ({ agency, use }) => owner(agency, use));
    this.logs = groupBy(
      registry.keys.filter(({ use }) => use === 'log'),
      ({ origin }) => origin!,
    );
  }

  agency(id: string): Agency | undefined {
    return this.agenciesById.get(id);
  }

  /** Agencies that answer query `code` (without version) and whose region covers, or is covered by, the asked one. */
  providersOf(code: string, region: string): Agency[] {
    return this.agencies.filter(
      (agency) =>
        agency.provides.includes(code) &&
        (regionCovers(agency.region, region) || regionCovers(region, agency.region)),
    );
  }

  /** The HTTP-signature key `keyId`, when it is in force at `at`. */
  signatureKey(keyId: string, at: number): UsableKey | undefined {
    const key = this.signatureKeys.get(keyId);
    return key && inForce(key, at) ? key : undefined;
  }

  /**
   * The agency that a key id names, be the key in force, ended or made up; undefined where it names none of the registry. It
   * proves nothing: who only claims a key is no more than its name.
   */
  agencyNamedBy(keyId: string): string | undefined {
    const registered = this.signatureKeys.get(keyId)?.agency;
    return registered ?? this.agency(keyId.slice(0, Math.max(0, keyId.indexOf('/'))))?.id;
  }

  /** HPKE keys of an agency in force at `at`, newest first: a sender takes the first. */
  hpkeKeys(agency: string, at: number): UsableKey[] {
    return this.ownedBy(agency, 'hpke', at).sort(newestFirst);
  }

  /** Keys that may sign the bundles of `provider` at `at`, newest first. */
  schemeKeys(provider: string, at: number): UsableKey[] {
    return this.ownedBy(provider, 'scheme', at).sort(newestFirst);
  }

  /** Every key of a log with the tree sizes that it signs, in order; empty for a log that is not registered. */
  logKeys(origin: string): LogKey[] {
    return (this.logs.get(origin) ?? []).map(({ publicKey, fromSize, toSize }) => ({
      publicKey: Buffer.from(publicKey, 'base64url'),
      fromSize: fromSize!,
      ...(toSize !== undefined && { toSize }),
    }));
  }

  /** The agency that registered the log `origin`. */
  logOwner(origin: string): string | undefined {
    return this.logs.get(origin)?.[0]?.agency;
  }

  /** Origins of all registered logs, sorted. */
  get origins(): string[] {
    return [...this.logs.keys()].sort();
  }

  /**
   * C2SP signed-note verifier key text of a log's newest key, `<origin>+<key id>+<base64>`.
   * @throws Problem `not-found` for a log that is not registered
   */
  verifierKey(origin: string): string {
    const newest = this.logKeys(origin).at(-1);
    if (newest === undefined) throw new Problem('not-found', { field: 'origin' });
    return formatVerifierKey(noteVerifier(origin, newest.publicKey));
  }

  private ownedBy(agency: string, use: KeyUse, at: number): UsableKey[] {
    return (this.byOwner.get(owner(agency, use)) ?? []).filter((key) => inForce(key, at));
  }
}

function withKeyObject(key: RegisteredKey): UsableKey {
  return { ...key, keyObject: importPublicKey(key.algorithm, key.publicKey) };
}

function isSignatureKey({ use }: RegisteredKey): boolean {
  return use === 'http-signature';
}

function owner(agency: string, use: KeyUse): string {
  return `${agency}/${use}`;
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function newestFirst(a: RegisteredKey, b: RegisteredKey): number {
  if (a.from !== b.from) return a.from < b.from ? 1 : -1;
  return generation(b.id) - generation(a.id);
}

function generation(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
