import { join } from 'node:path';
import { type Agency } from '#contracts';
import { openDatabase, startEmbeddedPostgres, type Database, type EmbeddedPostgres } from '#database';
import {
  fundSource,
  hrssSource,
  housingSource,
  isLoaded,
  loadProvince,
  type ProvinceSources,
} from '#synthetic';

/** The province's database server: for every agency one database of its node and one of its own system, apart. */
export interface ProvinceDatabases {
  postgres: EmbeddedPostgres;
  nodeUrl(agency: string): string;
  sourceUrl(agency: string): string;
  close(): Promise<void>;
}

const SOURCES = { housing: housingSource, hrss: hrssSource, fund: fundSource };

export async function openDatabases(
  dir: string,
  agencies: readonly Agency[],
  settings: Readonly<Record<string, string>>,
  people: { seed: number; persons: number },
): Promise<ProvinceDatabases> {
  const postgres = await startEmbeddedPostgres({
    dir: join(dir, 'postgres'),
    settings: { max_connections: '300', ...settings },
  });
  try {
    const urls = await createDatabases(postgres, agencies);
    await fillSources(agencies, (agency) => urls.get(`source ${agency}`)!, people);
    return {
      postgres,
      nodeUrl: (agency) => urls.get(`node ${agency}`)!,
      sourceUrl: (agency) => urls.get(`source ${agency}`)!,
      close: () => postgres.stop(),
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function createDatabases(
  postgres: EmbeddedPostgres,
  agencies: readonly Agency[],
): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  for (const { id, provides } of agencies) {
    urls.set(`node ${id}`, await postgres.createDatabase(`node_${id.replace('-', '_')}`));
    if (provides.length > 0)
      urls.set(`source ${id}`, await postgres.createDatabase(`source_${id.replace('-', '_')}`));
  }
  return urls;
}

/** Fills the agencies' own systems with the synthetic people, unless an earlier run did. */
async function fillSources(
  agencies: readonly Agency[],
  urlOf: (agency: string) => string,
  people: { seed: number; persons: number },
): Promise<void> {
  const opened = new Map<string, Database>();
  try {
    for (const { id, class: kind, provides } of agencies) {
      if (provides.length === 0 || kind === 'data') continue;
      opened.set(id, await openDatabase({ url: urlOf(id), name: 'fill', migrations: SOURCES[kind] }));
    }
    const of = (id: string): Database => opened.get(id)!;
    const sources: ProvinceSources = {
      housing: of('housing-990000'),
      hrss: of('hrss-990000'),
      fund: { '990100': of('fund-990100'), '990200': of('fund-990200') },
    };
    if (!(await isLoaded(sources))) await loadProvince({ ...people, sources });
  } finally {
    await Promise.all([...opened.values()].map((database) => database.close()));
  }
}
