import { setTimeout as sleep } from 'node:timers/promises';
import { openPool } from '#database';
import {
  checkLog,
  LogReader,
  parsePublicLine,
  verifyReceipt,
  type LoggedEntry,
  type PublicLine,
  type Receipt,
} from '#evidence';
import { Edge, hashLeaf } from '#tlog';
import { agencyOf, verifierOf, type Surface } from './surface.js';

type Pool = ReturnType<typeof openPool>;

/** What the logs say, read from the databases while nobody asks. */
export interface Books {
  entries: ReadonlyMap<string, LoggedEntry[]>;
  /** `<origin> <kind> <exchange>` to what the public line says; `acknowledgement` is a kind here. */
  lines: ReadonlyMap<string, PublicLine & { leaf: string }>;
}

/** What an agency was shown of one call. */
export interface Shown {
  requester: string;
  exchanges: readonly { exchange: string; provider: string; receipt?: Receipt }[];
}

/** Opens each log's database in turn; its head is signed before `read` looks. */
export async function readLogs<T>(
  surface: Surface,
  origins: readonly string[],
  read: (database: { pool: Pool }, origin: string) => Promise<T>,
): Promise<Map<string, T>> {
  const results = new Map<string, T>();
  for (const origin of origins) {
    const pool = openPool({ url: surface.databaseUrls.get(agencyOf(origin))!, name: 'crash-spec' });
    try {
      await untilSigned(pool, origin);
      results.set(origin, await read({ pool }, origin));
    } finally {
      await pool.end();
    }
  }
  return results;
}

export async function readBooks(surface: Surface, origins: readonly string[]): Promise<Books> {
  const entries = await readLogs(surface, origins, (database, origin) =>
    new LogReader({ database }).entries(origin, 0, 10_000_000),
  );
  const all = [...entries.values()].flat();
  return {
    entries,
    lines: new Map(
      all.map(({ origin, publicLine, leaf }) => {
        const line = { ...parsePublicLine(publicLine), leaf: leaf.toString('base64url') };
        return [`${origin} ${line.late ? 'acknowledgement' : line.kind} ${line.exchange}`, line];
      }),
    ),
  };
}

/** Everything found wrong by recomputing the logs from their rows against the signed checkpoints. */
export async function faultsOfLogs(surface: Surface, origins: readonly string[]): Promise<string[]> {
  const found = await readLogs(surface, origins, (database, origin) =>
    checkLog(database, origin, [verifierOf(surface, origin)]),
  );
  return [...found].flatMap(([origin, findings]) =>
    findings.map((finding) => `${origin} ${JSON.stringify(finding)}`),
  );
}

/**
 * Everything that an agency was answered and that the books do not bear out: its receipt verifies, is byte for byte the row
 * of the provider's log under a checkpoint that the log has grown from, and intent, disclosure and outcome name each other.
 */
export function faultsOfAnswers(surface: Surface, books: Books, history: readonly Shown[]): string[] {
  const shown = history.flatMap(({ requester, exchanges }) =>
    exchanges.map((exchange) => ({ requester, ...exchange })),
  );
  const faults = shown.flatMap(({ requester, exchange, provider, receipt }) => {
    if (!receipt) return [`${exchange} has no receipt`];
    return [
      ...faultsOfReceipt(surface, books, `${provider}/adapter/0`, receipt),
      ...faultsOfTrail(books, requester, provider, exchange),
    ].map((fault) => `${exchange} ${fault}`);
  });
  return [...faults, ...faultsOfCheckpoints(surface, books, shown)];
}

function faultsOfReceipt(surface: Surface, books: Books, origin: string, receipt: Receipt): string[] {
  const { findings, index } = verifyReceipt(receipt, [verifierOf(surface, origin)]);
  const row = books.entries.get(origin)?.[index ?? -1];
  const same = row?.publicLine.equals(Buffer.from(receipt.entry)) === true;
  return [...findings.map(({ what }) => what), ...(same ? [] : ['receipt is not the stored row'])];
}

function faultsOfTrail({ lines }: Books, requester: string, provider: string, exchange: string): string[] {
  const intent = lines.get(`${requester}/gateway/0 intent ${exchange}`);
  const disclosure = lines.get(`${provider}/adapter/0 disclosure ${exchange}`);
  const outcome = lines.get(`${requester}/gateway/0 outcome ${exchange}`);
  const missing = Object.entries({ intent, disclosure, outcome }).filter(([, line]) => !line);
  if (missing.length > 0) return missing.map(([kind]) => `${kind} is not recorded`);
  return [
    ...(disclosure!.parent === intent!.leaf ? [] : ['disclosure is of another intent']),
    ...(outcome!.parent === intent!.leaf ? [] : ['outcome is of another intent']),
    ...(outcome!.answer === disclosure!.leaf ? [] : ['outcome is of another disclosure']),
  ];
}

/** Every tree that anyone was shown is the beginning of the tree that is there now. */
function faultsOfCheckpoints(
  surface: Surface,
  { entries }: Books,
  shown: readonly { provider: string; receipt?: Receipt }[],
): string[] {
  return [...entries].flatMap(([origin, rows]) => {
    const verifiers = [verifierOf(surface, origin)];
    const roots = new Map(
      shown
        .filter(({ provider, receipt }) => receipt && `${provider}/adapter/0` === origin)
        .map(({ receipt }) => verifyReceipt(receipt, verifiers).checkpoint!)
        .map(({ size, root }) => [size, root]),
    );
    let edge = Edge.empty();
    return [...roots]
      .sort(([one], [other]) => one - other)
      .flatMap(([size, root]) => {
        ({ edge } = edge.extend(rows.slice(edge.size, size).map(({ publicLine }) => hashLeaf(publicLine))));
        return edge.root().equals(root) ? [] : [`${origin} is not grown from the tree of ${size} shown`];
      });
  });
}

/** The newest checkpoint is stored a moment after its entries. */
async function untilSigned(pool: Pool, origin: string): Promise<void> {
  for (const end = Date.now() + 5_000; Date.now() < end; await sleep(50)) {
    const { rowCount } = await pool.query(
      'select from log_head join log_checkpoint using (origin, size, root) where origin = $1',
      [origin],
    );
    if (rowCount === 1) return;
  }
  throw new Error(`${origin}: the head was not signed within five seconds`);
}
