import { multiRowInserts, singleRowInserts } from '../baselines/inserts/trials.js';
import { type Figure } from '../figure.js';
import { appends } from '../ours/append-trial.js';

export const auditMulti: Figure = {
  id: 'audit-multi',
  what: 'log appends/s at 256 callers (tree, proofs, receipts) / plain multi-row inserts of the same bytes, key and batch size',
  unit: 'rows/s',
  ours: { trial: appends, value: 'perSecond' },
  baseline: { trial: multiRowInserts, value: 'perSecond' },
  goal: { at: 'least', now: 0.4, later: 0.7 },
  set: 'audit',
};

export const auditSingle: Figure = {
  ...auditMulti,
  id: 'audit-single',
  what: 'the same / single-row inserts of the same bytes and key, autocommit, one after the other',
  baseline: { trial: singleRowInserts, value: 'perSecond' },
  goal: { at: 'least', now: 4, later: 6 },
};
