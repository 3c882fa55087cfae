import { type Agency, type Contracts } from '#contracts';
import { allGrants } from './catalogue.js';
import { grantBlock } from './grant-block.js';
import { html, type Html } from './html.js';
import { shell } from './shell.js';
import { inReadingOrder, partyWords } from './words.js';

/** What each agency may ask and gets at a moment, by requester: an official looks for the own agency first. */
export function grantsPage(contracts: Contracts, at: number): string {
  const requesters = inReadingOrder(contracts.agencies.values());
  return shell({
    title: '授权一览',
    section: '/docs/grants',
    body: html`<h1>授权一览</h1>
      <p class="lead">
        各数据提供方在共享方案中授予各部门的查询：问什么、为什么、得到哪些字段、以什么样子得到。
      </p>
      <p class="notice">
        此处是契约文件中的共享方案。提供方可以随时暂停或变更，效力以其签署并发布的方案包为准：每次答复都写明所依据的方案包编号。
      </p>
      <nav class="contents" aria-label="部门">
        <ul>
          ${requesters.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
        </ul>
      </nav>
      ${requesters.map(({ id, name }) => requesterOf(contracts, { id, name }, at))}`,
  });
}

function requesterOf(contracts: Contracts, { id, name }: Pick<Agency, 'id' | 'name'>, at: number): Html {
  const grants = allGrants(contracts).filter(({ requester }) => requester === id);
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${name}</h2>
    ${
      grants.length === 0
        ? html`<p>没有获得任何授权。</p>`
        : grants.map((signed) => grantBlock(contracts, signed, { heading: headingOf(contracts, signed), at }))
    }
  </section>`;
}

function headingOf(
  contracts: Contracts,
  { provider, grant }: { provider: string; grant: { query: `${string}@${number}` } },
): Html {
  const contract = contracts.find(grant.query);
  const name = contracts.find(contract.code) === contract ? contract.code : contract.id;
  return html`<a class="code" href="/docs/queries/${name}">${name}</a> ${contract.title}
    <span class="quiet">由${partyWords(contracts, provider)}提供</span>`;
}
