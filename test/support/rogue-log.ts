import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogWriter } from '#evidence';
import { type AgencyNode } from '#node';
import { noteSigner } from '#tlog';

/** A log that somebody keeps under a name, beside the one that its owner shows everybody. */
export interface Rogue {
  origin: string;
  /** Where the attacker keeps it: of each origin one in a database. */
  database: AgencyNode['database'];
  /** The owner's own key makes it a fork; absent = a key of the attacker's. */
  key?: KeyObject;
  /** Entries that it has before it is used. */
  size?: number;
}

/** Opens it and uses it, as the log of a node. */
export async function withRogueLog<T>(
  { origin, database, key, size = 0 }: Rogue,
  use: (log: AgencyNode['log']) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'rogue-'));
  const signer = noteSigner(origin, key ?? generateKeyPairSync('ed25519').privateKey);
  const log = await openLogWriter({
    ...{ database, origin, signer, sealKey: randomBytes(32), edgeFile: join(dir, 'edge') },
    tickEvery: 0,
  });
  try {
    const [owner] = origin.split('/') as [string];
    while (log.health().size < size) await log.append(note(owner));
    return await use(log);
  } finally {
    await log.close();
    await rm(dir, { recursive: true });
  }
}

function note(owner: string): Parameters<AgencyNode['log']['append']>[0] {
  return { kind: 'admin', exchange: randomUUID(), from: owner, to: owner, private: { note: {} } };
}
