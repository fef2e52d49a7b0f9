type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** An object without the parts that say nothing: `undefined`, an empty text, an empty list. */
export function filled<T extends object>(parts: Loose<T>): T {
  const found: Record<string, unknown> = {};
  const own: Readonly<Record<string, unknown>> = parts;
  // Its own names alone: a page may have put more into every object.
  for (const name of Object.keys(own)) {
    const part = own[name];
    if (part !== undefined && part !== "" && !(Array.isArray(part) && part.length === 0)) found[name] = part;
  }
  return found as T;
}
