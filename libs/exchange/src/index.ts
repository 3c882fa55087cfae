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
export { isAnswered, summarizeCall } from './call-answer.js';
export { askedMonths, claimNames, type AskedSubject, type Question } from './question.js';
export {
  type BundleInForce,
  type CallAnswer,
  type ExchangeAnswer,
  type ExchangeState,
  type Notice,
  type PublishedBundle,
  type QuotaState,
} from './api.js';
