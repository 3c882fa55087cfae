export {
  type Asking,
  type CallAnswer,
  type ExchangeAnswer,
  type ExchangeState,
  type PublishedBundle,
  type QueryRecords,
  type QuotaState,
  type RecordFor,
  type Released,
} from './answer.js';
export { ExchangeGatewayClient } from './client.js';
export { GatewayError, type Attempt } from './gateway-error.js';
export { trustKeys, trustRegistry, verifiersFor, type LogTrust } from './log-trust.js';
export { type ClientOptions } from './options.js';
export {
  verifyAnswer,
  verifyReceiptBy,
  type EvidenceFinding,
  type VerifiedExchange,
} from './verify-answer.js';
