/** What the search of the documentation looks through: one entry per heading of the second level. */
import { markdownPage, slug } from "./markdown-page.ts";

/** A place in the documentation: its heading, the page that it is in, and what it says. */
export interface SearchEntry {
  readonly title: string;
  readonly page: string;
  /** Relative to `/docs/`. */
  readonly address: string;
  readonly text: string;
}

/** One entry per page and one per section, with the text below it up to the next one. */
export function searchIndex(sources: ReadonlyMap<string, string>): readonly SearchEntry[] {
  return [...sources].flatMap(([name, markdown]) => {
    const page = markdownPage(name, markdown).title;
    const file = name === "index" ? "./" : `${name}.html`;
    return markdown.split(/^## /m).map((section, at) => {
      const [heading = "", ...lines] = section.split("\n");
      const title = at === 0 ? page : heading.replace(/[`*_]/g, "");
      const address = at === 0 ? file : `${file}#${slug(title)}`;
      return {
        title,
        page,
        address,
        text: lines
          .join(" ")
          .replace(/[`*|#]/g, " ")
          .replace(/\s+/g, " ")
          .trim(),
      };
    });
  });
}
