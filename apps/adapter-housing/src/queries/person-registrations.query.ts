import { type QueryHandler } from '#adapter';
import * as views from '../housing.mapper.js';
import { type HousingSource } from '../housing.source.js';

/** HC-RP-01 人员注册信息查询 */
export const personRegistrations = (source: HousingSource): QueryHandler => ({
  query: 'HC-RP-01@1',
  lookUp: (question) =>
    source.find(views.personRegistrations, question, { category: views.categoryParam(question) }),
});
