import { minimumSingle } from '../baselines/minimum/trials.js';
import { type Figure } from '../figure.js';
import { oursSingle } from '../ours/trials.js';

export const throughputMinimum: Figure = {
  id: 'throughput-minimum',
  what: 'single-subject queries/s, everything on, 256 in flight / hand-written minimum of the same duties',
  unit: 'queries/s',
  ours: { trial: oursSingle, value: 'perSecond' },
  baseline: { trial: minimumSingle, value: 'perSecond' },
  goal: { at: 'least', now: 0.5, later: 0.8 },
  set: 'throughput',
};
