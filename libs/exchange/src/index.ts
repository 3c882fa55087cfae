export {
  countAnswers,
  countRows,
  encodeAnswer,
  releaseModes,
  sortedBasis,
  summarize,
  type AnswerBody,
  type QuotaLeft,
  type WithheldField,
} from './answer.js';
export { askedMonths, claimNames, type AskedSubject, type Question } from './question.js';
