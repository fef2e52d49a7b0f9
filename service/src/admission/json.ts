/** Small readers for JSON whose shape was checked against the tables. */

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of an array (an absent array is empty). */
export function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Codings of a CodeableConcept. */
export function codings(concept: unknown): readonly JsonObject[] {
  return isObject(concept) ? objects(concept.coding) : [];
}
