import { DEAD_HEADER, HEADER, MESSAGE_VERSION } from '#messaging';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });

/** CloudEvents 1.0 attributes in Kafka binary mode, W3C Trace Context, and the version of the value. */
const eventHeaders = {
  [HEADER.id]: text('CloudEvents id', { format: 'uuid' }),
  [HEADER.source]: text('CloudEvents source：发送方的部门或日志名'),
  [HEADER.type]: text('CloudEvents type'),
  [HEADER.specversion]: text('CloudEvents 版本', { const: '1.0' }),
  [HEADER.time]: text('CloudEvents time，UTC', { format: 'date-time' }),
  [HEADER.subject]: text('CloudEvents subject：交换编号，或事件所述之物'),
  [HEADER.traceparent]: text('W3C Trace Context'),
  [HEADER.version]: text('消息版本', { const: MESSAGE_VERSION }),
};
const questionHeaders = {
  ...eventHeaders,
  [HEADER.deadline]: text('答复时限，UTC，不晚于 ce_time 之后 10 分钟；过时的消息被丢弃', {
    format: 'date-time',
  }),
  [HEADER.correlationId]: text('答复据此对应', { format: 'uuid' }),
  [HEADER.replyTopic]: text('答复的主题'),
  [HEADER.replyPartition]: text('提问的网关实例所占的分区'),
};
const replyHeaders = {
  ...eventHeaders,
  [HEADER.correlationId]: text('所答问题的 correlation-id', { format: 'uuid' }),
};
const deadHeaders = Object.fromEntries(
  Object.values(DEAD_HEADER).map((name) => [name, text('死信说明，不含正文')]),
);

const sealed = (inside: string) => ({
  contentType: 'application/octet-stream',
  payload: {
    type: 'string',
    format: 'binary',
    description: `密封给接收方（HPKE，RFC 9180；AES-256-GCM），补齐到 1、2、4… KiB。内含：${inside}`,
  },
});

function message(name: string, title: string, properties: object, required: string[], value: object): object {
  return { name, title, headers: { type: 'object', properties, required }, ...value };
}

const everyHeader = Object.keys(eventHeaders);

/** Every kind of message. Bodies are sealed or signed; headers hold ids, names and times only. */
export const messages = {
  question: message(
    'question',
    '查询',
    questionHeaders,
    Object.keys(questionHeaders),
    sealed('请求方的 intent 条目及其包含证明和签名检查点、请求体、对象承诺密钥'),
  ),
  reply: message(
    'reply',
    '答复',
    { ...replyHeaders, [HEADER.problem]: text('没有正文的答复：答复方连拒绝也无法存证时的问题名称') },
    Object.keys(replyHeaders),
    sealed('提供方的 disclosure 条目及其包含证明和签名检查点、答复体'),
  ),
  tail: message('tail', '日志尾部', eventHeaders, everyHeader, {
    contentType: 'application/json',
    payload: { type: 'object', description: '一次成组提交的叶子和签名检查点（C2SP tlog-checkpoint）' },
  }),
  bundle: message('bundle', '方案包', eventHeaders, everyHeader, {
    contentType: 'text/plain; charset=utf-8',
    payload: { type: 'string', description: '由提供方方案密钥签署的方案包（C2SP signed note）' },
  }),
  registry: message('registry', '登记册', eventHeaders, everyHeader, {
    contentType: 'text/plain; charset=utf-8',
    payload: { type: 'string', description: '由省级密钥签署的登记册（C2SP signed note）' },
  }),
  dead: message(
    'dead',
    '死信',
    { ...eventHeaders, ...deadHeaders },
    Object.values(DEAD_HEADER).filter(isAlwaysThere),
    {
      contentType: 'application/octet-stream',
      payload: { type: 'string', maxLength: 0, description: '空：死信不留正文' },
    },
  ),
} as const;

function isAlwaysThere(name: string): boolean {
  return name !== DEAD_HEADER.field;
}
