export { openKafka, type KafkaOptions, type LocalKafka } from './open-kafka.js';
export { type KafkaConnection } from './answering.js';
