import { shanghaiDay } from '#identifiers';
import { type ProblemName, PROBLEMS } from '#problem';
import { decide, type Granted, type Refused } from './decide.js';
import { type Ask } from './model.js';
import { modeOf } from './modes/index.js';
import { type CompiledGrant, type GrantTable } from './table.js';
import { fieldWords, partyWords, type Names, queryWords } from './words.js';

/** May this requester see this field? As `decide` is asked, with one field; claims not named are taken as sent. */
export interface Question extends Omit<Ask, 'fields' | 'claims'> {
  field: string;
  claims?: readonly string[];
}

/** The answer in Chinese, by the very decision that would be taken. */
export interface Explanation {
  allowed: boolean;
  /** The release mode in words; absent when it does not leave. */
  as?: string;
  /** Legal bases; empty when it does not leave. */
  basis: readonly string[];
  why: string;
}

/** @param agencies names by agency id, for the sentence; ids stand in where one is missing */
export function explain(
  table: GrantTable,
  question: Question,
  agencies: ReadonlyMap<string, string> = new Map(),
): Explanation {
  const contract = table.contracts.get(question.query);
  const names = { contracts: table.contracts, agencies };
  const claims = question.claims ?? Object.keys(contract?.claims ?? {});
  const decision = decide(table, { ...question, fields: [question.field], claims });
  return decision.granted ? granted(decision, question, names) : refused(decision, table, question, names);
}

function granted({ grant, fields }: Granted, { field, query }: Question, names: Names): Explanation {
  const rule = fields.get(field);
  const as = rule === undefined ? undefined : modeOf(rule).words(rule);
  const until = shanghaiDay(grant.to - 1);
  return {
    allowed: true,
    ...(as !== undefined && { as }),
    basis: grant.basis,
    why: `共享方案 ${grant.scheme} 第 ${grant.version} 版授权${partyWords(names, grant.requester)}按目的 ${grant.purpose} 查询 ${queryWords(names, query)} 的 ${fieldWords(names, query, field)}，有效至 ${until}`,
  };
}

function refused(
  { problem, field }: Refused,
  table: GrantTable,
  question: Question,
  names: Names,
): Explanation {
  const place =
    field === undefined
      ? ''
      : `（${field === '/fields/0' ? fieldWords(names, question.query, question.field) : field}）`;
  const hint = hintFor(problem, table, question);
  return { allowed: false, basis: [], why: `${PROBLEMS[problem].title}${place}${hint && `：${hint}`}` };
}

/** What the grants do say, where that helps. */
function hintFor(problem: ProblemName, table: GrantTable, question: Question): string {
  const nodes = [
    table.byAgency.get(question.requester)?.get(question.query),
    table.byClass.get(question.requesterClass)?.get(question.query),
  ].filter((node) => node !== undefined);
  const grant = nodes.map((node) => node.get(question.purpose.code)).find((one) => one !== undefined);
  if (problem === 'purpose-not-granted' && !grant)
    return purposeHint(nodes.flatMap((node) => [...node.keys()]));
  return (grant && HINTS[problem]?.(grant)) ?? '';
}

function purposeHint(codes: readonly string[]): string {
  return `已授权的目的是 ${[...new Set(codes)].sort().join('、')}`;
}

const HINTS: Readonly<Partial<Record<ProblemName, (grant: CompiledGrant) => string>>> = {
  'purpose-not-granted': ({ purpose, campaigns }) =>
    campaigns
      ? `目的 ${purpose} 已授权，专项不在授权之列，已授权的专项是 ${[...campaigns].sort().join('、')}`
      : `目的 ${purpose} 已授权，须附专项或案件编号`,
  'grant-suspended': ({ suspended }) => (suspended ? `自 ${suspended.since} 起，${suspended.reason}` : ''),
  'grant-not-in-force': ({ from, to }) => `有效期为 ${shanghaiDay(from)} 至 ${shanghaiDay(to - 1)}`,
  'region-out-of-scope': ({ regions }) => `授权区划为 ${regions.join('、')}`,
};
