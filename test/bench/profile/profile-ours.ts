import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ours } from '../ours/ours.js';
import { oursSingle } from '../ours/trials.js';
import { servers } from '../stage/servers.js';
import { type Stage } from '../stage/stage.js';
import { commitsByDatabase } from './commits.js';
import { byFunction, byModule, byOwner, type CpuProfile, type Share } from './summary.js';

const MODULES = 30;
const FUNCTIONS = 40;
const WARM_UP_S = 5;
/** Until a profile has begun, or has been written. */
const SETTLE_MS = 3_000;

/** Profiles each of our processes while single questions are asked as fast as they are answered, and says where the time went. */
export async function profileOurs(stage: Stage, folder: string): Promise<string> {
  const dir = resolve(folder);
  mkdirSync(dir, { recursive: true });
  await oursSingle.run(stage, WARM_UP_S);
  const pids = [...(await stage.use(ours)).pids()];
  for (const [, pid] of pids) process.kill(pid, 'SIGUSR2');
  await sleep(SETTLE_MS);
  const { databases } = await stage.use(servers);
  const before = await commitsByDatabase(databases.postgres.url());
  const { perSecond } = await oursSingle.run(stage, stage.options.seconds);
  for (const [, pid] of pids) process.kill(pid, 'SIGUSR2');
  const after = await commitsByDatabase(databases.postgres.url());
  await sleep(SETTLE_MS);
  const queries = perSecond! * stage.options.seconds;
  const parts = pids.map(([name, pid]) => {
    const profile = JSON.parse(readFileSync(join(dir, `${pid}.cpuprofile`), 'utf8')) as CpuProfile;
    return section(name, `${pid}.cpuprofile`, profile, queries);
  });
  const transactions = [...after].map(([name, count]) => {
    return `${((count - (before.get(name) ?? 0)) / queries).toFixed(2).padStart(7)}  ${name}`;
  });
  return [
    `${Math.round(perSecond!)} queries/s while profiled, ${stage.options.inFlight} in flight; µs of self time per query`,
    ...parts,
    ['== PostgreSQL, transactions per query (reads too) by database', ...transactions].join('\n'),
  ].join('\n\n');
}

function section(name: string, file: string, profile: CpuProfile, queries: number): string {
  const list = (shares: readonly Share[], most: number): string[] => {
    const total = shares.reduce((sum, { microseconds }) => sum + microseconds, 0);
    return shares.slice(0, most).map(({ place, microseconds }) => {
      const each = (microseconds / queries).toFixed(1).padStart(7);
      return `${each}  ${((microseconds / total) * 100).toFixed(1).padStart(5)} %  ${place}`;
    });
  };
  const parts: [string, string[]][] = [
    [`== ${name} (${file}): self time by module`, list(byModule(profile), MODULES)],
    ['-- by our own function, with what it calls outside', list(byOwner(profile), FUNCTIONS)],
    ['-- self time by function', list(byFunction(profile), FUNCTIONS)],
  ];
  return parts.map(([head, lines]) => [head, ...lines].join('\n')).join('\n');
}
