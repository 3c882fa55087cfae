import { registryOf, type ProvinceDoors } from '#apps/demo';
import { openPool } from '#database';
import { LogReader, parsePublicLine, type LoggedEntry, type PublicLine } from '#evidence';

/** An entry as its node's database holds it. */
export interface Entry {
  origin: string;
  /** Exact text of the public line. */
  text: string;
  line: PublicLine;
  /** Unpadded base64url. */
  leaf: string;
}

/** What all logs hold of one exchange. */
export interface Trail {
  intents: Entry[];
  disclosures: Entry[];
  outcomes: Entry[];
  /** Of what came after the outcome had said that nothing did. */
  acknowledgements: Entry[];
}

/** Every exchange that any log knows of, by id. */
export type Books = ReadonlyMap<string, Trail>;

export interface WithDatabases extends ProvinceDoors {
  databases: { nodeUrl(agency: string): string };
}

/** Reads all logs of the agencies that run, from their databases. */
export async function readBooks(province: WithDatabases): Promise<Books> {
  const books = new Map<string, Trail>();
  const owners = new Set(registryOf(province).origins.map((origin) => origin.slice(0, origin.indexOf('/'))));
  for (const owner of owners) {
    if (province.auditOf(owner) === undefined) continue;
    for (const entry of await entriesOf(province.databases.nodeUrl(owner))) put(books, entry);
  }
  return books;
}

async function entriesOf(url: string): Promise<LoggedEntry[]> {
  const pool = openPool({ url, name: 'books' });
  try {
    const reader = new LogReader({ database: { pool } });
    const logs = (await reader.origins()).map((origin) => reader.entries(origin, 0, 10_000_000));
    return (await Promise.all(logs)).flat();
  } finally {
    await pool.end();
  }
}

const PLACE = { intent: 'intents', disclosure: 'disclosures', outcome: 'outcomes' } as const;

function put(books: Map<string, Trail>, { origin, publicLine, leaf }: LoggedEntry): void {
  const line = parsePublicLine(publicLine);
  if (!(line.kind in PLACE)) return;
  const none: Trail = { intents: [], disclosures: [], outcomes: [], acknowledgements: [] };
  const trail = books.get(line.exchange) ?? none;
  books.set(line.exchange, trail);
  const entry = { origin, text: publicLine.toString(), line, leaf: leaf.toString('base64url') };
  trail[line.late ? 'acknowledgements' : PLACE[line.kind as keyof typeof PLACE]].push(entry);
}
