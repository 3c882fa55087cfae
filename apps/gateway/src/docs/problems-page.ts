import { PROBLEMS } from '#problem';
import { html, type Html } from './html.js';
import { shell } from './shell.js';
import { table } from './table.js';

const GROUPS: readonly [first: number, title: string, meaning: string][] = [
  [4, '请求方可以改正的', '请求本身、签名或授权有问题；按 field 所指的请求项改正后再问。'],
  [5, '答复方或本节点的', '请求方没有得到数据；503 与 504 可以稍后以同一请求编号再问。'],
  [6, '节点之间的消息', '某节点发来的消息无法核验，已记入安全日志；请通知该节点的管理人员。'],
  [7, '签署文件与配置', '方案包、登记册或本节点的配置有问题；由管理人员处理。'],
];

/** Every code that an answer, a log or a command line can name. */
export function problemsPage(): string {
  return shell({
    title: '错误代码',
    section: '/docs/problems',
    body: html`<h1>错误代码</h1>
      <p class="lead">
        错误以 RFC 9457 的 <code>application/problem+json</code> 答复：<code>code</code> 是下表的编号，<code
          >type</code
        >
        是 <code>urn:exchange-gateway:problem:名称</code>，<code>field</code>
        指出出错项。凡取决于被查询人的拒绝，措辞与用时一律相同。
      </p>
      ${GROUPS.map(groupOf)}`,
  });
}

function groupOf([first, title, meaning]: (typeof GROUPS)[number]): Html {
  const rows = Object.entries(PROBLEMS)
    .filter(([, { code }]) => Math.floor(code / 1000) === first)
    .sort(([, one], [, other]) => one.code - other.code);
  return html`<section class="problems" aria-labelledby="group-${first}">
    <h2 id="group-${first}">${first}xxx ${title}</h2>
    <p>${meaning}</p>
    ${table(
      `编号 ${first}000 至 ${first}999`,
      ['编号', '名称', 'HTTP', '说明'],
      rows.map(([name, problem]) => [
        html`<span class="code" id="${problem.code}">${problem.code}</span>`,
        html`<code>${name}</code>`,
        problem.status,
        problem.title,
      ]),
    )}
  </section>`;
}
