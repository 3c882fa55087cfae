import pg from 'pg';

const TABLE = `create table if not exists audit (
  exchange uuid not null,
  kind text not null,
  at timestamptz not null,
  line bytea not null,
  primary key (exchange, kind)
)`;

const INSERT = `insert into audit (exchange, kind, at, line)
select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::bytea[])`;

interface Waiting {
  exchange: string;
  kind: string;
  at: Date;
  line: Buffer;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Audit rows by group commit: what comes while one insert is on its way is the next one. A row is durable when its promise resolves. */
export class AuditRows {
  private waiting: Waiting[] = [];
  private busy = false;

  private constructor(private readonly client: pg.Client) {}

  static async open(url: string): Promise<AuditRows> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(TABLE);
    return new AuditRows(client);
  }

  add(exchange: string, kind: string, line: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const at = new Date();
      this.waiting.push({ exchange, kind, at, line: Buffer.from(JSON.stringify(line)), resolve, reject });
      if (this.busy) return;
      this.busy = true;
      setImmediate(() => void this.flush());
    });
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = this.waiting;
      this.waiting = [];
      await this.insert(rows).then(
        () => rows.forEach(({ resolve }) => resolve()),
        (error: unknown) => rows.forEach(({ reject }) => reject(error)),
      );
    }
    this.busy = false;
  }

  private insert(rows: readonly Waiting[]): Promise<unknown> {
    const values = [
      rows.map(({ exchange }) => exchange),
      rows.map(({ kind }) => kind),
      rows.map(({ at }) => at),
      rows.map(({ line }) => line),
    ];
    return this.client.query({ name: 'audit', text: INSERT, values });
  }
}
