import { ANSWERS, type Contract } from '../../model.js';
import { type JsonSchema } from '../../schema.js';

const uuid = { type: 'string', format: 'uuid' };
const answer = { type: 'string', enum: [...ANSWERS], title: '答复：有、无、多义、拒绝、不可用、部分' };
const reason = { type: 'string', title: '拒绝或不可用的原因（问题名称）' };
const strings = { type: 'array', items: { type: 'string' } };
const perDay = {
  type: 'object',
  properties: { limit: { type: 'integer' }, used: { type: 'integer' } },
  required: ['limit', 'used'],
};

/** Body of a 200: one call, one exchange per provider, one outcome per subject. */
export function callAnswerSchema(contract: Contract, record: string): JsonSchema {
  return {
    type: 'object',
    title: `${contract.title}：答复`,
    properties: {
      call: { ...uuid, title: '本次调用' },
      requestId: { ...uuid, title: '请求编号' },
      query: { type: 'string', const: contract.id },
      answer,
      exchanges: { type: 'array', title: '每个提供方一次交换', items: exchangeSchema(record) },
      missing: { ...strings, title: '未答复的提供方' },
      notices: { type: 'array', items: { $ref: '#/components/schemas/Notice' } },
      replayed: { type: 'boolean', const: true, title: '同一请求的已存答复' },
    },
    required: ['call', 'requestId', 'query', 'answer', 'exchanges'],
  };
}

function exchangeSchema(record: string): JsonSchema {
  return {
    type: 'object',
    properties: {
      exchange: { ...uuid, title: '交换编号' },
      provider: { type: 'string', title: '数据来源部门' },
      answer,
      dataTime: { type: 'string', format: 'date-time', title: '数据时间' },
      bundle: { type: 'integer', title: '据以放出的方案包编号' },
      results: { type: 'array', title: '每个对象的答复', items: resultSchema(record) },
      withheld: {
        type: 'array',
        title: '未放出的字段及原因',
        items: { $ref: '#/components/schemas/Withheld' },
      },
      fields: { type: 'object', title: '放出的字段及方式', additionalProperties: { type: 'string' } },
      heldBack: { type: 'integer', minimum: 0, title: '因区划不在授权范围而未放出的行数' },
      quota: {
        type: 'object',
        title: '剩余配额',
        properties: { perDay, resetsIn: { type: 'integer', title: '距次日重置的秒数' } },
        required: ['perDay', 'resetsIn'],
      },
      reason,
      field: { type: 'string', title: '与拒绝有关的请求项' },
      receipt: { type: 'object', title: '提供方的存证回执' },
    },
    required: ['exchange', 'provider', 'answer', 'bundle', 'results', 'withheld', 'fields', 'heldBack'],
  };
}

function resultSchema(record: string): JsonSchema {
  return {
    type: 'object',
    properties: {
      subject: { type: 'integer', minimum: 0, title: '对象在请求中的位置' },
      answer,
      reason,
      records: { type: 'array', items: { $ref: `#/components/schemas/${record}` } },
      heldBack: { type: 'integer', minimum: 0 },
    },
    required: ['subject', 'answer', 'records'],
  };
}

/** Parts of answers that every query shares. */
export const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
  Withheld: {
    type: 'object',
    properties: { field: { type: 'string' }, reason: { type: 'string' } },
    required: ['field', 'reason'],
  },
  Notice: {
    type: 'object',
    title: '提示：请求项被改成了规范形式',
    properties: { field: { type: 'string' }, notice: { type: 'string' } },
    required: ['field', 'notice'],
  },
};
