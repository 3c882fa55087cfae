import { type Figure } from '../figure.js';
import { oursSingle, oursTwoGateways } from '../ours/trials.js';

export const scaleOut: Figure = {
  id: 'scale-out',
  what: 'CPU per query of our processes, PostgreSQL and Kafka, 256 in flight on two gateways / on one',
  unit: 'µs',
  ours: { trial: oursTwoGateways, value: 'allCpuPerQuery' },
  baseline: { trial: oursSingle, value: 'allCpuPerQuery' },
  goal: { at: 'most', now: 1.1, later: 1.05 },
  set: 'scale-out',
};
