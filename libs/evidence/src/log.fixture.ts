import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database } from '#database';
import { type NoteSigner, noteSigner, noteVerifier, type NoteVerifier } from '#tlog';
import { type EntryDraft } from './draft.js';
import { type LogWriter, type LogWriterOptions, openLogWriter } from './writer/log-writer.js';

/** Edge files of this process's specs. */
const FOLDER = join(tmpdir(), `evidence-spec-${process.pid}`);

/** What stays the same when a spec opens the same log again: key, seal key, edge file. */
export interface LogIdentity {
  origin: string;
  signer: NoteSigner;
  /** PKCS#8 PEM of the signer's key, for a writer in another process. */
  privateKey: string;
  verifier: NoteVerifier;
  sealKey: Buffer;
  edgeFile: string;
}

/** A log of its own, with a fresh key. */
export function logIdentity(
  agency = `agency-${randomBytes(4).toString('hex')}`,
  role = 'adapter',
): LogIdentity {
  mkdirSync(FOLDER, { recursive: true });
  const origin = `${agency}/${role}/0`;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    origin,
    signer: noteSigner(origin, privateKey),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    verifier: noteVerifier(origin, publicKey),
    sealKey: randomBytes(32),
    edgeFile: join(FOLDER, randomBytes(8).toString('hex')),
  };
}

const open = new Set<LogWriter>();

/** Opens the writer of a log without ticks. */
export async function openTestLog(
  database: Pick<Database, 'pool'>,
  identity: LogIdentity,
  more: Partial<LogWriterOptions> = {},
): Promise<LogWriter> {
  const { origin, signer, sealKey, edgeFile } = identity;
  const log = await openLogWriter({ database, origin, signer, sealKey, edgeFile, tickEvery: 0, ...more });
  open.add(log);
  return log;
}

/** For `afterEach`: closes what a failed test left open, which would hold its database's pool, and removes edge files. */
export async function closeTestLogs(): Promise<void> {
  await Promise.allSettled([...open].map((log) => log.close()));
  open.clear();
  rmSync(FOLDER, { recursive: true, force: true });
}

/** An intent as a gateway records it. */
export function intent(exchange: string = randomUUID()): EntryDraft {
  return {
    kind: 'intent',
    exchange,
    deadline: '2026-03-02T01:01:00.000Z',
    from: 'housing-990100',
    to: 'hrss-990100',
    query: 'HR-SI-01@1',
    region: '990100',
    subjects: 1,
    private: {
      purpose: { code: 'special-campaign', campaign: 'C-2026-01' },
      basis: ['晋建审字〔2024〕179号'],
    },
  };
}
