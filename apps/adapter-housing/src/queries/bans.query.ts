import { type QueryHandler } from '#adapter';
import * as views from '../housing.mapper.js';
import { type HousingSource } from '../housing.source.js';

/** HC-RP-03 注册禁期核验 */
export const bans = (source: HousingSource): QueryHandler => ({
  query: 'HC-RP-03@1',
  lookUp: (question) => source.find(views.bans, question),
});
