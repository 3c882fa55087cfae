export { type WireMessage } from './message.js';
export { topics } from './topics.js';
export { provinceTopics, topicSpecs } from './topic-specs.js';
export {
  BrokerDown,
  recordBytes,
  topicProblem,
  type Broker,
  type BrokerFigures,
  type BrokerSubscription,
  type Delivery,
  type DeliveryHandler,
  type Earlier,
  type OutgoingMessage,
  type ReaderFigures,
  type Source,
  type TopicSpec,
} from './broker.js';
export { InProcessBus, type InProcessBusOptions } from './bus/in-process-bus.js';
export { KafkaBroker, openKafkaBroker } from './kafka/kafka-broker.js';
export { type KafkaAccess, type KafkaBrokerOptions } from './kafka/options.js';
export { type TopicState } from './kafka/topics.js';
export { aclsOf, agenciesOf, provinceAcls, type AclRow } from './kafka/acls/agency-acls.js';
export { aclCommands } from './kafka/acls/acl-commands.js';
export { applyAcls } from './kafka/acls/apply-acls.js';
export { provinceRoles, type ProvinceRoles } from './kafka/acls/province-roles.js';
export { Faults } from './bus/faults.js';
export {
  HEADER,
  LONGEST_DEADLINE_MS,
  MESSAGE_VERSION,
  messageHeaders,
  parseEventHeaders,
  parseQuestionHeaders,
  parseReplyHeaders,
  parseRequestHeaders,
  type EventHeaders,
  type QuestionHeaders,
  type ReplyHeaders,
  type RequestHeaders,
} from './headers.js';
export { DEAD_HEADER } from './dead-letter.js';
export { continueTrace, parseTraceparent, type TraceParent } from './traceparent.js';
export { ExchangeServer, type ExchangeServerOptions, type Route } from './exchange-server.js';
export {
  ExchangeClient,
  type ClientCounts,
  type ExchangeClientOptions,
  type LateRoom,
} from './exchange-client.js';
export { type CheckedQuestion } from './question.js';
export { ExchangeContext } from './exchange-context.js';
export { ProblemRpcFilter } from './problem-rpc.filter.js';
export { Slots } from './slots.js';
export { type ServerCounts } from './server-counts.js';
export { type Report, type TransportReport } from './transport-report.js';
