import * as v from "valibot";
import type { AdapterOfPage } from "../capture/inspect-page.ts";

const selector = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300));

/** Where one thing stands: `#ins` is the text under a selector, `#ins @data-number` one of its attributes. */
const place = selector;

/**
 * Where the pages of one hospital tool show the patient and the documents: data, never code, no regular expression.
 * `match` are prefixes of addresses, or `*` for a habit of writing that many tools share; `health` are selectors that must be
 * there, or the adapter says nothing of the page; `identity` is read at the moment of capture and kept nowhere;
 * `documents` are elements whose address is a document though nothing in it says so.
 * Published as `docs/adapter.schema.json`.
 */
export const adapterSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  version: v.pipe(v.number(), v.integer()),
  match: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(20)),
  health: v.optional(v.pipe(v.array(selector), v.maxLength(10)), []),
  identity: v.object({
    ins: v.optional(place),
    birthName: v.optional(place),
    usedName: v.optional(place),
    givenName: v.optional(place),
    birthDate: v.optional(place),
    sex: v.optional(place),
  }),
  documents: v.optional(v.pipe(v.array(place), v.maxLength(10)), []),
});

export type Adapter = v.InferOutput<typeof adapterSchema>;

/** Every adapter made for this address, the most particular first: those of the tool, then those of a habit. */
export function adaptersFor(adapters: readonly Adapter[], address: string): readonly Adapter[] {
  const particular = adapters.filter(({ match }) => match.some((prefix) => isUnder(address, prefix)));
  const general = /^https?:/.test(address) ? adapters.filter(({ match }) => match.includes("*")) : [];
  return [...particular, ...general];
}

/** `https://host/path` matches everything below it, and only whole path segments. */
export function isUnder(address: string, prefix: string): boolean {
  if (prefix === "*") return false;
  return (
    address === prefix ||
    address.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`) ||
    address.startsWith(`${prefix}#`)
  );
}

/** What of an adapter goes into the page that is read. */
export function adapterOfPage({ id, health, identity, documents }: Adapter): AdapterOfPage {
  const places = Object.entries(identity).flatMap(([name, at]) => (at === undefined ? [] : [{ name, ...placed(at) }]));
  return { id, health, places, documents: documents.map(placed) };
}

function placed(at: string): { readonly css: string; readonly attribute?: string } {
  const [, css, attribute] = /^(.*\S)\s+@([a-z][a-z0-9-]*)$/s.exec(at) ?? [];
  return css === undefined || attribute === undefined ? { css: at } : { css, attribute };
}
