import { problemReferences } from './problems.js';
import { jsonBody, jsonResponse, SIGNED, SIGNED_BODY } from './parts.js';

/** What an agency's administrators do at their own gateway: read the bundle in force, and put the next one in force. */
export const bundlePaths: Readonly<Record<string, object>> = {
  '/v1/admin/bundle': {
    get: {
      operationId: 'getBundleInForce',
      tags: ['admin'],
      summary: '查询本部门正在执行的方案包',
      description: '给出已签名的方案包、其编号和已知的最大编号。下一个方案包的编号必须更大。',
      parameters: SIGNED,
      responses: { 200: jsonResponse('正在执行的方案包', 'BundleInForce'), ...problemReferences() },
    },
  },
  '/v1/admin/bundles': {
    post: {
      operationId: 'publishBundle',
      tags: ['admin'],
      summary: '执行本部门签署的方案包',
      description: '只认方案包自身的签名。同一方案包可重复提交；编号不大于正在执行的，拒绝。',
      parameters: SIGNED_BODY,
      requestBody: jsonBody('SignedBundle'),
      responses: { 200: jsonResponse('方案包已执行', 'PublishedBundle'), ...problemReferences() },
    },
  },
};

const provider = { type: 'string', title: '本部门' };
const note = { type: 'string', maxLength: 262_144, title: '已签名的方案包（C2SP signed note）' };

/** Schemas of `bundlePaths`. */
export const bundleSchemas: Readonly<Record<string, object>> = {
  BundleInForce: {
    type: 'object',
    properties: {
      provider,
      bundle: { type: ['integer', 'null'], title: '正在执行的编号；空：目前不放出任何数据' },
      note: { ...note, type: ['string', 'null'] },
      newest: { type: 'integer', minimum: 0, title: '已知的最大编号；0：从未执行过' },
    },
    required: ['provider', 'bundle', 'note', 'newest'],
  },
  SignedBundle: { type: 'object', properties: { note }, required: ['note'] },
  PublishedBundle: {
    type: 'object',
    properties: {
      provider,
      bundle: { type: 'integer', minimum: 1, title: '编号' },
      changed: { type: 'boolean', title: '是否由此开始执行；否：此前已在执行' },
    },
    required: ['provider', 'bundle', 'changed'],
  },
};
