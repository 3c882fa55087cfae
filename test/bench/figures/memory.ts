import { type Figure } from '../figure.js';
import { memoryUnderLoad } from '../ours/memory-trial.js';

export const memory: Figure = {
  id: 'memory',
  what: 'resident memory gained over 1,000,000 queries, the process that gains most; beside: each process, and its peak (MB)',
  unit: 'MB',
  ours: { trial: memoryUnderLoad, value: 'slope' },
  goal: { at: 'most', now: 20, later: 5 },
  set: 'memory',
  once: true,
};
