import { type QueryHandler } from '#adapter';
import * as views from '../housing.mapper.js';
import { type HousingSource } from '../housing.source.js';

/** Records on a page: the contract's `maxRows`. */
const PAGE = 200;

/** HC-RP-02 企业注册人员查询 */
export const unitRegistrations = (source: HousingSource): QueryHandler => ({
  query: 'HC-RP-02@1',
  lookUp: (question) => {
    const page = (question.params['page'] as number | undefined) ?? 1;
    return source.find(views.unitRegistrations, question, {
      category: views.categoryParam(question),
      first: (page - 1) * PAGE + 1,
      last: page * PAGE,
    });
  },
});
