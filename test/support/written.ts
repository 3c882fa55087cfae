import { type AgencyNode } from '#node';

/** An entry as a node's database holds it. */
export interface Written {
  public: Record<string, unknown>;
  private: Record<string, unknown>;
  /** Both lines as they are stored. */
  text: string;
}

/** What a node's own log has from an index on, but for the ticks of a quiet log. */
export async function writtenSince({ database, origin }: AgencyNode, index: number): Promise<Written[]> {
  const { rows } = await database.pool.query<{ public: Buffer; private: Buffer }>(
    `select public, private from log_entry where origin = $1 and index >= $2 and kind <> 'tick' order by index`,
    [origin, index],
  );
  return rows.map((row) => ({
    public: parsed(row.public),
    private: parsed(row.private),
    text: `${row.public.toString()}${row.private.toString()}`,
  }));
}

function parsed(line: Buffer): Record<string, unknown> {
  return JSON.parse(line.toString()) as Record<string, unknown>;
}

/** Name of the problem that an answer is. */
export function reasonIn(body: Record<string, unknown>): string {
  return String(body['type']).replace('urn:exchange-gateway:problem:', '');
}
