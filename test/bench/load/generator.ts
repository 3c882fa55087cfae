import { work } from '../stage/worker.js';
import { ClosedLoop } from './closed-loop.js';
import {
  type Asking,
  type ClosedJob,
  type LoadResult,
  type OpenJob,
  type OpenResult,
  type Progress,
} from './job.js';
import { OpenLoop } from './open-loop.js';
import { Stock } from './requests.js';

/** Most requests made ahead: a signature is good for 60 s, and so many are made in a few seconds. A longer run makes its own as it goes. */
const MOST_AHEAD = 200_000;
const LONGEST_AHEAD_S = 30;
const FIRST_GUESS = 1_000;

/** Good answers per second in the last run of a kind: about so many requests are made ahead of the next. */
const lastRates = new Map<string, number>();
let running: ClosedLoop | undefined;

async function closed(job: ClosedJob): Promise<LoadResult> {
  const { asking, seconds, calls = Infinity } = job;
  const name = [...asking.urls, asking.path, asking.subjectsPerCall].join(' ');
  const expected = (lastRates.get(name) ?? FIRST_GUESS) * seconds * 1.3 + job.inFlight;
  const most = seconds > LONGEST_AHEAD_S ? 0 : MOST_AHEAD;
  const ahead = Math.ceil(Math.min(expected, calls, most) / asking.urls.length);
  running = new ClosedLoop(job, stocksOf(asking, ahead));
  const result = await running.run();
  running = undefined;
  lastRates.set(name, result.answered / result.seconds);
  return result;
}

function open(job: OpenJob): Promise<OpenResult> {
  const ahead = Math.min(job.rate * job.seconds, MOST_AHEAD);
  return new OpenLoop(job, stocksOf(job.asking, ahead)[0]!).run();
}

function stocksOf(asking: Asking, ahead: number): Stock[] {
  return asking.urls.map((url) => new Stock(asking, url, ahead));
}

await work(() =>
  Promise.resolve({
    calls: {
      closed,
      open,
      progress: (): Promise<Progress> => Promise.resolve({ answered: running?.tally.answered ?? 0 }),
    },
    close: () => Promise.resolve(),
  }),
);
