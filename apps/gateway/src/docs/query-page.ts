import { type Contract, type ContractExample, type Contracts } from '#contracts';
import { allGrants, type Entry } from './catalogue.js';
import { grantBlock } from './grant-block.js';
import { html, withCode, type Html } from './html.js';
import { schemaRows, valueWords } from './schema-rows.js';
import { shell } from './shell.js';
import { basisList, facts, table } from './table.js';
import { CLASSES, MODES, OWNERS, partyWords, SUBJECTS } from './words.js';

/** One query as an official reads it: what it asks, on which basis, which fields, who is granted what at a moment, examples. */
export function queryPage(contracts: Contracts, entry: Entry, at: number): string {
  const { contract, name, question } = entry;
  return shell({
    title: `${name} ${contract.title}`,
    section: '/docs/',
    body: html`<p class="trail"><a href="/docs/">接口目录</a> › ${OWNERS[contract.owner]}</p>
      <h1><span class="code">${name}</span> ${contract.title}</h1>
      <p class="lead">${withCode(question)}</p>
      ${factsOf(contract)}
      <p><a class="button" href="/docs/try#/${contract.owner}/${operationOf(contract)}">在线试用此接口</a></p>
      ${fieldsOf(contract)} ${requestOf(contract)} ${grantsOf(contracts, contract, at)}
      ${(contracts.examples.get(contract.id) ?? []).map(exampleOf)}`,
  });
}

/** The operationId that libs/contracts gives it in openapi.json. */
function operationOf({ code, version }: Contract): string {
  const parts = code.split('-').map((part) => part.charAt(0) + part.slice(1).toLowerCase());
  return `ask${parts.join('')}${version === 1 ? '' : `V${version}`}`;
}

function factsOf(contract: Contract): Html {
  return facts([
    ['提供方', OWNERS[contract.owner]],
    ['查询对象', `${SUBJECTS[contract.subject]}，一次最多 1,000 个`],
    ['每个对象最多返回', `${contract.maxRows} 条`],
    ['契约版本', contract.version],
    ['依据', basisList(contract.legalBasis)],
  ]);
}

function fieldsOf({ fields, recordSchema }: Contract): Html {
  const always = new Set(recordSchema['required'] as readonly string[]);
  return html`<section aria-labelledby="fields">
    <h2 id="fields">答复字段</h2>
    <p>
      “释放方式”是契约允许的上限；实际得到哪些字段、以什么方式得到，由提供方签署的共享方案决定。没有值的字段不出现。
    </p>
    ${table(
      '一条记录',
      ['含义', '字段', '分类', '释放方式', '取值（明文）', '必有'],
      fields.map(({ name, title, classification, modes, claim, schema }) => [
        title,
        html`<code>${name}</code>`,
        html`<span class="class ${classification}">${CLASSES[classification].title}</span>`,
        html`${modes.map((mode) => html`<span class="mode">${MODES[mode].title}</span> `)}${
          claim === undefined
            ? undefined
            : html`<br /><span class="quiet">比对主张 <code>${claim}</code></span>`
        }`,
        html`<span class="quiet">${valueWords(schema)}</span>`,
        always.has(name) ? '是' : '否',
      ]),
    )}
  </section>`;
}

function requestOf({ requestSchema, code }: Contract): Html {
  return html`<section aria-labelledby="request">
    <h2 id="request">请求项</h2>
    <p>
      <code>POST /v1/queries/${code}</code>，JSON
      请求体，以部门系统的密钥签名。<code>campaign</code>（专项行动编号）与
      <code>case</code>（案件编号）恰有其一。<code>claims</code>
      是请求方的主张，只由提供方用于比对；不附主张，比对字段不作答。
    </p>
    ${table(
      '请求体',
      ['请求项', '含义', '取值', '必填'],
      schemaRows(requestSchema).map(({ name, title, required, values }) => [
        html`<code>${name}</code>`,
        title,
        html`<span class="quiet">${values}</span>`,
        required ? '是' : '否',
      ]),
    )}
  </section>`;
}

function grantsOf(contracts: Contracts, { id }: Contract, at: number): Html {
  const grants = allGrants(contracts).filter(({ grant }) => grant.query === id);
  return html`<section aria-labelledby="grants">
    <h2 id="grants">谁获得授权</h2>
    ${
      grants.length === 0
        ? html`<p>目前没有任何共享方案授权此接口。</p>`
        : grants.map((signed) =>
            grantBlock(contracts, signed, {
              heading: html`${partyWords(contracts, signed.provider)} →
              ${partyWords(contracts, signed.requester)}`,
              at,
            }),
          )
    }
  </section>`;
}

function exampleOf({ title, request, reply }: ContractExample): Html {
  return html`<section class="example">
    <h2>示例：${title}</h2>
    <div class="pair">
      <figure>
        <figcaption>请求</figcaption>
        <pre tabindex="0"><code>${JSON.stringify(request, null, 2)}</code></pre>
      </figure>
      <figure>
        <figcaption>提供方内部的完整答复（释放之前；请求方看到的是按共享方案处理后的结果）</figcaption>
        <pre tabindex="0"><code>${JSON.stringify(reply, null, 2)}</code></pre>
      </figure>
    </div>
  </section>`;
}
