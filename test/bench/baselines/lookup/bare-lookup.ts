import pg from 'pg';
import { work } from '../../stage/worker.js';
import { LOOKUP, type FileRow } from '../minimum/lookups.js';
import { runLookups, type LookupRun } from './run-lookups.js';

export interface BareLookupSettings {
  sourceUrl: string;
  numbers: string[];
}

/** Bare node-pg: the same rows of the same persons by `= any($1)`, prepared, nothing done with them but counted. */
await work(({ sourceUrl, numbers }: BareLookupSettings) => {
  const pool = new pg.Pool({ connectionString: sourceUrl, max: 8 });
  const lookup = async (asked: string[]): Promise<number> => {
    const { rows } = await pool.query<FileRow>({ name: 'lookup', text: LOOKUP, values: [asked] });
    return new Set(rows.map(({ number }) => number)).size;
  };
  return Promise.resolve({
    calls: { run: (run: LookupRun) => runLookups(run, lookup, numbers) },
    close: () => pool.end(),
  });
});
