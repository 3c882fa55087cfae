import { type TopicSpec, topicSpecs } from '#messaging';
import { type Contracts } from '../../load-contracts.js';

interface Channel {
  key: string;
  title: string;
  spec: TopicSpec;
  message: string;
  parameters?: Record<string, object>;
}

/** Every topic with its settings, from the one place in libs/messaging that the brokers are set up from. */
export function channels(contracts: Contracts): Record<string, object> {
  const all = [...agencyChannels(contracts), ...SHARED];
  const dead = all.filter(({ key }) => key !== 'reply').map(deadChannelOf);
  return Object.fromEntries([...all, ...dead].map((channel) => [channel.key, channelOf(channel)]));
}

function agencyChannels({ agencies }: Contracts): Channel[] {
  const all = [...agencies.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const providers = all.filter(({ provides }) => provides.length > 0).map(({ id }) => id);
  return [
    {
      key: 'request',
      title: '发给一个提供方的查询',
      spec: topicSpecs.request('{provider}'),
      message: 'question',
      parameters: { provider: { description: '提供方', enum: providers } },
    },
    {
      key: 'reply',
      title: '给一个请求方各网关实例的答复，每个实例独占一个分区',
      spec: topicSpecs.reply('{requester}'),
      message: 'reply',
      parameters: { requester: { description: '请求方', enum: all.map(({ id }) => id) } },
    },
  ];
}

const SHARED: readonly Channel[] = [
  { key: 'tail', title: '各日志每次成组提交的叶子和检查点', spec: topicSpecs.tail(), message: 'tail' },
  { key: 'bundle', title: '各提供方最新的方案包', spec: topicSpecs.bundle(), message: 'bundle' },
  { key: 'registry', title: '最新的登记册', spec: topicSpecs.registry(), message: 'registry' },
];

function deadChannelOf({ key, title, spec, parameters }: Channel): Channel {
  return {
    key: `${key}Dead`,
    title: `死信：${title}`,
    spec: topicSpecs.deadLetter(spec.name),
    message: 'dead',
    ...(parameters && { parameters }),
  };
}

function channelOf({ title, spec, message, parameters }: Channel): object {
  return {
    address: spec.name,
    title,
    description: `键：${spec.key}`,
    messages: { [message]: { $ref: `#/components/messages/${message}` } },
    ...(parameters && { parameters }),
    bindings: { kafka: kafkaBinding(spec) },
  };
}

function kafkaBinding({ partitions, retentionMs, cleanup, maxMessageBytes }: TopicSpec): object {
  return {
    partitions,
    topicConfiguration: {
      'cleanup.policy': [cleanup],
      'retention.ms': Number.isFinite(retentionMs) ? retentionMs : -1,
      'max.message.bytes': maxMessageBytes,
    },
    bindingVersion: '0.5.0',
  };
}
