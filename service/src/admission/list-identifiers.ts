/** The two numbers of a lot or a folder: its sender's uniqueId and the record's entryUUID. Source: MHD 4.2.3; rules.md R106. */
import type { Report } from "./issue.ts";
import { type JsonObject, objects, text } from "./json.ts";
import { isOid, isUuid } from "./primitives.ts";

/** Checks the numbers of a List of a deposit. @returns the uniqueId, when given */
export function readListIdentifiers(list: JsonObject, expression: string, report: Report): string | undefined {
  let uniqueId: string | undefined;
  objects(list.identifier).forEach((identifier, index) => {
    const value = text(identifier.value) ?? "";
    const place = `${expression}.identifier[${index}]`;
    if (identifier.use === "usual") {
      if (identifier.system !== "urn:ietf:rfc:3986" || !isOid(value)) {
        report.refuse("value", place, "L’uniqueId est un urn:oid:.", "The uniqueId is a urn:oid:.");
      } else if (uniqueId !== undefined) {
        report.refuse("structure", place, "Un seul uniqueId.", "One uniqueId only.");
      } else uniqueId = value;
    } else if (identifier.use === "official" && (identifier.system !== "urn:ietf:rfc:3986" || !isUuid(value))) {
      report.refuse("value", place, "L’entryUUID est un urn:uuid:.", "The entryUUID is a urn:uuid:.");
    }
  });
  return uniqueId;
}
