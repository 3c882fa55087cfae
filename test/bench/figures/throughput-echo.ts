import { echo } from '../baselines/echo/trial.js';
import { type Figure } from '../figure.js';
import { oursSingle } from '../ours/trials.js';

export const throughputEcho: Figure = {
  id: 'throughput-echo',
  what: 'single-subject queries/s, everything on, 256 in flight / bare batched kafkajs echo',
  unit: 'requests/s',
  ours: { trial: oursSingle, value: 'perSecond' },
  baseline: { trial: echo, value: 'perSecond' },
  goal: { at: 'least', now: 0.07, later: 0.11 },
  set: 'throughput',
};
