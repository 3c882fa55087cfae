import { type Figure } from '../figure.js';
import { auditMulti, auditSingle } from './audit.js';
import { batchEcho } from './batch-echo.js';
import { edgeCpu } from './edge-cpu.js';
import { hungAgency } from './hung-agency.js';
import { latencyP50, latencyP99 } from './latency.js';
import { lookup } from './lookup.js';
import { memory } from './memory.js';
import { scaleOut } from './scale-out.js';
import { throughputEcho } from './throughput-echo.js';
import { throughputMinimum } from './throughput-minimum.js';
import { throughputStock } from './throughput-stock.js';

/** Every figure, in the order of the report. */
export const figures: readonly Figure[] = [
  ...[throughputMinimum, throughputEcho, throughputStock, batchEcho],
  ...[latencyP50, latencyP99],
  ...[edgeCpu, auditMulti, auditSingle, lookup],
  ...[hungAgency, scaleOut, memory],
];
