import * as v from "valibot";

const selector = v.pipe(v.string(), v.nonEmpty(), v.maxLength(300));

/**
 * Where the pages of one hospital tool show the patient: data, never code.
 * `match` are prefixes of addresses; `identity` are CSS selectors whose text is read at the moment of capture and kept nowhere.
 */
export const adapterSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  version: v.pipe(v.number(), v.integer()),
  match: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(20)),
  identity: v.object({
    ins: v.optional(selector),
    birthName: v.optional(selector),
    usedName: v.optional(selector),
    givenName: v.optional(selector),
    birthDate: v.optional(selector),
    sex: v.optional(selector),
  }),
});

export type Adapter = v.InferOutput<typeof adapterSchema>;

/** The first adapter made for this address. `https://host/path` matches everything below it, and only whole path segments. */
export function adapterFor(adapters: readonly Adapter[], address: string): Adapter | undefined {
  return adapters.find((adapter) =>
    adapter.match.some(
      (prefix) => address === prefix || address.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`),
    ),
  );
}
