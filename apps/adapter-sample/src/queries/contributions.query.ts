import { monthsParam, type QueryHandler } from '#adapter';
import { accounts } from '../sample.mapper.js';
import { type SampleSource } from '../sample.source.js';

/** PF-01 住房公积金缴存查询 */
export const contributions = (source: SampleSource): QueryHandler => ({
  query: 'PF-01@1',
  lookUp: (question) => source.find(accounts, question, monthsParam(question)),
});
