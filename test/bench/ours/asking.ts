import { type Asking } from '../load/job.js';
import { people } from '../stage/people.js';
import { REQUESTER } from '../stage/servers.js';
import { type Stage } from '../stage/stage.js';
import { ours } from './ours.js';
import { FOUND, PATH, QUESTION } from './question.js';

/** Asks so many of our gateways in turn. */
export async function askOurs(stage: Stage, gateways = 1, subjectsPerCall = 1): Promise<Asking> {
  const { sign, start } = await stage.use(ours);
  const urls: string[] = [];
  for (let n = 0; n < gateways; n++) urls.push((await start(REQUESTER, 'gateway', n)).url);
  const subjects = await stage.use(people);
  return { urls, path: PATH, body: QUESTION, subjects, subjectsPerCall, sign, expect: FOUND };
}

/** How long a question to the agency that does not answer may wait. */
const HUNG_DEADLINE_MS = 5_000;

/** Asks the agency that will not answer. */
export async function askHung(stage: Stage): Promise<Asking> {
  const { sign, start } = await stage.use(ours);
  const { url } = await start(REQUESTER, 'gateway');
  const params = { months: { from: '2026-04', to: '2026-09' } };
  const body = { ...QUESTION, params, deadlineMs: HUNG_DEADLINE_MS };
  const subjects = await stage.use(people);
  return { urls: [url], path: '/v1/queries/PF-01', body, subjects, subjectsPerCall: 1, sign, expect: FOUND };
}
