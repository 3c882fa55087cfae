import { covers } from '#identifiers';
import {
  type Agency,
  type Contract,
  type ContractExample,
  type ContractField,
  type ReleaseMode,
} from '../../model.js';
import { type JsonSchema } from '../../schema.js';

/** What a field may look like once it was released: one form for each mode that the contract allows. */
export function releasedRecordSchema({ title, fields }: Contract): JsonSchema {
  return {
    type: 'object',
    title: `${title}：释放后的一条记录`,
    description: '只含共享方案授权的字段，每个字段以授权的方式释放。',
    properties: Object.fromEntries(fields.map((field) => [field.name, releasedField(field)])),
    additionalProperties: false,
  };
}

function releasedField(field: ContractField): JsonSchema {
  const forms = field.modes.map((mode) => FORM[mode](field));
  const [only] = forms;
  return only && forms.length === 1 ? { ...only, title: field.title } : { title: field.title, anyOf: forms };
}

const FORM: Readonly<Record<ReleaseMode, (field: ContractField) => JsonSchema>> = {
  plain: ({ schema }) => schema,
  mask: () => ({ type: 'string', description: '掩码' }),
  match: () => ({ type: 'string', enum: ['一致', '不一致', '无记录'], description: '仅比对' }),
  band: () => ({ type: 'string', description: '分段，如 1-5、12+' }),
  pseudonym: () => ({ type: 'string', description: '化名' }),
};

/** An answer as a modest scheme lets it out: what is about the person is withheld, or only compared. */
export function answerExample(
  contract: Contract,
  { request, reply }: ContractExample,
  agencies: ReadonlyMap<string, Agency>,
): object {
  const granted = contract.fields.flatMap((field) => {
    const mode = modestMode(field, request.subjects[0]?.claims ?? {});
    return mode ? [[field.name, mode] as const] : [];
  });
  const fields = Object.fromEntries(granted);
  const withheld = contract.fields.filter(({ name }) => !(name in fields));
  return {
    call: '00000000-0000-4000-8000-0000000000c1',
    requestId: request.requestId,
    query: contract.id,
    answer: 'found',
    exchanges: [
      {
        exchange: '00000000-0000-4000-8000-0000000000e1',
        provider: providerOf(contract, request.region, agencies),
        answer: 'found',
        dataTime: '2026-03-31T16:00:00.000Z',
        bundle: 1,
        results: reply.map((result) => ({
          ...result,
          records: result.records.map((record) => release(record, fields)),
        })),
        withheld: withheld.map(({ name }) => ({ field: name, reason: 'not-granted' })),
        fields,
        heldBack: 0,
      },
    ],
  };
}

/** The agency to which a question about this region would go. */
function providerOf(
  { code, owner }: Contract,
  region: string,
  agencies: ReadonlyMap<string, Agency>,
): string {
  const providers = [...agencies.values()].filter(
    (agency) => agency.class === owner && agency.provides.includes(code) && covers(agency.region, region),
  );
  return providers[0]?.id ?? owner;
}

function modestMode(field: ContractField, claims: Record<string, string>): ReleaseMode | undefined {
  if (field.modes.includes('match') && field.claim !== undefined && field.claim in claims) return 'match';
  const isHarmless = field.classification === 'public' || field.classification === 'internal';
  return isHarmless && field.modes.includes('plain') ? 'plain' : undefined;
}

function release(
  record: Record<string, unknown>,
  fields: Record<string, ReleaseMode>,
): Record<string, unknown> {
  const kept = Object.entries(record).filter(([name]) => name in fields);
  return Object.fromEntries(kept.map(([name, value]) => [name, fields[name] === 'match' ? '一致' : value]));
}
