import { type Contracts, type GrantSource } from '#contracts';
import { type SignedGrant } from './catalogue.js';
import { grantState, validDays } from './grant-state.js';
import { html, type Html, type HtmlPart } from './html.js';
import { basisList, facts, table } from './table.js';
import { regionWords, ruleWords } from './words.js';

/** One grant in full: whether it is in force at `at`, purposes, basis, regions, limits, each field with the form in which it leaves. */
export function grantBlock(
  contracts: Contracts,
  { grant }: SignedGrant,
  { heading, at }: { heading: Html; at: number },
): Html {
  const fields = contracts.contracts.get(grant.query)?.fields ?? [];
  return html`<article class="grant">
    <h3>${heading}</h3>
    ${grantState(grant, at).map((state) => html`<p class="notice warn">${state}</p>`)}
    ${facts([
      ['查询目的', purposesOf(contracts, grant)],
      ['依据', basisList(grant.legalBasis)],
      ['区划', grant.regions.map((code) => regionWords(contracts, code)).join('、')],
      ['有效期', validityOf(grant)],
      ['范围', rowsOf(grant)],
      ['配额', quotaOf(grant)],
    ])}
    ${table(
      '得到的字段',
      ['含义', '字段', '得到的样子'],
      fields.map(({ name, title }) => {
        const rule = grant.fields[name];
        return [
          title,
          html`<code>${name}</code>`,
          rule ? ruleWords(rule) : html`<span class="quiet">不放出</span>`,
        ];
      }),
    )}
  </article>`;
}

function purposesOf({ purposes, campaigns }: Contracts, grant: GrantSource): HtmlPart {
  return html`<ul class="plain">
    ${grant.purposes.map(({ code, campaigns: only }) => {
      const named = only?.map((id) => campaigns.get(id)?.title ?? id).join('、');
      return html`<li>${purposes.get(code)?.title ?? code}${named && `（限${named}）`}</li>`;
    })}
  </ul>`;
}

function validityOf(grant: GrantSource): string {
  const { first, last } = validDays(grant);
  return `${first} 至 ${last}`;
}

function rowsOf({ rows: { max, months } }: GrantSource): string {
  return `每个对象最多 ${max} 条${months === undefined ? '' : `，月份跨度最多 ${months} 个月`}`;
}

function quotaOf({ quota: { perDay, perSubjectPerDay, burst, nonePerDay } }: GrantSource): string {
  const amount = (value: number): string => value.toLocaleString('en-US');
  const none = nonePerDay === undefined ? '' : `，查无记录每天最多 ${amount(nonePerDay)} 人次`;
  return `每天 ${amount(perDay)} 人次，对同一对象每天 ${amount(perSubjectPerDay)} 次，突发 ${amount(burst)} 人次${none}`;
}
