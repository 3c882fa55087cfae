import { type Contracts } from '../../load-contracts.js';
import { type Contract } from '../../model.js';
import { type JsonSchema } from '../../schema.js';
import { inOrder, typeName } from '../names.js';
import { bundlePaths, bundleSchemas } from './bundles.js';
import { callAnswerSchema, sharedSchemas } from './answer.js';
import { ownPaths, ownSchemas, queryPaths } from './operations.js';
import { problemResponses, problemSchema } from './problems.js';
import { releasedRecordSchema } from './released.js';
import { SIGNATURE_TEXT, securitySchemes, signatureParameters } from './signature.js';

/** OpenAPI 3.1 of a gateway's HTTP interface, whole, from the contracts. */
export function openapiDocument(contracts: Contracts): object {
  const ordered = inOrder(contracts.contracts.values());
  return {
    openapi: '3.1.0',
    info: {
      title: '部门数据交换网关接口',
      version: '1.0.0',
      summary: '部门之间按共享方案互答关于注册执业人员的查询',
      description: `字段只按数据提供方签署的共享方案放出，每次交换都有存证。\n\n${SIGNATURE_TEXT}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: '本部门的前置节点' }],
    security: [{ httpSignature: [] }],
    tags: tagsOf(ordered),
    paths: { ...queryPaths(contracts), ...ownPaths, ...bundlePaths },
    components: {
      securitySchemes,
      parameters: signatureParameters,
      headers: rateLimitHeaders,
      responses: problemResponses(),
      schemas: {
        ...schemasOf(ordered),
        ...sharedSchemas,
        ...ownSchemas,
        ...bundleSchemas,
        Problem: problemSchema,
      },
    },
  };
}

const OWNERS = {
  housing: '住房城乡建设',
  hrss: '人力资源社会保障',
  fund: '住房公积金',
  data: '数据管理',
} as const;

function tagsOf(contracts: readonly Contract[]): object[] {
  const owners = [...new Set(contracts.map(({ owner }) => owner))];
  return [
    ...owners.map((owner) => ({ name: owner, description: `由${OWNERS[owner]}部门答复的查询` })),
    { name: 'own', description: '本部门自己的交换和配额' },
    { name: 'admin', description: '本部门自己的方案包' },
  ];
}

function schemasOf(contracts: readonly Contract[]): Record<string, JsonSchema> {
  return Object.fromEntries(
    contracts.flatMap((contract) => {
      const name = typeName(contract);
      const { $schema: _, ...request } = contract.requestSchema;
      return [
        [`${name}Request`, request],
        [`${name}Record`, releasedRecordSchema(contract)],
        [`${name}Answer`, callAnswerSchema(contract, `${name}Record`)],
      ];
    }),
  );
}

const rateLimitHeaders = {
  RateLimit: { description: '剩余配额和重置前的秒数', schema: { type: 'string' } },
  RateLimitPolicy: { description: '配额及其周期', schema: { type: 'string' } },
} as const;
