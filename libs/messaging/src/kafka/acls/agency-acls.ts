import { provinceTopics } from '../../topic-specs.js';
import { topics } from '../../topics.js';
import { type ProvinceRoles } from './province-roles.js';

/** One thing that one user may do on the broker; what no row says is refused. The host is any. */
export interface AclRow {
  /** User name as it logs in: the agency's id. */
  user: string;
  resource: 'topic' | 'group';
  name: string;
  /** `prefixed`: every name that begins so. */
  pattern: 'literal' | 'prefixed';
  operation: 'read' | 'write' | 'describe' | 'describe-configs';
}

/**
 * What one agency's node may do on the broker. Kafka adds `describe` to both reading and writing; a node also looks at the
 * topics that it checks when it starts. Topics are named one by one, never by prefix: `exchange.request.` would take in
 * every dead letter. Groups of a node begin with its agency's id and a full stop. Making and changing topics, and reading
 * dead letters, is in no row: that is the province's `admin`.
 *
 * A rule of Kafka knows topics, not keys: a provider could write under another's key in `sharing.bundle`. The bundle's own
 * signature refuses that.
 */
export function aclsOf(agency: string, province: ProvinceRoles): AclRow[] {
  const part: Part = {
    agency,
    provides: province.providers.includes(agency),
    asks: province.requesters.includes(agency),
    monitors: province.monitor === agency,
  };
  if (!part.provides && !part.asks && !part.monitors) return [];
  const reads = topicsRead(part);
  const writes = topicsWritten(part, province);
  const used = new Set([...reads, ...writes]);
  const checked = startChecks(part).filter((topic) => !used.has(topic));
  return [
    ...reads.map((name) => onTopic(agency, name, 'read')),
    ...writes.map((name) => onTopic(agency, name, 'write')),
    ...checked.map((name) => onTopic(agency, name, 'describe')),
    ...[...used, ...checked].map((name) => onTopic(agency, name, 'describe-configs')),
    { user: agency, resource: 'group', name: `${agency}.`, pattern: 'prefixed', operation: 'read' },
  ];
}

/** The rules of a whole province. */
export function provinceAcls(province: ProvinceRoles): AclRow[] {
  return agenciesOf(province).flatMap((agency) => aclsOf(agency, province));
}

/** Each agency once, sorted: the users of the broker beside `admin`. */
export function agenciesOf({ providers, requesters, monitor }: ProvinceRoles): string[] {
  return [...new Set([...providers, ...requesters, monitor])].sort();
}

/** What one agency does in the province. */
interface Part {
  agency: string;
  provides: boolean;
  asks: boolean;
  monitors: boolean;
}

function topicsRead({ agency, provides, asks, monitors }: Part): string[] {
  return [
    topics.bundle(),
    topics.registry(),
    ...(provides ? [topics.request(agency)] : []),
    ...(asks ? [topics.reply(agency)] : []),
    ...(monitors ? [topics.tail()] : []),
  ];
}

function topicsWritten(part: Part, { providers, requesters }: ProvinceRoles): string[] {
  const served = topicsRead({ ...part, asks: false }); // a reply that nobody waits for has no dead letter
  return [
    topics.tail(),
    ...(part.asks ? providers.map(topics.request) : []),
    ...(part.provides ? [...requesters.map(topics.reply), topics.bundle()] : []),
    ...(part.monitors ? [topics.registry()] : []),
    ...served.map(topics.deadLetter),
  ];
}

/** A process holds the topics of its own side against their specs before it begins. */
function startChecks({ agency, provides, asks }: Part): string[] {
  const own = (does: boolean) => (does ? [agency] : []);
  return provinceTopics({ providers: own(provides), requesters: own(asks) }).map(({ name }) => name);
}

function onTopic(user: string, name: string, operation: AclRow['operation']): AclRow {
  return { user, resource: 'topic', name, pattern: 'literal', operation };
}
