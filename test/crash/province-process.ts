import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startProgram } from '#testing';
import { SETTINGS, type Surface } from './surface.js';

/** A whole province in a process of its own, for specs that kill it. */
export interface ProvinceProcess extends Surface {
  /** kill -9; resolves once the process is gone. PostgreSQL's guard then stops the server in its own time. */
  kill(): Promise<void>;
  /** Orderly. */
  close(): Promise<void>;
}

const PROGRAM = `
  import 'reflect-metadata';
  import { startProvince } from '#apps/demo';
  import { createLogger } from '#observability';
  const logger = createLogger('error', { write: () => undefined });
  const province = await startProvince({ dir: process.argv[1], persons: 60, seed: 7, logger, settings: JSON.parse(process.argv[2]) });
  const said = [...province.gateways].map(([agency, { url }]) => [agency, url, province.databases.nodeUrl(agency)]);
  process.stdout.write(JSON.stringify(said) + '\\n');
  process.stdin.on('end', () => void province.close().then(() => process.exit(0))).resume();`;

/** Starts it on `dir`, which it leaves as it is when it ends. */
export async function startProvinceProcess(dir: string): Promise<ProvinceProcess> {
  const child = startProgram(PROGRAM, [dir, JSON.stringify(SETTINGS)]);
  const exited = once(child, 'close');
  const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const line = await Promise.race([first, exited.then(() => undefined)]);
  if (!line) throw new Error('the province did not start');
  const said = JSON.parse(line[0]) as [string, string, string][];
  return {
    dir,
    urls: new Map(said.map(([agency, url]) => [agency, url])),
    databaseUrls: new Map(said.map(([agency, , database]) => [agency, database])),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
