import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Database } from '#database';
import { openLogWriter, type LogWriter, type Tail } from '#evidence';
import { edgeFileOf } from '#node';
import { verifyRequest } from '#identity';
import { Problem } from '#problem';
import { KeyStore, type RegistryView } from '#registry';
import { encodeEntryBundle, noteSigner, parseTilePath } from '#tlog';
import { NOW } from './cli.fixture.js';

/** What a log's writer published. */
export interface Written {
  lines: Buffer[];
  checkpoint: string;
}

/** Appends entries with private lines to a log of a node, as its own writer does, at the moment of these specs. */
export async function writeEntries(
  database: Pick<Database, 'pool'>,
  dir: string,
  origin: string,
  count: number,
): Promise<Written> {
  const [agency = ''] = origin.split('/');
  const tails: Tail[] = [];
  const draft = () => ({ kind: 'admin' as const, exchange: randomUUID(), from: agency, to: agency });
  const drafts = Array.from({ length: count }, () => ({ ...draft(), private: { note: { bundle: 1 } } }));
  const write = async (log: LogWriter) => void (await Promise.all(drafts.map((one) => log.append(one))));
  await writingEntries(database, dir, origin, write, (tail) => tails.push(tail));
  return { lines: tails.flatMap(({ lines }) => [...lines]), checkpoint: tails.at(-1)!.checkpoint.note };
}

/** Has a log of a node open for some work, as its process has. */
export async function writingEntries(
  database: Pick<Database, 'pool'>,
  dir: string,
  origin: string,
  work: (log: LogWriter) => Promise<void>,
  onCommit: (tail: Tail) => void = () => undefined,
): Promise<void> {
  const [agency = ''] = origin.split('/');
  const keys = new KeyStore(dir, agency);
  keys.secret('epoch', { create: true });
  const log = await openLogWriter({
    ...{ database, origin, clock: () => NOW, tickEvery: 0, onCommit },
    signer: noteSigner(origin, keys.logKey(origin, NOW).privateKey),
    sealKey: keys.secret('seal', { create: true }),
    edgeFile: edgeFileOf(dir, origin),
  });
  try {
    await work(log);
  } finally {
    await log.close();
  }
}

/** Makes a node's database as old as it was before `work`: its log's entries since then are lost, its edge is not. */
export async function loseEntries(
  { pool }: Pick<Database, 'pool'>,
  origin: string,
  work: () => Promise<Written>,
): Promise<Written> {
  const { rows } = await pool.query<{ size: string; root: Buffer; seal: Buffer }>(
    'select size, root, seal from log_head where origin = $1',
    [origin],
  );
  const { size, root, seal } = rows[0]!;
  const written = await work();
  await pool.query(
    `alter table log_entry disable trigger user;
     delete from log_entry where origin = '${origin}' and index >= ${size};
     alter table log_entry enable trigger user;
     delete from log_tile where origin = '${origin}' and (n + 1) * 256 ^ (level + 1) > ${size}`,
  );
  await pool.query('update log_head set size = $2, root = $3, seal = $4 where origin = $1', [
    ...[origin, size, root, seal],
  ]);
  return written;
}

export interface TestMonitor {
  url: string;
  close(): Promise<void>;
}

/** A monitor that has one log and gives its entries to their owner alone. */
export async function startTestMonitor(
  view: () => RegistryView,
  log: () => Written & { owner: string },
): Promise<TestMonitor> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const message = { method, target: url, headers, rawBody: Buffer.alloc(0) };
    try {
      const { agency } = verifyRequest(message, { registry: view(), now: NOW, authority });
      if (agency !== log().owner) throw new Problem('not-entitled');
      response.end(served(log(), url.split('/').slice(5).join('/')));
    } catch (error) {
      refuse(response, Problem.from(error));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function served({ lines, checkpoint }: Written, path: string): Buffer {
  if (path === 'checkpoint') return Buffer.from(checkpoint);
  const tile = parseTilePath(path);
  if (!tile || !('entries' in tile)) throw new Problem('not-found');
  return encodeEntryBundle(lines.slice(tile.n * 256, tile.n * 256 + tile.width));
}

function refuse(response: ServerResponse, problem: Problem): void {
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problem.toDocument()));
}
