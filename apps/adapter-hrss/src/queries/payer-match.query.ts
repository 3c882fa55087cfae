import { monthParam, type QueryHandler } from '#adapter';
import { payers } from '../hrss.mapper.js';
import { type HrssSource } from '../hrss.source.js';

/** HR-SI-02 社保缴费单位一致性核验 */
export const payerMatch = (source: HrssSource): QueryHandler => ({
  query: 'HR-SI-02@1',
  lookUp: (question) => source.find(payers, question, monthParam(question)),
});
