import { monthsParam, type QueryHandler } from '#adapter';
import { accounts } from '../fund.mapper.js';
import { type FundSource } from '../fund.source.js';

/** PF-01 住房公积金缴存查询 */
export const contributions = (source: FundSource): QueryHandler => ({
  query: 'PF-01@1',
  lookUp: (question) => source.find(accounts, question, monthsParam(question)),
});
