import { type QueryHandler } from '#adapter';
import * as views from '../hrss.mapper.js';
import { type HrssSource } from '../hrss.source.js';

/** HR-LR-01 劳动用工备案查询 */
export const labourFilings = (source: HrssSource): QueryHandler => ({
  query: 'HR-LR-01@1',
  lookUp: (question) => source.find(views.labourFilings, question, { day: question.params['date'] }),
});
