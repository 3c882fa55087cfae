import { join } from 'node:path';
import { type Agency } from '#contracts';
import { openDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '#database';
import { emptySources, loadProvince, type ProvinceSource } from '#synthetic';
import { systemOf } from './systems.js';

/** The province's database server: for every agency one database of its node and one of its own system, apart. */
export interface ProvinceDatabases {
  postgres: EmbeddedPostgres;
  nodeUrl(agency: string): string;
  sourceUrl(agency: string): string;
  close(): Promise<void>;
}

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
export async function fillSources(
  agencies: readonly Agency[],
  urlOf: (agency: string) => string,
  people: { seed: number; persons: number },
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const sources: ProvinceSource[] = [];
  for (const agency of agencies) {
    const tables = systemOf(agency)?.tables;
    if (!tables) continue;
    const { vocabulary, migrations } = tables;
    const database = await openDatabase({ url: urlOf(agency.id), name: 'fill', migrations, pipeline: false });
    opened.defer(() => database.close());
    sources.push({ vocabulary, region: agency.region, database });
  }
  const empty = await emptySources(sources);
  if (empty.length > 0) await loadProvince({ ...people, sources: empty });
}
