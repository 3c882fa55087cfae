/** Text that is already HTML. Only {@link html} makes it, so whatever else lands in a page is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a page: text and numbers are escaped, lists are joined, absent is nothing. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[];

/** Template tag that escapes every value that is not HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(strings.reduce((text, piece, index) => text + rendered(parts[index - 1]) + piece));
}

/** Chinese text with the `code` marks of Markdown, and no other. */
export function withCode(text: string): Html[] {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
}

function rendered(part: HtmlPart): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(rendered).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
