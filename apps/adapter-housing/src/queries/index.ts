import { type QueryHandler } from '#adapter';
import { type HousingSource } from '../housing.source.js';
import { bans } from './bans.query.js';
import { personRegistrations } from './person-registrations.query.js';
import { unitRegistrations } from './unit-registrations.query.js';

/** What the housing department answers. */
export const housingHandlers = (source: HousingSource): QueryHandler[] => [
  personRegistrations(source),
  unitRegistrations(source),
  bans(source),
];
