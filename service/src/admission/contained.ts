/**
 * Contained resources and the references of one resource.
 * Source: FHIR R4 dom-2 to dom-5 and ref-1; PDSm 3.1.1 (authors and source patient are contained).
 */

import { checkResource, type FoundReference, type Walk } from "./check.ts";
import type { Report } from "./issue.ts";
import { isObject, type JsonObject, objects } from "./json.ts";
import { checkPatient, checkPractitioner, checkPractitionerRole } from "./people.ts";
import { readReference } from "./reference.ts";

/** Types that a document or a lot may contain. */
const allowed = new Set(["Patient", "Practitioner", "PractitionerRole", "Organization", "Device", "RelatedPerson"]);

export type Contained = ReadonlyMap<string, JsonObject>;

/** Checks every contained resource, then all references of the resource and of what it contains. */
export function checkContained(
  resource: JsonObject,
  resourceType: string,
  expression: string,
  walk: Walk,
  entries: ReadonlyMap<string, string>,
): Contained {
  const { report } = walk;
  const byId = new Map<string, JsonObject>();
  objects(resource.contained).forEach((contained, index) => {
    const place = `${expression}.contained[${index}]`;
    const type = contained.resourceType;
    if (typeof type !== "string" || !allowed.has(type)) {
      report.refuse(
        "structure",
        place,
        "Type de ressource non permis ici.",
        "This type of resource may not be contained here.",
      );
      return;
    }
    checkResource(contained, type, place, walk);
    checkContainedRules(contained, place, report);
    if (type === "Patient") checkPatient(contained, place, report);
    if (type === "Practitioner") checkPractitioner(contained, place, report);
    if (type === "PractitionerRole") checkPractitionerRole(contained, place, report);
    if (typeof contained.id !== "string") return;
    if (byId.has(contained.id)) {
      report.malformed("invariant", `${place}.id`, "Identifiant déjà utilisé.", "This id is used twice.");
    }
    byId.set(contained.id, contained);
  });
  const used = new Set<string>();
  for (const reference of walk.references.splice(0)) {
    checkReference(reference, resourceType, byId, used, entries, report);
  }
  objects(resource.contained).forEach((contained, index) => {
    if (typeof contained.id === "string" && !used.has(contained.id) && !pointsToContainer(contained)) {
      report.malformed(
        "invariant",
        `${expression}.contained[${index}]`,
        "Ressource contenue à laquelle rien ne renvoie (dom-3).",
        "Contained resource that nothing refers to (dom-3).",
      );
    }
  });
  return byId;
}

function checkContainedRules(contained: JsonObject, place: string, report: Report): void {
  if (typeof contained.id !== "string") {
    report.malformed("required", `${place}.id`, "Élément obligatoire absent.", "Required element missing.");
  }
  if (contained.contained !== undefined) {
    report.malformed(
      "invariant",
      `${place}.contained`,
      "Pas de ressource contenue ici (dom-2).",
      "No nesting (dom-2).",
    );
  }
  const meta = contained.meta;
  if (!isObject(meta)) return;
  for (const name of ["versionId", "lastUpdated", "security"]) {
    if (meta[name] === undefined) continue;
    const fr = "Non permis dans une ressource contenue (dom-4, dom-5).";
    report.malformed("invariant", `${place}.meta.${name}`, fr, "Not allowed in a contained resource (dom-4, dom-5).");
  }
}

/** A contained resource may refer to its container (`#`) instead of being referred to. */
function pointsToContainer(contained: JsonObject): boolean {
  return Object.values(contained).some((value) => isObject(value) && value.reference === "#");
}

function checkReference(
  found: FoundReference,
  resourceType: string,
  contained: Contained,
  used: Set<string>,
  entries: ReadonlyMap<string, string>,
  report: Report,
): void {
  const { expression, value, targets } = found;
  if (typeof value.reference !== "string") {
    if (value.identifier === undefined && value.display === undefined && value.extension === undefined) {
      report.malformed("invariant", expression, "Référence vide.", "Empty reference.");
    }
    return;
  }
  const place = `${expression}.reference`;
  const target = readReference(value.reference);
  let type: string | undefined;
  if (target.kind === "contained") {
    used.add(target.id);
    const resource = target.id === "" ? { resourceType } : contained.get(target.id);
    if (!resource) {
      report.malformed(
        "not-found",
        place,
        "Ressource contenue absente (ref-1).",
        "No such contained resource (ref-1).",
      );
      return;
    }
    type = typeof resource.resourceType === "string" ? resource.resourceType : undefined;
  } else if (target.kind === "entry") {
    type = entries.get(target.urn);
    if (type === undefined) {
      report.refuse("not-found", place, "Rien de tel dans le lot.", "No such entry in the submission.");
      return;
    }
  } else if (target.kind === "resource" || target.kind === "search") {
    type = target.type;
  } else {
    report.malformed("value", place, "Référence illisible.", "Unreadable reference.");
    return;
  }
  if (type !== undefined && targets.length > 0 && !targets.includes(type)) {
    report.malformed("structure", place, "Type de ressource non permis ici.", "This type may not be referred to here.");
  } else if (type !== undefined && typeof value.type === "string" && value.type !== type) {
    report.malformed("structure", `${expression}.type`, "Le type ne correspond pas.", "The type does not match.");
  }
}
