import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { openDatabase } from '#database';
import { evidenceMigrations, openLogWriter, type EntryDraft } from '#evidence';
import { unpredictable } from '#random';
import { noteSigner } from '#tlog';
import { work } from '../stage/worker.js';

export interface AppendSettings {
  databaseUrl: string;
  edgeFile: string;
}

export interface AppendRun {
  callers: number;
  seconds: number;
}

/** What the baseline has to write as well. */
export interface AppendResult {
  perSecond: number;
  /** Entries of one commit, on average. */
  group: number;
  publicBytes: number;
  privateBytes: number;
}

const ORIGIN = 'bench-990000/adapter/0';

/** Callers who append to one log, each its next entry when its last is durable, sequenced, signed and proved. */
await work(async ({ databaseUrl, edgeFile }: AppendSettings) => {
  const database = await openDatabase({ url: databaseUrl, name: 'bench', migrations: evidenceMigrations });
  let [commits, entries, publicBytes] = [0, 0, 0];
  const log = await openLogWriter({
    ...{ database, origin: ORIGIN, edgeFile, sealKey: randomBytes(32), tickEvery: 0 },
    signer: noteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey),
    onCommit: ({ lines }) => {
      commits += 1;
      entries += lines.length;
      publicBytes = lines[0]!.length;
    },
  });

  const run = async ({ callers, seconds }: AppendRun): Promise<AppendResult> => {
    [commits, entries] = [0, 0];
    let privateBytes = 0;
    const begun = performance.now();
    const end = begun + seconds * 1000;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) {
        const { privateLine } = await log.append(outcome());
        privateBytes = privateLine!.length;
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
    const perSecond = entries / ((performance.now() - begun) / 1000);
    return { perSecond, group: Math.round(entries / commits), publicBytes, privateBytes };
  };

  return {
    calls: { run },
    close: async () => {
      await log.close();
      await database.close();
    },
  };
});

/** An outcome as a gateway records it, without the tables that are not the log. */
function outcome(): EntryDraft {
  const leaf = unpredictable(32).toString('base64url');
  return {
    ...{ kind: 'outcome', exchange: randomUUID(), deadline: new Date(Date.now() + 10_000).toISOString() },
    ...{
      from: 'housing-990100',
      to: 'hrss-990000',
      query: 'HR-AR-01@1',
      region: '990100',
      bundle: 1,
      subjects: 1,
    },
    ...{ parent: leaf, answer: leaf, outcomes: { found: 1 } },
    private: {
      purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
      ...{ call: randomUUID(), sigHash: unpredictable(32).toString('base64url') },
    },
  };
}
