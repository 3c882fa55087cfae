import { type Faults } from './faults.js';
import {
  type Contract,
  type FieldRuleSource,
  type GrantSource,
  type QueryId,
  type SchemeSource,
} from './model.js';
import { propertiesOf } from './schema.js';
import { type Directory } from './read-directory.js';
import { type ShapedFiles } from './shapes.js';

/** All scheme files under `sharing/`, with every name in them held against contracts and directory. */
export function readSchemes(
  shaped: ShapedFiles,
  contracts: ReadonlyMap<QueryId, Contract>,
  directory: Directory,
): SchemeSource[] {
  const paths = shaped.files
    .folders('sharing')
    .flatMap((provider) => shaped.files.files(`sharing/${provider}`, '.yaml'));
  return paths.flatMap((path) => {
    const scheme = shaped.yaml<SchemeSource>(path, 'scheme');
    if (!scheme) return [];
    new SchemeCheck(shaped.files.faults, path, contracts, directory).scheme(scheme);
    return [scheme];
  });
}

/** Holds one scheme file against the rest; what masks there are is the business of `#sharing`. */
class SchemeCheck {
  constructor(
    readonly faults: Faults,
    readonly path: string,
    readonly contracts: ReadonlyMap<QueryId, Contract>,
    readonly directory: Directory,
  ) {}

  scheme({ scheme, provider, requester, grants }: SchemeSource): void {
    if (this.path !== `sharing/${provider}/${requester}.yaml`)
      this.#fault('', 'file must be <provider>/<requester>.yaml');
    if (scheme !== `${provider}.${requester}`) this.#fault('/scheme', 'must be <provider>.<requester>');
    if (!this.#isParty(requester)) this.#fault('/requester', 'is no agency and no class of one');
    if (!this.#isParty(provider)) this.#fault('/provider', 'is no agency and no class of one');
    grants.forEach((grant, index) => this.#grant(grant, `/grants/${index}`, provider));
  }

  #grant(grant: GrantSource, at: string, provider: string): void {
    const contract = this.contracts.get(grant.query);
    if (contract) {
      this.#provided(contract, `${at}/query`, provider);
      for (const [name, rule] of Object.entries(grant.fields))
        this.#field(contract, name, rule, `${at}/fields/${name}`);
      this.#rows(contract, grant, `${at}/rows`);
    } else this.#fault(`${at}/query`, 'there is no such contract version');
    grant.purposes.forEach((purpose, index) => this.#purpose(purpose, `${at}/purposes/${index}`));
    grant.regions.forEach((region, index) => {
      if (!this.directory.regions.has(region))
        this.#fault(`${at}/regions/${index}`, 'is not in regions.yaml');
    });
    if (Date.parse(grant.validity.from) >= Date.parse(grant.validity.to))
      this.#fault(`${at}/validity`, 'ends before it begins');
  }

  #provided({ code, owner }: Contract, at: string, provider: string): void {
    const agency = this.directory.agencies.get(provider);
    const provides = agency ? agency.provides.includes(code) : owner === provider;
    if (!provides) this.#fault(at, `${provider} does not provide it`);
  }

  #field(contract: Contract, name: string, rule: FieldRuleSource, at: string): void {
    const field = contract.fields.find((candidate) => candidate.name === name);
    if (!field) return this.#fault(at, 'is not a field of the contract');
    if (!field.modes.includes(rule.release))
      this.#fault(`${at}/release`, `the contract allows ${field.modes.join(', ')}`);
    if (rule.release === 'match' && rule.claim !== field.claim)
      this.#fault(`${at}/claim`, 'is not the claim of the contract');
    if (rule.release === 'band' && !isAscending(rule.bands)) this.#fault(`${at}/bands`, 'must ascend');
  }

  /** A grant of a query over months says how many, so that a later contract cannot widen it in silence. */
  #rows(contract: Contract, { rows }: GrantSource, at: string): void {
    if (rows.max > contract.maxRows) this.#fault(`${at}/max`, `the contract allows ${contract.maxRows}`);
    const params = propertiesOf(contract.requestSchema)['params'];
    const hasMonths = params !== undefined && Object.hasOwn(propertiesOf(params), 'months');
    if (hasMonths !== (rows.months !== undefined))
      this.#fault(`${at}/months`, hasMonths ? 'is missing' : 'the query has no months');
  }

  #purpose({ code, campaigns }: GrantSource['purposes'][number], at: string): void {
    const purpose = this.directory.purposes.get(code);
    if (!purpose) return this.#fault(`${at}/code`, 'is not in purposes.yaml');
    const needsCampaign = purpose.requires === 'campaign';
    if (needsCampaign !== (campaigns !== undefined))
      this.#fault(at, needsCampaign ? 'must name campaigns' : 'has no campaigns');
    campaigns?.forEach((campaign, index) => {
      if (!this.directory.campaigns.has(campaign))
        this.#fault(`${at}/campaigns/${index}`, 'is not in campaigns/');
    });
  }

  #isParty(name: string): boolean {
    return (
      this.directory.agencies.has(name) ||
      [...this.directory.agencies.values()].some((agency) => agency.class === name)
    );
  }

  #fault(at: string, why: string): void {
    this.faults.add(this.path, at, why);
  }
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
}
