import { describe, expect, it } from "vitest";
import { markdownPage, slug } from "../docs/markdown-page.ts";
import { searchIndex } from "../docs/search-index.ts";
import { ordered, sitePage } from "../docs/site.ts";

describe("the documentation site", () => {
  it("turns links between files into links between pages, and leaves others alone", () => {
    const { body } = markdownPage("sdk", "# SDK\n\n[wire](wire.md#search) [out](https://example.org/a.md)");
    expect(body.value).toContain('href="wire.html#search"');
    expect(body.value).toContain('href="https://example.org/a.md"');
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
