import { monthsParam, type QueryHandler } from '#adapter';
import * as views from '../hrss.mapper.js';
import { type HrssSource } from '../hrss.source.js';

/** HR-SI-01 社保缴费记录查询 */
export const contributions = (source: HrssSource): QueryHandler => ({
  query: 'HR-SI-01@1',
  lookUp: (question) =>
    source.find(views.contributions, question, {
      ...monthsParam(question),
      insurances: question.params['insurances'],
    }),
});
