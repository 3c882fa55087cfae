import { describe, expect, test } from '@jest/globals';
import { at, type Edit, edited, found, onContract, undeclared, wordsOf } from '../testing/edited-snapshot.js';
import { type Contract } from '../model.js';

const reply = (contract: Contract, ...path: string[]) => at(contract.recordSchema, ...path);
const asked = (contract: Contract, ...path: string[]) => at(contract.requestSchema, ...path);
const list = (schema: Record<string, unknown>, key: string) => schema[key] as string[];

describe('a contract breaks others, whatever else is released, when', () => {
  test.each<[string, Edit<Contract>, string]>([
    [
      'a field is removed',
      (c) => delete reply(c, 'properties')['unitName'],
      '答复字段 unitName 被删除或改名',
    ],
    [
      'a type changes',
      (c) => (reply(c, 'properties', 'monthsPaid')['type'] = 'string'),
      '答复字段 monthsPaid 的类型改变',
    ],
    [
      'a choice is gone',
      (c) => list(reply(c, 'properties', 'accountStatus'), 'enum').pop(),
      '答复字段 accountStatus 的取值范围改变',
    ],
    [
      'a choice is new',
      (c) => list(reply(c, 'properties', 'accountStatus'), 'enum').push('new'),
      '答复字段 accountStatus 的取值范围改变',
    ],
    [
      'a format changes',
      (c) => (reply(c, 'properties', 'unitName')['maxLength'] = 300),
      '答复字段 unitName 的格式要求改变',
    ],
    [
      'a field becomes required',
      (c) => list(reply(c), 'required').push('unitUscc'),
      '答复字段 unitUscc 变为必有',
    ],
    ['a field becomes optional', (c) => list(reply(c), 'required').shift(), '答复字段 personName 不再必有'],
    ['the record gets a rule of its own', (c) => (reply(c)['minProperties'] = 3), '答复记录整体的要求改变'],
    [
      'a mode is gone',
      (c) => (found(c.fields[0]).modes = ['mask', 'pseudonym']),
      '字段 personName 不再允许释放方式 plain',
    ],
    [
      'a class is milder',
      (c) => (found(c.fields[1]).classification = 'personal'),
      '字段 idNumber 的分类降低',
    ],
    ['a claim changes', (c) => delete found(c.fields[2]).claim, '字段 unitName 的比对项改变'],
    ['rows are no longer bound to a region', (c) => delete c.regionField, '区划字段改变'],
    ['its owner changes', (c) => (c.owner = 'hrss'), '提供方类别改变'],
    ['its subject changes', (c) => (c.subject = 'unit'), '查询对象改变'],
    ['fewer rows are answered', (c) => (c.maxRows = 19), '最多返回行数由 20 减为 19'],
    [
      'a parameter is gone',
      (c) => delete asked(c, 'properties', 'params', 'properties')['months'],
      '请求项 months 被删除或改名',
    ],
    [
      'a parameter becomes required',
      (c) => list(asked(c), 'required').push('deadlineMs'),
      '请求的限制 required 收紧',
    ],
    [
      'fewer months may be asked',
      (c) => (asked(c, 'properties', 'params', 'properties', 'months')['x-maxMonths'] = 12),
      '请求的限制 x-maxMonths 收紧',
    ],
    [
      'fewer subjects may be asked',
      (c) => (asked(c, 'properties', 'subjects')['maxItems'] = 10),
      '请求的限制 maxItems 收紧',
    ],
    [
      'a choice of the request is gone',
      (c) => list(asked(c, 'properties', 'subjects', 'items', 'properties', 'idType'), 'enum').pop(),
      '请求的限制 enum 收紧',
    ],
    [
      'a pattern changes',
      (c) => (asked(c, 'properties', 'region')['pattern'] = '^99[0-9]{4}$'),
      '请求的限制 pattern 收紧',
    ],
    [
      'a keyword appears that nobody knows here',
      (c) => (asked(c, 'properties', 'region')['not'] = {}),
      '请求的限制 not 收紧',
    ],
    [
      'the least deadline rises',
      (c) => (asked(c, 'properties', 'deadlineMs')['minimum'] = 200),
      '请求的限制 minimum 收紧',
    ],
  ])('%s', (_name, edit, expected) => {
    const after = onContract(edit);
    expect(wordsOf(undeclared(after))).toEqual([`PF-01@1 ${expected}`]);
    expect(undeclared(after)[0]?.where).toMatch(/^contracts\/queries\/PF-01\/(contract|reply|request)\./);
  });

  test('it is removed, unless a newer version is there and nobody is granted the old one', () => {
    const without = edited((all) => (all.contracts = all.contracts.filter(({ id }) => id !== 'PF-01@1')));
    expect(wordsOf(undeclared(without))).toEqual(['PF-01@1 的契约被删除']);
    const replaced = edited((all) => {
      Object.assign(found(all.contracts.find(({ id }) => id === 'PF-01@1')), { id: 'PF-01@2', version: 2 });
      for (const { grants } of all.schemes)
        grants.splice(0, grants.length, ...grants.filter(({ query }) => query !== 'PF-01@1'));
    });
    expect(undeclared(replaced)).toEqual([]);
  });
});

describe('a contract harms nobody when', () => {
  test.each<[string, Edit<Contract>]>([
    ['a title changes', (c) => (c.title = '新名称')],
    ['a description in a schema changes', (c) => (reply(c, 'properties', 'unitName')['title'] = '单位')],
    [
      'a new optional field is there, granted to nobody',
      (c) => (reply(c, 'properties')['note'] = { type: 'string' }),
    ],
    ['a new mode is possible', (c) => (found(c.fields[1]).modes = ['mask', 'pseudonym', 'plain'])],
    ['a class is stricter', (c) => (found(c.fields[0]).classification = 'sensitive')],
    ['more rows are possible', (c) => (c.maxRows = 21)],
    [
      'a new optional parameter is there',
      (c) => (asked(c, 'properties', 'params', 'properties')['page'] = { type: 'integer' }),
    ],
    ['a parameter becomes optional', (c) => list(asked(c), 'required').pop()],
    [
      'more months may be asked',
      (c) => (asked(c, 'properties', 'params', 'properties', 'months')['x-maxMonths'] = 36),
    ],
    [
      'a choice of the request is new',
      (c) => list(asked(c, 'properties', 'subjects', 'items', 'properties', 'idType'), 'enum').push('card'),
    ],
    ['a pattern is gone', (c) => delete asked(c, 'properties', 'region')['pattern']],
    ['its legal basis changes', (c) => (c.legalBasis = [{ document: '新', section: '一' }])],
  ])('%s', (_name, edit) => expect(undeclared(onContract(edit))).toEqual([]));
});
