import { monthParam, type QueryHandler } from '#adapter';
import { depositors } from '../fund.mapper.js';
import { type FundSource } from '../fund.source.js';

/** PF-02 住房公积金缴存单位一致性核验 */
export const contributionMatch = (source: FundSource): QueryHandler => ({
  query: 'PF-02@1',
  lookUp: (question) => source.find(depositors, question, monthParam(question)),
});
