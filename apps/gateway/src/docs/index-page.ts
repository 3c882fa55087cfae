import { CLASSIFICATIONS, RELEASE_MODES, type Contract, type Contracts } from '#contracts';
import { type Entry } from './catalogue.js';
import { html, withCode, type Html } from './html.js';
import { shell } from './shell.js';
import { basisList, table } from './table.js';
import { CLASSES, inReadingOrder, MODES, OWNERS, regionWords, SUBJECTS } from './words.js';

/** What can be asked, of whom, how to begin, and the words used on all pages. */
export function indexPage(contracts: Contracts, entries: readonly Entry[]): string {
  return shell({
    title: '接口目录',
    section: '/docs/',
    body: html`<h1>查询接口目录</h1>
      <p class="lead">
        部门之间就注册执业人员互相查询。每个字段只按数据提供方签署的共享方案放出，没有授权的字段不会离开提供方；每次查询，包括被拒绝的，都记入双方可核验的存证日志。
      </p>
      ${catalogueOf(entries)} ${STEPS} ${agenciesOf(contracts)} ${WORDS} ${FILES}`,
  });
}

function catalogueOf(entries: readonly Entry[]): Html {
  const owners = [...new Set(entries.map(({ contract }) => contract.owner))];
  return html`<section class="catalogue" aria-labelledby="queries">
    <h2 id="queries">能查什么</h2>
    ${owners.map((owner) =>
      table(
        `由${OWNERS[owner]}答复`,
        ['代码', '接口', '对象', '字段', '依据'],
        entries.filter(({ contract }) => contract.owner === owner).map(rowOf),
      ),
    )}
  </section>`;
}

function rowOf({ contract, name, question }: Entry): Html[] {
  const address = `/docs/queries/${name}`;
  return [
    html`<a class="code" href="${address}">${name}</a>`,
    html`<a href="${address}"><strong>${contract.title}</strong></a
      ><br /><span class="quiet">${withCode(question)}</span>`,
    html`${SUBJECTS[contract.subject]}`,
    html`${fieldCounts(contract)}`,
    basisList(contract.legalBasis),
  ];
}

/** How many fields of each classification: what a reviewer weighs first. */
function fieldCounts({ fields }: Contract): Html {
  const counts = CLASSIFICATIONS.toReversed().map((kind) => ({
    kind,
    count: fields.filter(({ classification }) => classification === kind).length,
  }));
  return html`<ul class="plain">
    ${counts
      .filter(({ count }) => count > 0)
      .map(
        ({ kind, count }) =>
          html`<li><span class="class ${kind}">${CLASSES[kind].title}</span> ${count} 项</li>`,
      )}
  </ul>`;
}

const STEPS = html`<section aria-labelledby="begin">
  <h2 id="begin">怎么接入</h2>
  <ol class="steps">
    <li>
      <strong>看授权。</strong>在<a href="/docs/grants">授权一览</a
      >中找到本部门，看能问哪些接口、得到哪些字段、依据什么、每天多少次。
    </li>
    <li>
      <strong>备密钥。</strong>用命令行 <code>keys make</code> 生成部门系统的签名密钥，把
      <code>keys registration</code> 打印的申请交省级登记。私钥不离开本部门。
    </li>
    <li>
      <strong>先试用。</strong>在<a href="/docs/try">在线试用</a
      >页选密钥文件，用虚构人员发一次真实请求，看答复和回执。
    </li>
    <li>
      <strong>再接系统。</strong>用客户端库或命令行 <code>ask</code>，它们代为签名并在网关之间切换；其他语言按
      <a href="/docs/openapi.json">OpenAPI</a> 与 RFC 9421 自行签名。拒绝的原因查<a href="/docs/problems"
        >错误代码</a
      >。
    </li>
  </ol>
</section>`;

function agenciesOf(contracts: Contracts): Html {
  return html`<section aria-labelledby="agencies">
    <h2 id="agencies">有哪些部门</h2>
    ${table(
      '已列入目录的部门',
      ['名称', '编号', '类别', '区划', '答复的接口'],
      inReadingOrder(contracts.agencies.values()).map(({ id, name, class: kind, region, provides }) => [
        name,
        html`<code>${id}</code>`,
        OWNERS[kind],
        regionWords(contracts, region),
        provides.length === 0 ? '只查询，不答复' : html`<span class="list">${provides.map(queryLink)}</span>`,
      ]),
    )}
  </section>`;
}

function queryLink(code: string): Html {
  return html`<a class="code" href="/docs/queries/${code}">${code}</a> `;
}

const WORDS = html`<section aria-labelledby="words">
  <h2 id="words">用词</h2>
  ${table(
    '释放方式：字段以什么样子离开提供方',
    ['方式', '含义'],
    RELEASE_MODES.map((mode) => [html`<span class="mode">${MODES[mode].title}</span>`, MODES[mode].meaning]),
  )}
  ${table(
    '字段分类：泄露后的危害由轻到重',
    ['分类', '含义'],
    CLASSIFICATIONS.map((kind) => [
      html`<span class="class ${kind}">${CLASSES[kind].title}</span>`,
      CLASSES[kind].meaning,
    ]),
  )}
</section>`;

const FILES = html`<section aria-labelledby="files">
  <h2 id="files">机器可读的文件</h2>
  <ul>
    <li><a href="/docs/openapi.json">OpenAPI 3.1</a>：部门系统与本网关之间的 HTTP 接口</li>
    <li><a href="/docs/asyncapi.json">AsyncAPI 3</a>：各前置节点之间的消息</li>
  </ul>
</section>`;
