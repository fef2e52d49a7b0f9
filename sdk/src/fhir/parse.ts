import type { Bundle } from "fhir/r4.js";
import { InvalidAnswer } from "./http/errors.ts";

// Checked by hand: a schema library would be a third of the weight of a client that searches and reads.

/** Anything with named fields. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === "string";
const isTextOrNone = (value: unknown) => value === undefined || isText(value);

/** Absent, or a list whose every item passes. */
export function isListOf(value: unknown, isItem: (item: Fields) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => isFields(item) && isItem(item)));
}

/** Absent, or fields that pass. */
export function isMaybe(value: unknown, isGood: (fields: Fields) => boolean): boolean {
  return value === undefined || (isFields(value) && isGood(value));
}

/** A `resourceType`, and an `id` that is a text where there is one. */
export function isResource(value: Fields): boolean {
  return isText(value.resourceType) && isTextOrNone(value.id);
}

function isEntry(entry: Fields): boolean {
  return (
    isTextOrNone(entry.fullUrl) &&
    isMaybe(entry.resource, isResource) &&
    isMaybe(entry.response, (response) => isText(response.status) && isTextOrNone(response.location))
  );
}

/** An answer's body as a Bundle, its frame checked; the resources inside are checked where they are read. */
export function parseBundle(body: unknown, request: string): Bundle {
  const isBundle =
    isFields(body) &&
    body.resourceType === "Bundle" &&
    isTextOrNone(body.type) &&
    (body.total === undefined || typeof body.total === "number") &&
    isMaybe(body.meta, (meta) => isTextOrNone(meta.lastUpdated)) &&
    isListOf(body.link, (link) => isText(link.relation) && isText(link.url)) &&
    isListOf(body.entry, isEntry);
  if (!isBundle) throw new InvalidAnswer(request, "not a FHIR Bundle");
  return body as unknown as Bundle;
}

/** Address of the next page, when there is one. */
export function nextPage(page: Bundle): string | undefined {
  return page.link?.find((link) => link.relation === "next")?.url;
}
