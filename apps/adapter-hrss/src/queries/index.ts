import { type QueryHandler } from '#adapter';
import { type HrssSource } from '../hrss.source.js';
import { contributions } from './contributions.query.js';
import { examEntries } from './exam-entries.query.js';
import { labourFilings } from './labour-filings.query.js';
import { payerMatch } from './payer-match.query.js';
import { personnelFiles } from './personnel-files.query.js';

/** What the social-security department answers. */
export const hrssHandlers = (source: HrssSource): QueryHandler[] => [
  contributions(source),
  payerMatch(source),
  labourFilings(source),
  examEntries(source),
  personnelFiles(source),
];
