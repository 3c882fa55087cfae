export { applyMask, compileMask, maskNames, maskRule, visibleCandidates, type MaskSpec } from './apply.js';
export { MaskError, type MaskFault } from './mask-error.js';
export { type MaskRule } from './rule.js';
