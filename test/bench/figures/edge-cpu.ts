import { edgeBaseline } from '../baselines/edge/trial.js';
import { type Figure } from '../figure.js';
import { edgeTrial, oursEdge } from '../ours/edge-trial.js';

export const edgeCpu: Figure = {
  id: 'edge-cpu',
  what: 'CPU per POST until the question is authorized (HTTP, signature, replay guard, parse, validate, scheme) / bare Fastify, schema, one Ed25519 verification',
  unit: 'µs',
  ours: { trial: edgeTrial('ours, until authorized', oursEdge), value: 'cpuPerPost' },
  baseline: { trial: edgeBaseline, value: 'cpuPerPost' },
  goal: { at: 'most', now: 2, later: 1.5 },
  set: 'edge',
};
