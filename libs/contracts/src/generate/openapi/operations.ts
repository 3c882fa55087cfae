import { type Contracts } from '../../load-contracts.js';
import { type Contract, type ContractExample } from '../../model.js';
import { inOrder, typeName } from '../names.js';
import { jsonResponse, SIGNED, SIGNED_BODY } from './parts.js';
import { problemReferences } from './problems.js';
import { answerExample } from './released.js';

/** One path per query: the newest version by its code, an older one by `code@version`. */
export function queryPaths(all: Contracts): Record<string, object> {
  const { contracts, examples, find } = all;
  return Object.fromEntries(
    inOrder(contracts.values()).map((contract) => {
      const name = find(contract.code) === contract ? contract.code : contract.id;
      return [`/v1/queries/${name}`, { post: askOperation(all, contract, examples.get(contract.id) ?? []) }];
    }),
  );
}

function askOperation(
  { agencies }: Contracts,
  contract: Contract,
  examples: readonly ContractExample[],
): object {
  const name = typeName(contract);
  const basis = contract.legalBasis.map(({ document, section }) => `${document} ${section}`).join('；');
  return {
    operationId: `ask${name}`,
    tags: [contract.owner],
    summary: contract.title,
    description: `契约 ${contract.id}。依据：${basis}。每个对象最多返回 ${contract.maxRows} 条。`,
    parameters: SIGNED_BODY,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${name}Request` },
          examples: examplesOf(examples, ({ request }) => request),
        },
      },
    },
    responses: {
      200: {
        description: '至少一个提供方已答复。未答复的提供方列在 missing 中。',
        headers: RATE_LIMIT,
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${name}Answer` },
            examples: examplesOf(examples, (example) => answerExample(contract, example, agencies)),
          },
        },
      },
      ...problemReferences(),
    },
  };
}

const RATE_LIMIT = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

function examplesOf(
  examples: readonly ContractExample[],
  value: (example: ContractExample) => unknown,
): object {
  return Object.fromEntries(
    examples.map((example) => [example.name, { summary: example.title, value: value(example) }]),
  );
}

/** What an agency asks about its own questions. */
export const ownPaths: Readonly<Record<string, object>> = {
  '/v1/exchanges/{id}': {
    get: {
      operationId: 'getExchange',
      tags: ['own'],
      summary: '查询本部门一次交换的状态',
      description: '只答复本部门发起的交换；其他部门的交换编号与不存在的编号答复相同。',
      parameters: [
        ...SIGNED,
        {
          name: 'id',
          in: 'path',
          required: true,
          description: '交换编号',
          schema: { type: 'string', format: 'uuid' },
        },
      ],
      responses: { 200: jsonResponse('交换的状态和存证', 'ExchangeState'), ...problemReferences() },
    },
  },
  '/v1/quotas': {
    get: {
      operationId: 'getQuotas',
      tags: ['own'],
      summary: '查询本部门的剩余配额',
      description: '按查询接口和目的列出当日剩余配额（北京时间零点重置）。',
      parameters: SIGNED,
      responses: { 200: jsonResponse('剩余配额', 'Quotas'), ...problemReferences() },
    },
  },
};

/** Schemas of `ownPaths`. */
export const ownSchemas: Readonly<Record<string, object>> = {
  ExchangeState: {
    type: 'object',
    properties: { exchange: { type: 'string', format: 'uuid' } },
    required: ['exchange'],
  },
  Quotas: {
    type: 'object',
    properties: { quotas: { type: 'array', items: { type: 'object' } } },
    required: ['quotas'],
  },
};
