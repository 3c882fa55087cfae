import pg from 'pg';

/** The provider's rows of many persons at once: the joins of our own view (HR-AR-01), by hand. */
export const LOOKUP = `select p.aae135 as number, f.cfdw, f.cflx, to_char(f.cfrq, 'YYYY') as year, f.aab301
  from ac01 p left join ryda f on f.aac001 = p.aac001
 where p.aaa029 = '01' and p.aae135 = any($1)`;

export interface FileRow {
  number: string;
  cfdw: string | null;
  cflx: string | null;
  year: string | null;
  aab301: string | null;
}

const AT_A_TIME = 2;

interface Waiting {
  number: string;
  resolve: (rows: FileRow[]) => void;
  reject: (error: unknown) => void;
}

/** Point lookups, those that come together asked together. */
export class Lookups {
  private waiting: Waiting[] = [];
  private busy = 0;

  private constructor(private readonly pool: pg.Pool) {}

  static open(url: string): Lookups {
    return new Lookups(new pg.Pool({ connectionString: url, max: AT_A_TIME }));
  }

  of(number: string): Promise<FileRow[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ number, resolve, reject });
      if (this.busy === AT_A_TIME) return;
      this.busy++;
      setImmediate(() => void this.flush());
    });
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const asked = this.waiting;
      this.waiting = [];
      await this.find(asked).catch((error: unknown) => asked.forEach(({ reject }) => reject(error)));
    }
    this.busy--;
  }

  private async find(asked: readonly Waiting[]): Promise<void> {
    const numbers = [...new Set(asked.map(({ number }) => number))];
    const { rows } = await this.pool.query<FileRow>({ name: 'lookup', text: LOOKUP, values: [numbers] });
    const found = new Map<string, FileRow[]>(numbers.map((number) => [number, []]));
    for (const row of rows) found.get(row.number)!.push(row);
    for (const { number, resolve } of asked) resolve(found.get(number)!);
  }
}
