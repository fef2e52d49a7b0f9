type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** An object without the parts that say nothing: `undefined`, an empty text, an empty list. */
export function filled<T extends object>(parts: Loose<T>): T {
  const found: Record<string, unknown> = {};
  for (const name in parts) {
    const part: unknown = parts[name];
    if (part !== undefined && part !== "" && !(Array.isArray(part) && part.length === 0)) found[name] = part;
  }
  return found as T;
}
