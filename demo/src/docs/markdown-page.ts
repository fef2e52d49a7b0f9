/** One Markdown file as a page of the documentation. */
import { Marked } from "marked";
import { Html, html } from "../serve/html.ts";

export interface DocumentationPage {
  /** File name without its ending: the address under `/docs/`. */
  readonly name: string;
  readonly title: string;
  readonly body: Html;
  /** Second-level headings, for the table of contents. */
  readonly headings: readonly { readonly id: string; readonly text: string }[];
}

/** Address part of a heading, as the usual hosts of Markdown make it, so that links work there too. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

const plain = (markdown: string): string => markdown.replace(/[`*_]/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");

/** Turns a page of `docs/` into HTML. The text is ours: raw HTML in it is shown as text all the same. */
export function markdownPage(name: string, markdown: string): DocumentationPage {
  const headings: { id: string; text: string }[] = [];
  let title = name;
  let tables = 0;
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        const id = slug(plain(text));
        if (depth === 1) title = plain(text);
        if (depth === 2) headings.push({ id, text: plain(text) });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      // Wider than its place it scrolls, and who has no mouse must reach it.
      code({ text }) {
        return `<pre tabindex="0"><code>${html`${text}`.value}</code></pre>\n`;
      },
      html({ text }) {
        return html`${text}`.value;
      },
      table(token) {
        const cell = (cells: typeof token.header, tag: "th" | "td") =>
          cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("");
        const rows = token.rows.map((row) => `<tr>${cell(row, "td")}</tr>`).join("");
        return `<div class="scroll" tabindex="0" role="region" aria-label="Table ${++tables}"><table><thead><tr>${cell(token.header, "th")}</tr></thead><tbody>${rows}</tbody></table></div>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${html`${documentationHref(href)}`.value}">${this.parser.parseInline(tokens)}</a>`;
      },
    },
  });
  const body = new Html(marked.parse(markdown, { async: false }));
  return { name, title, body, headings };
}

/** `wire.md#search` in the folder is `wire.html#search` on the site, `reference/sdk.md` is `reference-sdk.html`. */
function documentationHref(href: string): string {
  return href
    .replace(/^reference\/([\w-]+)\.md(#.*)?$/, "reference-$1.html$2")
    .replace(/^(?:\.\/)?([\w-]+)\.md(#.*)?$/, "$1.html$2");
}
