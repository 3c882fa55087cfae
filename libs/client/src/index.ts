export {
  type BundleInForce,
  type CallAnswer,
  type ExchangeAnswer,
  type ExchangeState,
  type PublishedBundle,
  type QuotaState,
} from '#exchange';
export { type Asking, type QueryRecords, type RecordFor, type Released } from './asking.js';
export { ExchangeGatewayClient } from './client.js';
export { GatewayError, type Attempt } from './gateway-error.js';
export { trustKeys, trustRegistry, verifiersFor, type LogTrust } from './log-trust.js';
export { type ClientOptions } from './options.js';
export {
  verifyAnswer,
  verifyCall,
  verifyReceiptBy,
  type EvidenceFinding,
  type VerifiedExchange,
} from './verify-answer.js';
