import { type Agency, type Contract, type ContractField, type QueryId } from '#contracts';
import { type Ask, type Bundle, buildTable, compileBundle, type GrantTable } from '../src/index.js';
import { type Grant, type Scheme } from '../src/model.js';

export const AT = Date.parse('2026-03-02T01:00:00.000Z');

export const hrss: Agency = agency('hrss-990000', 'hrss', '测试省人力资源和社会保障厅', '990000');
export const housing: Agency = agency('housing-990100', 'housing', '测试市住房和城乡建设局', '990100');
export const names = new Map([hrss, housing].map(({ id, name }) => [id, name]));

function agency(id: string, kind: Agency['class'], name: string, region: string): Agency {
  const contact = { office: '信息科', phone: '10000000001' };
  return {
    id,
    class: kind,
    name,
    uscc: '91990101MA00DEM14A',
    region,
    provides: ['HR-SI-01', 'HR-SI-02'],
    contact,
  };
}

const ALL = ['plain', 'mask', 'match', 'band', 'pseudonym'] as const;

function field(
  name: string,
  title: string,
  schema: object,
  more: Partial<ContractField> = {},
): ContractField {
  return { name, title, schema: { ...schema }, classification: 'internal', modes: ALL, ...more };
}

const text = { type: 'string', minLength: 1, maxLength: 100 };

/** A contract with every type of value; `months` and `remark` may be missing, `remark` may be null. */
export const contributions: Contract = contract('HR-SI-01', '社保缴费记录查询', [
  field('personName', '姓名', text, { classification: 'personal' }),
  field(
    'idNumber',
    '证件号码',
    { type: 'string', minLength: 5, maxLength: 32 },
    { classification: 'sensitive' },
  ),
  field('payerName', '缴费单位名称', text),
  field('payerUscc', '缴费单位统一社会信用代码', text, { claim: 'uscc' }),
  field('monthsPaid', '缴费月数', { type: 'integer', minimum: 0, maximum: 24 }, { modes: ['plain', 'band'] }),
  field('arrived', '是否足额到账', { type: 'boolean' }, { modes: ['plain'] }),
  field(
    'months',
    '费款所属期',
    { type: 'array', items: { type: 'string' }, maxItems: 24 },
    { modes: ['plain'] },
  ),
  field('remark', '备注', { type: ['string', 'null'] }),
  field('region', '参保地区划', { type: 'string', pattern: '^[0-9]{6}$' }),
]);

export const unitCheck: Contract = contract('HR-SI-02', '缴费单位一致性核验', [
  field('payerUscc', '缴费单位统一社会信用代码', text, { claim: 'uscc', modes: ['match'] }),
  field('region', '参保地区划', { type: 'string', pattern: '^[0-9]{6}$' }),
]);

export const contracts: ReadonlyMap<QueryId, Contract> = new Map(
  [contributions, unitCheck].map((one) => [one.id, one]),
);

function contract(code: string, title: string, fields: ContractField[]): Contract {
  const optional = ['months', 'remark'];
  return {
    id: `${code}@1`,
    code,
    version: 1,
    title,
    owner: 'hrss',
    subject: 'person',
    legalBasis: [{ document: '晋建审字〔2024〕179号', section: '二(二)' }],
    maxRows: 50,
    fields,
    regionField: 'region',
    claims: { uscc: text },
    requestSchema: { type: 'object' },
    recordSchema: {
      type: 'object',
      additionalProperties: false,
      required: fields.map(({ name }) => name).filter((name) => !optional.includes(name)),
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    },
  };
}

export function grant(change: Partial<Grant> = {}): Grant {
  return {
    query: 'HR-SI-01@1',
    purposes: [{ code: 'case-verification' }],
    legalBasis: [{ document: '晋建审字〔2024〕179号', section: '二(二)' }],
    fields: {
      payerName: { release: 'plain' },
      idNumber: { release: 'mask', mask: 'keep', first: 1, last: 1 },
    },
    regions: ['990100'],
    rows: { max: 10, months: 24 },
    validity: { from: '2026-01-01', to: '2026-12-31' },
    quota: { perDay: 100, perSubjectPerDay: 5, burst: 50 },
    ...change,
  };
}

export function scheme(change: Partial<Scheme> = {}): Scheme {
  return {
    scheme: 'hrss-990000/housing-990100',
    version: 1,
    provider: 'hrss-990000',
    requester: 'housing-990100',
    grants: [grant()],
    ...change,
  };
}

export function bundle(schemes: readonly unknown[] = [scheme()], number = 1): Bundle {
  return compileBundle({ provider: hrss, number, issuedAt: '2026-01-01T00:00:00.000Z', schemes, contracts });
}

export function table(...schemes: Scheme[]): GrantTable {
  return buildTable(bundle(schemes), contracts);
}

/** The table of one grant to the housing bureau. */
export function tableOf(change: Partial<Grant>): GrantTable {
  return table(scheme({ grants: [grant(change)] }));
}

export function ask(change: Partial<Ask> = {}): Ask {
  return {
    requester: 'housing-990100',
    requesterClass: 'housing',
    query: 'HR-SI-01@1',
    purpose: { code: 'case-verification', case: '挂核〔2026〕1号' },
    region: '990100',
    claims: [],
    at: AT,
    ...change,
  };
}

/** A row as a source answers it. */
export function row(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    personName: '张测试',
    idNumber: '990101198503120010',
    payerName: '测试建设工程有限公司',
    payerUscc: '91990101MA00DEM14A',
    monthsPaid: 7,
    arrived: true,
    months: ['2026-01', '2026-02'],
    remark: null,
    region: '990101',
    ...change,
  };
}
