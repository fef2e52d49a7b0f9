import { isObject, type JsonObject, objects, text } from "./json.ts";

/**
 * Whether a conditional create (`ifNoneExist`, `If-None-Exist`) asks what the record does anyway: not to keep twice what has
 * this number. Any other condition would be passed over, and a second document made of what was to be there once.
 */
export function isOfOwnNumber(condition: string, resource: JsonObject): boolean {
  const asked = [...new URLSearchParams(condition.replace(/^[^?]*\?/, ""))];
  const [[name, token = ""] = []] = asked;
  if (asked.length !== 1 || name !== "identifier") return false;
  // A document is known again by its masterIdentifier alone.
  const { resourceType, masterIdentifier, identifier } = resource;
  const numbers = resourceType === "DocumentReference" ? [masterIdentifier].filter(isObject) : objects(identifier);
  return numbers.some(({ system, value }) => {
    const number = text(value);
    return number !== undefined && (token === number || token === `${text(system)}|${number}`);
  });
}

/** What is said of any other condition. */
export const otherCondition = {
  fr: "Seule est prise la condition qui porte sur le numéro de la ressource : identifier=système|numéro.",
  en: "The only condition taken is the one on the number of the resource: identifier=system|number.",
} as const;
