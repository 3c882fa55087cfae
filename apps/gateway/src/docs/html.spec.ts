import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html, withCode } from './html.js';

describe('a page', () => {
  test('escapes every text, in elements, attributes and lists', () => {
    const bad = `<script>"x" & 'y'</script>`;
    const safe = '&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;';
    expect(html`<a title="${bad}">${[bad, html`<b>${bad}</b>`]}</a>`.text).toBe(
      `<a title="${safe}">${safe}<b>${safe}</b></a>`,
    );
  });

  test('holds no markup of a text, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`<p>${text}</p>`.text.slice(3, -4)).not.toMatch(/[<>"']/);
      }),
    );
  });

  test('writes numbers and leaves out what is absent', () => {
    expect(html`${0}${undefined}${[]}.`.text).toBe('0.');
  });

  test('knows the code marks of Markdown', () => {
    expect(html`${withCode('个人缴费（`payerType` 为 `<b>`）')}`.text).toBe(
      '个人缴费（<code>payerType</code> 为 <code>&lt;b&gt;</code>）',
    );
  });
});
