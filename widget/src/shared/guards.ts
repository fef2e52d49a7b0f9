/**
 * What comes in a Bundle was written by somebody else's software: the FHIR types are a promise, not a fact.
 * These guards keep a value only when it is what its type says, so that nothing shows as `[object Object]`.
 */

/**
 * The string, trimmed, or `undefined` when it is missing, blank or of another type. Signs that turn the direction of
 * writing are left out: after one of them, "75 mg" shows as "gm 57".
 */
export function str(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const trimmed = value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "").trim();
  return trimmed === "" ? undefined : trimmed;
}

/** The finite number, or `undefined`. Numbers written as strings (some producers do) are accepted. */
export function num(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The items of a list, without holes; a lone object where a list was due counts as a list of one. */
export function list<T>(value: readonly T[] | undefined | null): readonly NonNullable<T>[] {
  if (value === undefined || value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is NonNullable<T> => item !== null && item !== undefined);
}

/** What a table holds under a key, never what every object has (`constructor`). */
export function own<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
}
