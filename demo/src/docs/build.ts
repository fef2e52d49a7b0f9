/** Builds the documentation site from `docs/*.md` and `docs/reference/*.md` into `demo/dist/site`. Runs after the pages (`npm run build -w demo`). */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../serve/folders.ts";
import { markdownPage } from "./markdown-page.ts";
import { searchIndex } from "./search-index.ts";
import { ordered, publishedFiles, sitePage } from "./site.ts";

const source = join(checkout, "docs");
const target = join(checkout, "demo", "dist", "site");

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const names = existsSync(source) ? readdirSync(source).filter((name) => name.endsWith(".md")) : [];
const welcome = join(checkout, "demo", "pages", "docs", "index.md");
const referenceFolder = join(source, "reference");
const references = existsSync(referenceFolder)
  ? readdirSync(referenceFolder).filter((name) => name.endsWith(".md"))
  : [];
const sources = new Map([
  ["index", readFileSync(welcome, "utf8")],
  ...names.map((name) => [name.replace(/\.md$/, ""), readFileSync(join(source, name), "utf8")] as const),
  ...references.map(
    (name) => [`reference-${name.replace(/\.md$/, "")}`, readFileSync(join(referenceFolder, name), "utf8")] as const,
  ),
]);
const pages = ordered([...sources].map(([name, markdown]) => markdownPage(name, markdown)));
writeFileSync(join(target, "search.json"), JSON.stringify(searchIndex(sources)));
copyFileSync(join(checkout, "demo", "pages", "docs", "search.js"), join(target, "search.js"));
for (const page of pages) writeFileSync(join(target, `${page.name}.html`), sitePage(page, pages));
for (const name of publishedFiles) copyFileSync(join(source, name), join(target, name));
const images = join(source, "images");
if (existsSync(images)) cpSync(images, join(target, "images"), { recursive: true });
copyFileSync(join(checkout, "demo", "pages", "docs", "docs.css"), join(target, "docs.css"));
