import type { Bundle } from "fhir/r4.js";
import type { CallOptions, Http, HttpRequest } from "./http/index.ts";
import { nextPage, parseBundle } from "./parse.ts";

/**
 * Follows `link[next]`, one page at a time and only when the next one is asked for.
 *
 * @param first another way to ask for the first page
 */
export async function* pages(
  http: Http,
  path: string,
  query: HttpRequest["query"],
  options: CallOptions = {},
  first: HttpRequest = { method: "GET", path, query },
): AsyncGenerator<Bundle, void, undefined> {
  const seen = new Set<string>();
  let request: HttpRequest = { ...first, ...options };
  for (;;) {
    const { answer, body } = await http.json(request);
    const page = parseBundle(body, answer.request);
    yield page;
    const next = nextPage(page);
    // A server that gives the same page twice would make this endless.
    if (next === undefined || seen.has(next)) return;
    seen.add(next);
    // `?page=2` alone is beside the question asked.
    request = { method: "GET", path: next[0] === "?" ? path + next : next, ...options };
  }
}
