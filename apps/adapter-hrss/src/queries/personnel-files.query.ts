import { type QueryHandler } from '#adapter';
import * as views from '../hrss.mapper.js';
import { type HrssSource } from '../hrss.source.js';

/** HR-AR-01 人事档案存放查询 */
export const personnelFiles = (source: HrssSource): QueryHandler => ({
  query: 'HR-AR-01@1',
  lookUp: (question) => source.find(views.personnelFiles, question, { asked_region: question.region }),
});
