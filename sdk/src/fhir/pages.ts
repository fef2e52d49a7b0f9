import type { Bundle } from "fhir/r4.js";
import type { CallOptions, Http, HttpRequest } from "./http/index.ts";
import { nextPage, parseBundle } from "./parse.ts";

const FORM = "application/x-www-form-urlencoded";

/**
 * Follows `link[next]`, one page at a time and only when the next one is asked for.
 *
 * @param isSealed sends the first question as a form (`_search`): its words stand in no address. The service seals them
 *   in the links of the pages that follow.
 */
export async function* pages(
  http: Http,
  path: string,
  query: HttpRequest["query"],
  { isSealed = false, ...options }: CallOptions & { readonly isSealed?: boolean } = {},
): AsyncGenerator<Bundle, void, undefined> {
  const seen = new Set<string>();
  let request: HttpRequest = isSealed
    ? {
        method: "POST",
        path: `${path}/_search`,
        contentType: FORM,
        body: formOf(query),
        isIdempotent: true,
        ...options,
      }
    : { method: "GET", path, query, ...options };
  for (;;) {
    const { answer, body } = await http.json(request);
    const page = parseBundle(body, answer.request);
    yield page;
    const next = nextPage(page);
    // A server that gives the same page twice would make this endless.
    if (next === undefined || seen.has(next)) return;
    seen.add(next);
    request = { method: "GET", path: next, ...options };
  }
}

function formOf(query: HttpRequest["query"] = {}): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === "string" ? [value] : (value ?? [])) form.append(name, one);
  }
  return form.toString();
}
