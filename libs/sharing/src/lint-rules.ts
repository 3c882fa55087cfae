import { type Agency, type Contract, type LegalBasis } from '#contracts';
import { covers, shanghaiDay } from '#identifiers';
import { visibleCandidates } from '#masking';
import { type Grant, type Scheme } from './model.js';
import { parametersOf } from './modes/index.js';
import { type Flaw, pointerToken } from './validate-scheme.js';
import { spanOf } from './validity.js';

/** A remark on a sound grant. `warning`: somebody has to look; `info`: good to know. */
export interface Remark extends Flaw {
  level: 'warning' | 'info';
}

/** One grant and what it is seen against. */
export interface Lintable {
  grant: Grant;
  contract: Contract;
  scheme: Scheme;
  provider: Agency;
  /** Milliseconds since the epoch. */
  at: number;
}

export type LintRule = (subject: Lintable) => Remark[];

const DAY = 86_400_000;
const SOON = 60 * DAY;
/** Fewer than live in a township: with a name or an employer beside it, the visible part is one person. */
const FEW = 10_000;

/** Every rule there is, in the order of their remarks. */
export const lintRules: readonly LintRule[] = [
  sensitiveInPlain,
  personsLeftByMask,
  expiry,
  widerThanContract,
  otherBasis,
  outsideOwnRegion,
  coveredTwice,
  notProvided,
  suspension,
];

function sensitiveInPlain({ grant, contract }: Lintable): Remark[] {
  return contract.fields
    .filter(
      ({ name, classification }) =>
        classification === 'sensitive' && ruleOf(grant, name)?.release === 'plain',
    )
    .map(({ name, title }) => warning(fieldPath(name), `敏感字段以明文放出：${name}（${title}）`));
}

function personsLeftByMask({ grant, contract }: Lintable): Remark[] {
  return contract.fields.flatMap(({ name, title, classification }) => {
    const rule = ruleOf(grant, name);
    if (classification !== 'sensitive' || rule?.release !== 'mask') return [];
    return [
      personsRemark(
        fieldPath(name),
        `${name}（${title}）`,
        visibleCandidates(rule.mask, parametersOf(rule), 'citizen-id'),
      ),
    ];
  });
}

function personsRemark(path: string, field: string, persons: number | undefined): Remark {
  if (persons === undefined) return info(path, `${field}的掩码不是为证件号码设计的，剩余人数无法估计`);
  const fault = `${field}若为公民身份号码，可见部分至少对应 ${persons} 个可能的号码`;
  return persons < FEW ? warning(path, fault) : info(path, fault);
}

function expiry({ grant, at }: Lintable): Remark[] {
  const to = spanOf(grant.validity)?.to ?? at;
  if (to <= at) return [warning('/validity/to', `已于 ${shanghaiDay(to - 1)} 到期`)];
  return to - at <= SOON ? [warning('/validity/to', `将于 ${shanghaiDay(to - 1)} 到期，不足 60 天`)] : [];
}

function widerThanContract({ grant, contract }: Lintable): Remark[] {
  if (grant.rows.max <= contract.maxRows) return [];
  return [warning('/rows/max', `行数上限 ${grant.rows.max} 宽于契约的 ${contract.maxRows}`)];
}

/** What allows the query is named in its contract, where its readers look for it. */
function otherBasis({ grant, contract }: Lintable): Remark[] {
  const named = new Set(contract.legalBasis.map(basisText));
  return grant.legalBasis.flatMap((basis, index) =>
    named.has(basisText(basis))
      ? []
      : [warning(`/legalBasis/${index}`, `契约 ${contract.id} 没有列出这一依据：${basisText(basis)}`)],
  );
}

function basisText({ document, section }: LegalBasis): string {
  return `${document}，${section}`;
}

/** A template for a class stands for agencies of many regions. */
function outsideOwnRegion({ grant, scheme, provider }: Lintable): Remark[] {
  if (scheme.provider !== provider.id) return [];
  return grant.regions.flatMap((region, index) =>
    covers(provider.region, region)
      ? []
      : [warning(`/regions/${index}`, `${region} 不在提供方辖区 ${provider.region} 之内`)],
  );
}

function coveredTwice({ grant: { regions } }: Lintable): Remark[] {
  return regions.flatMap((region, index) => {
    const wider = regions.find((other) => other !== region && covers(other, region));
    return wider === undefined ? [] : [info(`/regions/${index}`, `${region} 已包含在 ${wider} 之内`)];
  });
}

function notProvided({ contract, scheme, provider }: Lintable): Remark[] {
  if (scheme.provider !== provider.id || provider.provides.includes(contract.code)) return [];
  return [warning('/query', `提供方没有登记提供 ${contract.code}`)];
}

function suspension({ grant: { suspended } }: Lintable): Remark[] {
  return suspended === undefined
    ? []
    : [info('/suspended', `自 ${suspended.since} 起暂停：${suspended.reason}`)];
}

function ruleOf(grant: Grant, name: string) {
  return Object.hasOwn(grant.fields, name) ? grant.fields[name] : undefined;
}

function fieldPath(name: string): string {
  return `/fields/${pointerToken(name)}`;
}

function warning(path: string, fault: string): Remark {
  return { level: 'warning', path, fault };
}

function info(path: string, fault: string): Remark {
  return { level: 'info', path, fault };
}
