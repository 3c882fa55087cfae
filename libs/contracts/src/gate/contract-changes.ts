import { CLASSIFICATIONS, type Contract, type ContractField } from '../model.js';
import { type JsonSchema, propertiesOf, requiredOf } from '../schema.js';
import { type Change } from './finding.js';
import { requestTightenings } from './request-changes.js';
import { sameJson, sameSchema } from './same-schema.js';

/** What breaks those who rely on this version of a contract, on either side. Pointers name file and place. */
export function contractChanges(before: Contract, after: Contract): Change[] {
  return [
    ...headChanges(before, after),
    ...replyChanges(before.recordSchema, after.recordSchema),
    ...before.fields.flatMap((field) => fieldChanges(field, after)),
    ...requestTightenings(before.requestSchema, after.requestSchema, 'request.schema.json '),
  ];
}

function headChanges(before: Contract, after: Contract): Change[] {
  const changed = (['owner', 'subject', 'regionField'] as const).filter((key) => before[key] !== after[key]);
  const fewer = after.maxRows < before.maxRows;
  return [
    ...changed.map((key) => ({ pointer: `contract.yaml /${key}`, words: `${HEAD_WORDS[key]}改变` })),
    ...(fewer
      ? [
          {
            pointer: 'contract.yaml /maxRows',
            words: `最多返回行数由 ${before.maxRows} 减为 ${after.maxRows}`,
          },
        ]
      : []),
  ];
}

const HEAD_WORDS = { owner: '提供方类别', subject: '查询对象', regionField: '区划字段' } as const;

/**
 * A reply is checked by both sides, each with its own copy of the contract: a looser schema breaks the receiver, a tighter one
 * the sender. So every difference counts, except a new optional field, which no old scheme lets out.
 */
function replyChanges(before: JsonSchema, after: JsonSchema): Change[] {
  const now = propertiesOf(after);
  const was = propertiesOf(before);
  const { properties: _was, required: _wasRequired, ...frame } = before;
  const { properties: _now, required: _nowRequired, ...newFrame } = after;
  const kept = Object.keys(was).flatMap((name) => propertyChange(name, was[name] ?? {}, now[name]));
  const required = requiredOf(after).filter((name) => !requiredOf(before).includes(name));
  const optional = requiredOf(before).filter((name) => !requiredOf(after).includes(name) && name in now);
  const isReframed = !sameSchema(frame, newFrame);
  return [
    ...(isReframed ? [{ pointer: 'reply.schema.json', words: '答复记录整体的要求改变' }] : []),
    ...kept,
    ...required.map((name) => ({
      pointer: 'reply.schema.json /required',
      words: `答复字段 ${name} 变为必有`,
    })),
    ...optional.map((name) => ({
      pointer: 'reply.schema.json /required',
      words: `答复字段 ${name} 不再必有`,
    })),
  ];
}

function propertyChange(name: string, before: JsonSchema, after: JsonSchema | undefined): Change[] {
  const pointer = `reply.schema.json /properties/${name}`;
  if (after === undefined) return [{ pointer, words: `答复字段 ${name} 被删除或改名` }];
  if (sameSchema(before, after)) return [];
  if (!sameJson(before['type'], after['type']))
    return [{ pointer: `${pointer}/type`, words: `答复字段 ${name} 的类型改变` }];
  if (!sameJson(before['enum'], after['enum']))
    return [{ pointer: `${pointer}/enum`, words: `答复字段 ${name} 的取值范围改变` }];
  return [{ pointer, words: `答复字段 ${name} 的格式要求改变` }];
}

function fieldChanges(before: ContractField, contract: Contract): Change[] {
  const after = contract.fields.find(({ name }) => name === before.name);
  if (!after) return [];
  const pointer = `contract.yaml /fields/${before.name}`;
  const lost = before.modes.filter((mode) => !after.modes.includes(mode));
  const milder =
    CLASSIFICATIONS.indexOf(after.classification) < CLASSIFICATIONS.indexOf(before.classification);
  return [
    ...lost.map((mode) => ({
      pointer: `${pointer}/modes`,
      words: `字段 ${before.name} 不再允许释放方式 ${mode}`,
    })),
    ...(milder ? [{ pointer: `${pointer}/classification`, words: `字段 ${before.name} 的分类降低` }] : []),
    ...(before.claim === after.claim
      ? []
      : [{ pointer: `${pointer}/claim`, words: `字段 ${before.name} 的比对项改变` }]),
  ];
}
