import { html } from './html.js';
import { shell } from './shell.js';

/** Swagger UI on our OpenAPI, with a key picker: a real request, signed in the browser (docs-page/try.js). */
export function tryPage(): string {
  return shell({
    title: '在线试用',
    section: '/docs/try',
    head: html`<link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      <link rel="stylesheet" href="/docs/swagger.css" />
      <script src="/docs/assets/swagger-ui-bundle.js" defer></script>
      <script type="module" src="/docs/try.js"></script>`,
    body: html`<h1>在线试用</h1>
      <p class="lead">
        从这里发出的是真实请求：照样验签、按方案放出、记入存证日志、计入配额。请使用示例中的虚构人员。
      </p>
      <section class="key" aria-labelledby="key-title">
        <h2 id="key-title">一、选择部门密钥</h2>
        <p>
          选择本部门签名密钥的文件（密钥库中的 <code>keys/http-signature.编号.json</code>）。
          <strong>私钥不会离开浏览器</strong
          >：文件不上传、不保存，只在本页内存中用于签名，关闭或刷新页面即清除。
        </p>
        <p class="row">
          <label class="button" for="key">选择密钥文件</label>
          <input id="key" type="file" accept=".json,application/json" aria-describedby="key-state" />
          <button id="forget" type="button" class="button plain-button" hidden>清除密钥</button>
        </p>
        <p id="key-state" class="notice" role="status">尚未选择密钥。</p>
        <p id="clock-state" class="notice warn" role="status" hidden></p>
        <p>
          <label
            ><input id="fresh" type="checkbox" checked />
            每次发送自动换新的请求编号（<code>requestId</code>）</label
          >
        </p>
      </section>
      <section aria-labelledby="ask-title">
        <h2 id="ask-title">二、选择接口并发送</h2>
        <p>
          展开一个接口，点“试用”，按需修改请求体，再点“发送”。摘要与签名（Content-Digest、Signature-Input、Signature）自动附上。
        </p>
        <noscript><p class="notice warn">此页需要启用 JavaScript。</p></noscript>
        <div id="swagger"></div>
      </section>`,
  });
}
