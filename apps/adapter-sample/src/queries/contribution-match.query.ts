import { monthParam, type QueryHandler } from '#adapter';
import { depositors } from '../sample.mapper.js';
import { type SampleSource } from '../sample.source.js';

/** PF-02 住房公积金缴存单位一致性核验 */
export const contributionMatch = (source: SampleSource): QueryHandler => ({
  query: 'PF-02@1',
  lookUp: (question) => source.find(depositors, question, monthParam(question)),
});
