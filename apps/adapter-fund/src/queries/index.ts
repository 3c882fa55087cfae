import { type QueryHandler } from '#adapter';
import { type FundSource } from '../fund.source.js';
import { contributions } from './contributions.query.js';
import { contributionMatch } from './contribution-match.query.js';

/** What a provident-fund centre answers. */
export const fundHandlers = (source: FundSource): QueryHandler[] => [
  contributions(source),
  contributionMatch(source),
];
