import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { markdownPage, slug } from "../docs/markdown-page.ts";
import { searchIndex } from "../docs/search-index.ts";
import { ordered, publishedFiles, sitePage } from "../docs/site.ts";

const guides = join(import.meta.dirname, "../../../docs");

describe("the documentation site", () => {
  it("turns links between files into links between pages, and leaves others alone", () => {
    const { body } = markdownPage("sdk", "# SDK\n\n[wire](wire.md#search) [out](https://example.org/a.md)");
    expect(body.value).toContain('href="wire.html#search"');
    expect(body.value).toContain('href="https://example.org/a.md"');
  });

  it("publishes every page, picture and file that its guides link to", () => {
    const missing = readdirSync(guides)
      .filter((name) => name.endsWith(".md"))
      .flatMap((name) => {
        const { body } = markdownPage(name.slice(0, -".md".length), readFileSync(join(guides, name), "utf8"));
        const targets = [...body.value.matchAll(/(?:href|src)="([^"#:]+)/g)].map(([, target = ""]) => target);
        return targets.filter((target) => !isPublished(target)).map((target) => `${name}: ${target}`);
      });
    expect(missing).toEqual([]);
  });

  it("gives headings the addresses that links expect, and lists them", () => {
    const page = markdownPage("sdk", "# The SDK\n\n## `record(ins)` and après\n");
    expect(page.title).toBe("The SDK");
    expect(page.headings).toEqual([{ id: slug("record(ins) and après"), text: "record(ins) and après" }]);
  });

  it("shows HTML of a page as text: nothing runs", () => {
    const { body } = markdownPage("x", "# X\n\n<script>alert(1)</script>\n\nText <img src=x onerror=alert(1)>");
    expect(body.value).not.toMatch(/<script|<img/);
  });

  it("marks the current page in the navigation", () => {
    const pages = ordered([markdownPage("wire", "# Wire"), markdownPage("index", "# Home")]);
    expect(pages.map(({ name }) => name)).toEqual(["index", "wire"]);
    expect(sitePage(pages[1] as (typeof pages)[number], pages)).toContain('href="wire.html" aria-current="page"');
  });

  it("is searched by section: each has an address that its page knows", () => {
    const sources = new Map([["sdk", "# The SDK\n\nWelcome\n\n## `record(ins)` and après\n\nOne **verb**."]]);
    const entries = searchIndex(sources);
    expect(entries.map(({ title, address }) => [title, address])).toEqual([
      ["The SDK", "sdk.html"],
      ["record(ins) and après", "sdk.html#recordins-and-après"],
    ]);
    expect(entries[1]?.text).toBe("One verb .");
    const page = markdownPage("sdk", sources.get("sdk") ?? "");
    expect(page.headings.map(({ id }) => `sdk.html#${id}`)).toContain(entries[1]?.address);
  });
});

function isPublished(target: string): boolean {
  const [, reference, guide] = /^(?:reference-([\w-]+)|([\w-]+))\.html$/.exec(target) ?? [];
  if (reference) return existsSync(join(guides, "reference", `${reference}.md`));
  if (guide) return existsSync(join(guides, `${guide}.md`));
  // Addresses of the running demo begin at its root.
  return target.startsWith("/") || target.startsWith("images/") || publishedFiles.includes(target);
}
