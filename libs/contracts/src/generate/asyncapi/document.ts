import { type Contracts } from '../../load-contracts.js';
import { channels } from './channels.js';
import { messages } from './messages.js';

/** AsyncAPI 3.0 of what nodes say to each other on the transport, whole. */
export function asyncapiDocument(contracts: Contracts): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: '部门前置节点之间的消息',
      version: '1.0.0',
      description:
        '一条消息就是其发送方日志中的一个条目：查询携带 intent，答复携带 disclosure，各附包含证明和签名检查点。',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/octet-stream',
    channels: channels(contracts),
    operations,
    components: { messages },
  };
}

const reference = (channel: string) => ({ $ref: `#/channels/${channel}` });
const messageOf = (channel: string, message: string) => [
  { $ref: `#/channels/${channel}/messages/${message}` },
];
const replied = { channel: reference('reply'), messages: messageOf('reply', 'reply') };

const operations = {
  ask: {
    action: 'send',
    summary: '网关向提供方提问，并在自己的答复分区等到时限',
    channel: reference('request'),
    messages: messageOf('request', 'question'),
    reply: replied,
  },
  answer: {
    action: 'receive',
    summary: '提供方的适配器核验、授权、查询、释放、存证后答复',
    channel: reference('request'),
    messages: messageOf('request', 'question'),
    reply: replied,
  },
  publishTail: event('send', '节点公布每次成组提交', 'tail', 'tail'),
  mirrorTail: event('receive', '监测方镜像并核验每个日志', 'tail', 'tail'),
  publishBundle: event('send', '提供方公布方案包', 'bundle', 'bundle'),
  followBundles: event('receive', '各节点保存最新方案包，拒绝回退', 'bundle', 'bundle'),
  publishRegistry: event('send', '省级公布登记册', 'registry', 'registry'),
  followRegistry: event('receive', '各节点保存最新登记册，拒绝回退', 'registry', 'registry'),
  bury: event('send', '无法处理的消息只留编号、代码和摘要', 'requestDead', 'dead'),
};

function event(action: 'send' | 'receive', summary: string, channel: string, message: string): object {
  return { action, summary, channel: reference(channel), messages: messageOf(channel, message) };
}
