import { stockSingle } from '../baselines/stock/trial.js';
import { type Figure } from '../figure.js';
import { oursSingle } from '../ours/trials.js';

export const throughputStock: Figure = {
  id: 'throughput-stock',
  what: 'single-subject queries/s, everything on, 256 in flight / stock Nest build of the same duties, unsigned and unsealed',
  unit: 'queries/s',
  ours: { trial: oursSingle, value: 'perSecond' },
  baseline: { trial: stockSingle, value: 'perSecond' },
  goal: { at: 'least', now: 2.5, later: 5 },
  set: 'throughput',
};
