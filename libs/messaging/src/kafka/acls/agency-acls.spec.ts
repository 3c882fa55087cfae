import { describe, expect, test } from '@jest/globals';
import {
  aclCommands,
  type AclRow,
  aclsOf,
  agenciesOf,
  provinceAcls,
  provinceRoles,
  type ProvinceRoles,
  provinceTopics,
} from '../../index.js';

const PROVINCE: ProvinceRoles = {
  providers: ['hrss', 'fund'],
  requesters: ['hrss', 'fund', 'city', 'data'],
  monitor: 'data',
};

/** Every topic of the province, and who may (r)ead, (w)rite or only (d)escribe it. What is not said here is refused. */
const TABLE: Record<string, Record<string, string>> = {
  'exchange.request.hrss': { hrss: 'rw', fund: 'w', city: 'w', data: 'w' },
  'exchange.request.fund': { hrss: 'w', fund: 'rw', city: 'w', data: 'w' },
  'exchange.reply.hrss': { hrss: 'rw', fund: 'w' },
  'exchange.reply.fund': { hrss: 'w', fund: 'rw' },
  'exchange.reply.city': { hrss: 'w', fund: 'w', city: 'r' },
  'exchange.reply.data': { hrss: 'w', fund: 'w', data: 'r' },
  'log.tail': { hrss: 'w', fund: 'w', city: 'w', data: 'rw' },
  'sharing.bundle': { hrss: 'rw', fund: 'rw', city: 'r', data: 'r' },
  registry: { hrss: 'r', fund: 'r', city: 'r', data: 'rw' },
  'exchange.request.hrss.dead': { hrss: 'w' },
  'exchange.request.fund.dead': { fund: 'w' },
  'log.tail.dead': { hrss: 'd', fund: 'd', city: 'd', data: 'w' },
  'sharing.bundle.dead': { hrss: 'w', fund: 'w', city: 'w', data: 'w' },
  'registry.dead': { hrss: 'w', fund: 'w', city: 'w', data: 'w' },
};
const AGENCIES = ['city', 'data', 'fund', 'hrss'];

describe('what an agency may do on the broker', () => {
  test('is what the table says of every topic, and nothing else', () => {
    expect(agenciesOf(PROVINCE)).toEqual(AGENCIES);
    expect(Object.keys(TABLE).sort()).toEqual(
      provinceTopics(PROVINCE)
        .map(({ name }) => name)
        .sort(),
    );
    const wanted = AGENCIES.flatMap((user) =>
      Object.keys(TABLE).flatMap((topic) => rowsOfTable(user, topic)),
    );
    const given = provinceAcls(PROVINCE).filter(({ resource }) => resource === 'topic');
    expect(sorted(given)).toEqual(sorted(wanted));
  });

  test('reaches its own groups only', () => {
    const groups = provinceAcls(PROVINCE).filter(({ resource }) => resource === 'group');
    const own = AGENCIES.map((user) => ({
      user,
      resource: 'group',
      name: `${user}.`,
      pattern: 'prefixed',
      operation: 'read',
    }));
    expect(sorted(groups)).toEqual(sorted(own as AclRow[]));
  });

  test('names each rule once, and gives one who takes no part none', () => {
    const rows = provinceAcls(PROVINCE).map((row) => JSON.stringify(row));
    expect(new Set(rows).size).toBe(rows.length);
    expect(aclsOf('stranger', PROVINCE)).toEqual([]);
  });

  test('is printed as commands of Kafka’s own tool, one for each user and resource', () => {
    const commands = aclCommands(aclsOf('city', PROVINCE));
    const kafkaAcls = 'kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config "$ADMIN" --add';
    expect(commands).toContain(
      `${kafkaAcls} --allow-principal User:city --operation Write --operation DescribeConfigs --topic exchange.request.hrss --resource-pattern-type literal`,
    );
    expect(commands).toContain(
      `${kafkaAcls} --allow-principal User:city --operation Read --group city. --resource-pattern-type prefixed`,
    );
    expect(commands).toHaveLength(10);
  });
});

describe('who takes part', () => {
  const data = { id: 'data', class: 'data', provides: [] };
  const hrss = { id: 'hrss', class: 'hrss', provides: ['HR-SI-01'] };

  test('is not known without exactly one agency that watches', () => {
    for (const agencies of [[hrss], [data, hrss, { ...data, id: 'other' }]])
      expect(() => provinceRoles(agencies)).toThrow(/exactly one agency of class data/);
  });

  test('follows from what each agency provides', () => {
    expect(provinceRoles([hrss, data])).toEqual({
      providers: ['hrss'],
      requesters: ['hrss', 'data'],
      monitor: 'data',
    });
  });
});

const OPERATIONS = { r: 'read', w: 'write', d: 'describe' } as const;

function rowsOfTable(user: string, name: string): AclRow[] {
  const letters = [...(TABLE[name]?.[user] ?? '')] as (keyof typeof OPERATIONS)[];
  const operations = letters.map((letter) => OPERATIONS[letter]);
  const looks = operations.length > 0 ? (['describe-configs'] as const) : [];
  return [...operations, ...looks].map((operation) => ({
    user,
    resource: 'topic',
    name,
    pattern: 'literal',
    operation,
  }));
}

function sorted(rows: readonly AclRow[]): string[] {
  return rows
    .map(({ user, resource, name, pattern, operation }) =>
      [user, resource, name, pattern, operation].join(' '),
    )
    .sort();
}
