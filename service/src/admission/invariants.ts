/** Invariants of R4 types that a table of shapes cannot say. */

import type { Report } from "./issue.ts";
import type { JsonObject } from "./json.ts";
import { isUnknownCode } from "./known-codes.ts";
import { isSafeNarrative } from "./narrative.ts";
import { endsBeforeStart, isValidPrimitive } from "./primitives.ts";

const contactDetails = ["name", "telecom", "address", "organization"];

/** With a scheme: `urn:oid:…`, `https://…`. */
export function isAbsoluteUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text);
}

/** Checks one object of a known type, after its shape. */
export function checkInvariants(value: JsonObject, type: string, expression: string, report: Report): void {
  const broken = (fr: string, en: string, place = expression) => report.malformed("invariant", place, fr, en);
  switch (type) {
    case "Bundle":
      if (value.total !== undefined && value.type !== "searchset" && value.type !== "history") {
        broken(
          "Un total n’a de sens que dans une recherche (bdl-1).",
          "Only a search has a total (bdl-1).",
          `${expression}.total`,
        );
      }
      return;
    case "Period":
      if (typeof value.start === "string" && typeof value.end === "string" && endsBeforeStart(value.start, value.end)) {
        broken("La fin précède le début (per-1).", "The end precedes the start (per-1).");
      }
      return;
    case "Narrative":
      if (typeof value.div === "string" && !isSafeNarrative(value.div)) {
        broken(
          "Le texte n’est pas du XHTML simple (txt-1).",
          "The narrative is not plain XHTML (txt-1).",
          `${expression}.div`,
        );
      }
      return;
    case "ContactPoint":
      if (value.value !== undefined && value.system === undefined) {
        broken("Le système manque (cpt-2).", "The system is missing (cpt-2).");
      }
      return;
    case "Patient.contact":
      if (!contactDetails.some((name) => value[name] !== undefined)) {
        broken("Contact sans coordonnées (pat-1).", "Contact without details (pat-1).");
      }
      return;
    case "Attachment":
      if (value.data !== undefined && value.contentType === undefined) {
        broken("Le type de contenu manque (att-1).", "The content type is missing (att-1).");
      }
      return;
    case "Organization":
      if (value.identifier === undefined && value.name === undefined) {
        broken("Ni identifiant ni nom (org-1).", "Neither identifier nor name (org-1).");
      }
      return;
    case "Coding":
      if (typeof value.system !== "string") return;
      if (!isAbsoluteUri(value.system)) {
        broken("Une URI absolue est attendue.", "An absolute URI is expected.", `${expression}.system`);
      } else if (typeof value.code === "string" && isUnknownCode(value.system, value.code)) {
        const fr = "Code inconnu de cette nomenclature.";
        report.refuse("code-invalid", `${expression}.code`, fr, "Code unknown to this code system.");
      }
      return;
    case "Identifier":
      if (typeof value.system === "string" && !isAbsoluteUri(value.system)) {
        broken("Une URI absolue est attendue.", "An absolute URI is expected.", `${expression}.system`);
      }
      if (value.system === "urn:ietf:rfc:3986" && typeof value.value === "string") {
        const isUri = isAbsoluteUri(value.value) && isValidPrimitive("uri", value.value);
        if (!isUri) broken("Une URI valide est attendue.", "A valid URI is expected.", `${expression}.value`);
      }
      return;
    default:
      return;
  }
}
