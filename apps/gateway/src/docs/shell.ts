import { html, type Html } from './html.js';

export interface Page {
  /** Without the site's name. */
  title: string;
  /** Path of the navigation entry that this page belongs to. */
  section: string;
  body: Html;
  /** Further elements of the head. */
  head?: Html;
}

const SECTIONS: readonly [path: string, title: string][] = [
  ['/docs/', '接口目录'],
  ['/docs/grants', '授权一览'],
  ['/docs/problems', '错误代码'],
  ['/docs/try', '在线试用'],
];

/** The frame of every page: masthead, navigation, one main part, footer. No script, no foreign address. */
export function shell({ title, section, body, head }: Page): string {
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · 部门数据交换网关</title>
        <link rel="icon" href="/docs/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/docs/style.css" />
        ${head}
      </head>
      <body>
        <a class="skip" href="#main">跳到正文</a>
        <header class="masthead">
          <div class="frame">
            <a class="brand" href="/docs/"
              ><img src="/docs/icon.svg" alt="" width="36" height="36" />部门数据交换网关</a
            >
            <nav aria-label="主导航">
              ${SECTIONS.map(([path, name]) =>
                path === section
                  ? html`<a href="${path}" aria-current="page">${name}</a>`
                  : html`<a href="${path}">${name}</a>`,
              )}
            </nav>
          </div>
        </header>
        <main id="main" class="frame" tabindex="-1">${body}</main>
        <footer class="frame">
          <p>本页由本节点的契约文件生成，不访问任何外部地址。示例中的人员和单位均为虚构。</p>
          <p>
            机器可读：<a href="/docs/openapi.json">OpenAPI 3.1</a>
            <a href="/docs/asyncapi.json">AsyncAPI 3</a>
          </p>
        </footer>
      </body>
    </html>`.text;
}
