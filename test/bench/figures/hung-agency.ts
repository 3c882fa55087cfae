import { type Figure } from '../figure.js';
import { nobodyHangs, oneHangs } from '../ours/hung-trials.js';

export const hungAgency: Figure = {
  id: 'hung-agency',
  what: 'queries/s to a healthy agency while 64 callers wait for one that hangs / without them, one gateway',
  unit: 'queries/s',
  ours: { trial: oneHangs, value: 'perSecond' },
  baseline: { trial: nobodyHangs, value: 'perSecond' },
  goal: { at: 'least', now: 0.95, later: 0.98 },
  set: 'hung-agency',
};
