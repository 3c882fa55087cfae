import { type LegalBasis } from '#contracts';
import { html, type Html, type HtmlPart } from './html.js';

/**
 * A table whose cells carry their column's name, so that a narrow screen can show each row as a card. The first column
 * names the row.
 */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly HtmlPart[])[],
): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell, index) => cellOf(columns[index]!, cell, index))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Names and their values. */
export function facts(entries: readonly (readonly [name: string, value: HtmlPart])[]): Html {
  return html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function cellOf(column: string, cell: HtmlPart, index: number): Html {
  return index === 0
    ? html`<th scope="row" data-column="${column}"><div>${cell}</div></th>`
    : html`<td data-column="${column}"><div>${cell}</div></td>`;
}

/** Documents with all their sections, each document once. */
export function basisList(basis: readonly LegalBasis[]): Html {
  const sections = Map.groupBy(basis, ({ document }) => document);
  return html`<ul class="plain">
    ${[...sections].map(([document, parts]) => html`<li>${document} ${parts.map(({ section }) => section).join('、')}</li>`)}
  </ul>`;
}
