/** The frame of the documentation site: navigation, contents, one page. */
import { type Html, html } from "../serve/html.ts";
import type { DocumentationPage } from "./markdown-page.ts";

/** Order of the navigation; pages that are not here follow by name. */
const order = ["index", "demo", "sdk", "cli", "widget", "extension", "cda", "wire", "operator"];

/** Files beside the guides that they link to. */
export const publishedFiles: readonly string[] = ["adapter.schema.json"];

/** Pages in the order of the navigation. */
export function ordered(pages: readonly DocumentationPage[]): readonly DocumentationPage[] {
  const rank = ({ name }: DocumentationPage) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...pages].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** A whole page of the site. */
export function sitePage(page: DocumentationPage, all: readonly DocumentationPage[]): string {
  const current = (one: DocumentationPage) => one.name === page.name;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} – Carnet</title>
<link rel="stylesheet" href="docs.css">
<script type="module" src="search.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a class="brand" href="./">Carnet</a><span>Documentation</span><form role="search" hidden><label class="unseen" for="search">Search the documentation</label><input id="search" type="search" placeholder="Search  /" autocomplete="off"><span id="found-count" class="unseen" role="status"></span><ul id="found" aria-label="Found" hidden></ul></form><a class="back" href="/">Demo</a></header>
<div class="columns">
<nav aria-label="Documentation"><ul><li><a href="playground">Playground</a></li></ul>${groups(all).map(({ name, pages }) => html`${name ? html`<p>${name}</p>` : html``}<ul>${pages.map((one) => navigationEntry(one, current(one)))}</ul>`)}</nav>
<main id="main">${page.body}</main>
${contents(page)}
</div>
</body>
</html>
`.value;
}

/** Guides first, then what every public symbol is. */
function groups(all: readonly DocumentationPage[]) {
  const isReference = ({ name }: DocumentationPage) => name.startsWith("reference-");
  return [
    { name: "", pages: all.filter((page) => !isReference(page)) },
    { name: "Reference", pages: all.filter(isReference) },
  ].filter(({ pages }) => pages.length > 0);
}

function navigationEntry(page: DocumentationPage, isCurrent: boolean): Html {
  const address = page.name === "index" ? "./" : `${page.name}.html`;
  const title = page.title.replace(/^Reference: /, "");
  return isCurrent
    ? html`<li><a href="${address}" aria-current="page">${title}</a></li>`
    : html`<li><a href="${address}">${title}</a></li>`;
}

function contents(page: DocumentationPage): Html {
  if (page.headings.length < 2) return html``;
  return html`<aside aria-label="On this page"><p>On this page</p><ul>${page.headings.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}</ul></aside>`;
}
