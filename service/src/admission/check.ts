/**
 * Checks a JSON value against the table of shapes: unknown properties, JSON types, cardinality, primitive formats,
 * required codes, choices, extensions. One generic walk; what profiles add stands in their own files.
 */

import { EncodedContent } from "./encoded-content.ts";
import { extensionFault } from "./extensions.ts";
import { checkInvariants, isAbsoluteUri } from "./invariants.ts";
import type { Report } from "./issue.ts";
import { isObject, type JsonObject } from "./json.ts";
import { decodeBase64, isPrimitiveType, isValidPrimitive, primitiveJsonType } from "./primitives.ts";
import { type ElementDefinition, type Shape, shapeOf } from "./shape-table.ts";

/** A reference met on the way; resolved once the whole resource, or the whole Bundle, was walked. */
export interface FoundReference {
  readonly expression: string;
  readonly value: JsonObject;
  /** Target types; empty means any. */
  readonly targets: readonly string[];
}

/** What a walk collects. */
export interface Walk {
  readonly report: Report;
  /** Decoded base64 contents by expression, so that long contents are decoded once. */
  readonly contents: Map<string, Uint8Array>;
  readonly references: FoundReference[];
}

/** Where a value stands: its expression in the body, its path in R4 (`Patient.name`), its depth. */
interface Place {
  readonly expression: string;
  readonly path: string;
  readonly depth: number;
}

const maxDepth = 40;

/**
 * Checks one resource. Contained and entry resources are only required to be objects here: the caller decides which
 * types may stand where, and checks them with this same function.
 */
export function checkResource(resource: JsonObject, type: string, expression: string, walk: Walk): void {
  checkObject(resource, type, { expression, path: type, depth: 0 }, walk);
}

function checkObject(value: JsonObject, type: string, place: Place, walk: Walk): void {
  const { report } = walk;
  const { expression } = place;
  const shape = shapeOf(type);
  if (place.depth > maxDepth) {
    report.malformed("structure", expression, "Imbrication trop profonde.", "Nested too deeply.");
    return;
  }
  let isEmpty = true;
  const chosen = new Set<string>();
  for (const key of Object.keys(value)) {
    if (key === "resourceType" && shape.isResource) continue;
    if (key !== "id") isEmpty = false;
    const definition = shape.elements.get(key);
    if (definition) {
      if (definition.name !== key) {
        if (chosen.has(definition.name)) {
          const choice = `${expression}.${definition.name}`;
          report.malformed("structure", choice, "Un seul type est permis ici.", "Only one type may be given here.");
        }
        chosen.add(definition.name);
      }
      checkElement(value, key, definition, type, place, walk);
    } else if (siblingOf(shape, key)) {
      checkSibling(value, key, shape, type, place, walk);
    } else {
      const where = isPlainName(key) ? `${expression}.${key}` : expression;
      report.malformed("structure", where, "Propriété inconnue ici.", "Unknown property here.");
    }
  }
  if (isEmpty) report.malformed("structure", expression, "Objet vide.", "Empty object.");
  for (const name of shape.required) {
    if (value[name] === undefined) {
      report.malformed("required", `${expression}.${name}`, "Élément obligatoire absent.", "Required element missing.");
    }
  }
  checkInvariants(value, type, expression, report);
}

/** Only names that can be FHIR's own stand in an expression: a hostile name must not travel into answers and logs. */
function isPlainName(key: string): boolean {
  return /^_?[A-Za-z][A-Za-z0-9]{0,63}$/.test(key);
}

function siblingOf(shape: Shape, key: string): ElementDefinition | undefined {
  const definition = key.startsWith("_") ? shape.elements.get(key.slice(1)) : undefined;
  return definition?.isPrimitive ? definition : undefined;
}

function checkElement(
  parent: JsonObject,
  key: string,
  definition: ElementDefinition,
  parentType: string,
  parentPlace: Place,
  walk: Walk,
): void {
  const value = parent[key];
  const expression = `${parentPlace.expression}.${key}`;
  // An extension is judged by the element that carries it; anything else stands below its parent's type.
  const path = definition.type === "Extension" ? parentPlace.path : `${parentType}.${definition.name}`;
  const place = { expression, path, depth: parentPlace.depth + 1 };
  if (!definition.isList) {
    checkValue(value, definition, parentType, place, walk);
    return;
  }
  if (!Array.isArray(value)) {
    walk.report.malformed("structure", expression, "Une liste est attendue.", "A list is expected.");
    return;
  }
  if (value.length === 0) walk.report.malformed("structure", expression, "Liste vide.", "Empty list.");
  const siblings = parent[`_${key}`];
  value.forEach((item, index) => {
    if (item === null && Array.isArray(siblings) && isObject(siblings[index])) return;
    checkValue(item, definition, parentType, { ...place, expression: `${expression}[${index}]` }, walk);
  });
}

function checkValue(value: unknown, definition: ElementDefinition, parentType: string, place: Place, walk: Walk): void {
  const { expression } = place;
  if (definition.isPrimitive) {
    checkPrimitive(value, definition, expression, walk);
    return;
  }
  if (!isObject(value)) {
    walk.report.malformed("structure", expression, "Un objet est attendu.", "An object is expected.");
    return;
  }
  if (definition.type === "Resource") return;
  if (definition.type === "Extension") {
    checkExtension(value, parentType, place, walk);
    return;
  }
  if (definition.type === "Reference") walk.references.push({ expression, value, targets: definition.targets });
  checkObject(value, definition.type, place, walk);
}

function checkPrimitive(value: unknown, definition: ElementDefinition, expression: string, walk: Walk): void {
  const { type } = definition;
  const { report } = walk;
  if (type === "base64Binary" && value instanceof EncodedContent) {
    walk.contents.set(expression, value.bytes);
    return;
  }
  if (!isPrimitiveType(type) || typeof value !== primitiveJsonType[type]) {
    report.malformed("structure", expression, "Type JSON inattendu.", "Unexpected JSON type.");
  } else if (type === "base64Binary" && typeof value === "string") {
    const bytes = decodeBase64(value);
    if (bytes) walk.contents.set(expression, bytes);
    else report.malformed("value", expression, "Base64 invalide ou tronqué.", "Invalid or truncated base64.");
  } else if (!isValidPrimitive(type, value)) {
    report.malformed("value", expression, `Valeur invalide (${type}).`, `Invalid value (${type}).`);
  } else if (definition.codes && typeof value === "string" && !definition.codes.has(value)) {
    report.malformed("code-invalid", expression, "Code non permis ici.", "Code not allowed here.");
  }
}

/** `_birthDate`: id and extensions of a primitive, as an object, or as a list beside a list. */
function checkSibling(
  parent: JsonObject,
  key: string,
  shape: Shape,
  parentType: string,
  parentPlace: Place,
  walk: Walk,
): void {
  const definition = siblingOf(shape, key);
  if (!definition) return;
  const expression = `${parentPlace.expression}.${key}`;
  const path = `${parentType}.${definition.name}`;
  const check = (item: unknown, itemExpression: string) => {
    const place = { expression: itemExpression, path, depth: parentPlace.depth + 1 };
    if (!isObject(item) || !checkPrimitiveSibling(item, definition.type, place, walk)) {
      walk.report.malformed("structure", itemExpression, "Forme JSON inattendue.", "Unexpected JSON form.");
    }
  };
  const value = parent[key];
  if (!definition.isList) {
    check(value, expression);
    return;
  }
  const values = parent[key.slice(1)];
  const isBeside = Array.isArray(value) && (!Array.isArray(values) || values.length === value.length);
  if (!isBeside || value.length === 0) {
    walk.report.malformed("structure", expression, "Forme JSON inattendue.", "Unexpected JSON form.");
    return;
  }
  value.forEach((item, index) => {
    if (item !== null) check(item, `${expression}[${index}]`);
  });
}

function checkPrimitiveSibling(item: JsonObject, type: string, place: Place, walk: Walk): boolean {
  const keys = Object.keys(item);
  if (keys.length === 0 || keys.some((key) => key !== "id" && key !== "extension")) return false;
  if (item.extension === undefined) return typeof item.id === "string";
  if (!Array.isArray(item.extension) || item.extension.length === 0) return false;
  item.extension.forEach((extension, index) => {
    const expression = `${place.expression}.extension[${index}]`;
    if (isObject(extension)) checkExtension(extension, type, { ...place, expression }, walk);
    else walk.report.malformed("structure", expression, "Un objet est attendu.", "An object is expected.");
  });
  return true;
}

/** @param carrierType data type of what carries the extension; `place.path` is where that stands. */
function checkExtension(value: JsonObject, carrierType: string, place: Place, walk: Walk): void {
  const { report } = walk;
  const { expression } = place;
  checkObject(value, "Extension", { ...place, path: "Extension" }, walk);
  const valueKey = Object.keys(value).find((key) => key.startsWith("value"));
  if ((valueKey !== undefined) === Array.isArray(value.extension)) {
    report.malformed(
      "invariant",
      expression,
      "Une extension porte une valeur, ou des extensions (ext-1).",
      "An extension has a value, or extensions (ext-1).",
    );
    return;
  }
  if (typeof value.url !== "string") return;
  // Inside an extension the parts have names of their own.
  if (carrierType !== "Extension" && !isAbsoluteUri(value.url)) {
    report.malformed("value", `${expression}.url`, "Une URI absolue est attendue.", "An absolute URI is expected.");
    return;
  }
  const fault = extensionFault(value.url, valueKey?.slice("value".length) ?? "", place.path, carrierType);
  if (fault === "unknown") {
    report.refuse("structure", expression, "Extension inconnue de son guide.", "Extension unknown to its guide.");
  } else if (fault === "place") {
    report.refuse("structure", expression, "Extension non permise ici.", "Extension not allowed here.");
  } else if (fault === "value") {
    report.refuse("structure", expression, "Type de valeur non permis.", "Value type not allowed.");
  }
}
