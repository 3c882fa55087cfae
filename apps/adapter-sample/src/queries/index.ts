import { type QueryHandler } from '#adapter';
import { type SampleSource } from '../sample.source.js';
import { contributionMatch } from './contribution-match.query.js';
import { contributions } from './contributions.query.js';

/** What this centre answers. */
export const sampleHandlers = (source: SampleSource): QueryHandler[] => [
  contributions(source),
  contributionMatch(source),
];
