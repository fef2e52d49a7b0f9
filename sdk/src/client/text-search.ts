import type { BundleEntrySearch, Extension } from "fhir/r4.js";
import type { HttpRequest } from "../fhir/http/index.ts";
import type { DocumentEntry, TextExcerpt } from "./types.ts";

/**
 * The question as a form (`_search`): its words stand in no address. The service seals them in the links of the pages
 * that follow.
 */
export function asForm(path: string, query: NonNullable<HttpRequest["query"]>): HttpRequest {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) form.append(name, one);
  }
  return {
    method: "POST",
    path: `${path}/_search`,
    contentType: "application/x-www-form-urlencoded",
    body: form.toString(),
    isIdempotent: true,
  };
}

/** The excerpts of a match, when it has some. */
export function excerptsIn(search: BundleEntrySearch | undefined): Pick<DocumentEntry, "excerpts"> {
  const excerpts = excerptsOf(search?.extension);
  return excerpts.length > 0 ? { excerpts } : {};
}

const TEXT_MATCH = "https://carnet.example/fhir/StructureDefinition/text-match";

/** Where the words of a text search stand; what cannot be read is left out, it is but a help. */
function excerptsOf(extensions: readonly Extension[] = []): TextExcerpt[] {
  return extensions.flatMap(({ url, extension: parts = [] }) => {
    const text = parts.find((part) => part.url === "excerpt")?.valueString;
    if (url !== TEXT_MATCH || text === undefined) return [];
    const place = (part: Extension, name: string) => part.extension?.find((one) => one.url === name)?.valueInteger;
    const matches = parts.flatMap((part) => {
      const start = place(part, "start");
      const end = place(part, "end");
      return start === undefined || end === undefined ? [] : [{ start, end }];
    });
    return [{ text, matches }];
  });
}
