import { echo } from '../baselines/echo/trial.js';
import { type Figure } from '../figure.js';
import { oursBatch } from '../ours/trials.js';

export const batchEcho: Figure = {
  id: 'batch-echo',
  what: 'subjects/s in calls of 100 subjects, 16 calls in flight / bare batched kafkajs echo requests/s',
  unit: 'subjects or requests/s',
  ours: { trial: oursBatch, value: 'perSecond' },
  baseline: { trial: echo, value: 'perSecond' },
  goal: { at: 'least', now: 0.7, later: 1.5 },
  set: 'throughput',
};
