import { type AgencyClass, type Contract, type QueryId } from '#contracts';

/** What ids are called where officials read them. */
export interface Names {
  contracts: ReadonlyMap<QueryId, Contract>;
  /** Agency id → name. */
  agencies: ReadonlyMap<string, string>;
}

const CLASS_NAMES: Readonly<Record<AgencyClass, string>> = {
  housing: '各住房和城乡建设部门',
  hrss: '各人力资源和社会保障部门',
  fund: '各住房公积金管理中心',
  data: '各数据主管部门',
};

/** An agency, or a class, by its name; the id where none is known. */
export function partyWords(names: Names, id: string): string {
  return names.agencies.get(id) ?? (isClass(id) ? CLASS_NAMES[id] : id);
}

export function isClass(id: string): id is AgencyClass {
  return Object.hasOwn(CLASS_NAMES, id);
}

/** `payerName（缴费单位名称）` */
export function fieldWords(names: Names, query: QueryId, field: string): string {
  const title = names.contracts.get(query)?.fields.find(({ name }) => name === field)?.title;
  return title === undefined ? field : `${field}（${title}）`;
}

/** `HR-SI-01@1（社保缴费记录查询）` */
export function queryWords(names: Names, query: QueryId): string {
  const title = names.contracts.get(query)?.title;
  return title === undefined ? query : `${query}（${title}）`;
}
