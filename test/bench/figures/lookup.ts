import { nodePgLookup, oursLookup } from '../baselines/lookup/trials.js';
import { type Figure } from '../figure.js';

export const lookup: Figure = {
  id: 'lookup',
  what: 'adapter batch lookups with mapping, release, masks and the check of every record / bare node-pg any(1000)',
  unit: 'persons/s',
  ours: { trial: oursLookup, value: 'perSecond' },
  baseline: { trial: nodePgLookup, value: 'perSecond' },
  goal: { at: 'least', now: 0.7, later: 0.85 },
  set: 'lookup',
};
