import { minimumOpen } from '../baselines/minimum/trials.js';
import { type Figure } from '../figure.js';
import { oursOpen } from '../ours/trials.js';

const latency = (name: 'p50' | 'p99'): Figure => ({
  id: `latency-${name}`,
  what: `${name} at 1,000 queries/s, open loop, from the time that each was due / the hand-written minimum's`,
  unit: 'ms',
  ours: { trial: oursOpen, value: name },
  baseline: { trial: minimumOpen, value: name },
  goal: { at: 'most', now: 1.6, later: 1.25 },
  set: 'latency',
});

export const latencyP50 = latency('p50');
export const latencyP99 = latency('p99');
