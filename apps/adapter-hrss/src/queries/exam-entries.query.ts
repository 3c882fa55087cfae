import { type QueryHandler } from '#adapter';
import * as views from '../hrss.mapper.js';
import { type HrssSource } from '../hrss.source.js';

/** HR-EX-01 执业资格考试报名单位查询 */
export const examEntries = (source: HrssSource): QueryHandler => ({
  query: 'HR-EX-01@1',
  lookUp: (question) =>
    source.find(views.examEntries, question, {
      year: question.params['year'],
      exam_name: question.params['examName'],
    }),
});
