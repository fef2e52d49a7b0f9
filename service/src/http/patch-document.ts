/**
 * The two patch formats of the guide, applied to a copy of the resource, and what they change of the attributes.
 * Whatever touches anything else is a 405; a value that is not one a 422. R124.
 */
import { isDeepStrictEqual } from "node:util";
import type { CodeableConcept, DocumentReference, Extension } from "@carnet/sdk/fhir";
import { codeSystem, extensionUrl } from "@carnet/sdk/fhir";
import * as v from "valibot";
import { isLabel } from "../admission/index.ts";
import type { AttributeChange } from "../rules/index.ts";
import type { DocumentStatus } from "../store/tables.ts";
import { WireError } from "./outcome.ts";

/** The only parts of a stored document that change. */
export interface Attributes {
  readonly status: DocumentStatus;
  readonly confidentiality: string;
  readonly is_hidden: boolean;
  readonly is_invisible_to_patient: boolean;
  readonly is_invisible_to_representatives: boolean;
  readonly is_archived: boolean;
}

/** What a patch may work on. */
interface Patched {
  status: unknown;
  securityLabel: unknown[];
  extension: unknown[];
}

const step = v.object({
  op: v.picklist(["add", "replace", "remove", "test"]),
  path: v.pipe(v.string(), v.maxLength(300)),
  value: v.optional(v.unknown()),
});
const jsonPatch = v.pipe(v.array(step), v.minLength(1), v.maxLength(20));

const part = v.looseObject({ name: v.string() });
const fhirPatch = v.looseObject({
  resourceType: v.literal("Parameters"),
  parameter: v.pipe(
    v.array(v.looseObject({ name: v.literal("operation"), part: v.pipe(v.array(part), v.maxLength(10)) })),
    v.minLength(1),
    v.maxLength(20),
  ),
});

type Step = v.InferOutput<typeof step>;

/** @returns the attributes after the patch. @throws WireError 400, 405, 415, 422 */
export function readPatch(
  body: unknown,
  contentType: string,
  resource: DocumentReference,
  before: Attributes,
): Attributes {
  const patched: Patched = {
    status: resource.status,
    securityLabel: structuredClone(resource.securityLabel ?? []),
    extension: structuredClone(resource.extension ?? []),
  };
  for (const one of stepsOf(body, contentType)) apply(patched, one);
  return attributesAfter(patched, before);
}

function stepsOf(body: unknown, contentType: string): readonly Step[] {
  if (contentType.startsWith("application/json-patch+json") || Array.isArray(body)) {
    const parsed = v.safeParse(jsonPatch, body);
    if (!parsed.success) throw malformed("JSON Patch");
    return parsed.output;
  }
  const parsed = v.safeParse(fhirPatch, body);
  if (!parsed.success) throw malformed("FHIRPath Patch (Parameters)");
  return parsed.output.parameter.map(({ part: parts }) => {
    const named = (name: string) => parts.find((one) => one.name === name);
    const valueIn = (one: Readonly<Record<string, unknown>> | undefined) =>
      one && Object.entries(one).find(([key]) => key.startsWith("value"))?.[1];
    const type = valueIn(named("type"));
    const path = valueIn(named("path"));
    const name = valueIn(named("name"));
    if (typeof type !== "string" || typeof path !== "string") throw malformed("FHIRPath Patch (Parameters)");
    return fhirPathStep(
      type,
      path,
      typeof name === "string" ? name : undefined,
      valueOfPart(named("value")) ?? valueIn(named("value")),
    );
  });
}

/** `value` of a FHIRPath patch may be built of parts: `{name: "value", part: [{name: "coding", …}]}`. */
function valueOfPart(value: Readonly<Record<string, unknown>> | undefined): unknown {
  if (!value || !Array.isArray(value.part)) return undefined;
  return Object.fromEntries(
    value.part.flatMap((one: Readonly<Record<string, unknown>>) => {
      const inner = Object.entries(one).find(([key]) => key.startsWith("value"))?.[1];
      return typeof one.name === "string" && inner !== undefined ? [[one.name, inner]] : [];
    }),
  );
}

/** FHIRPath of the guide's examples → the same step as a JSON pointer. */
function fhirPathStep(type: string, path: string, name: string | undefined, value: unknown): Step {
  const pointer = path
    .replace(/^DocumentReference\.?/, "")
    .replace(/\.where\(url\s*=\s*'([^']+)'\)/g, "[url:'$1']")
    .replace(/^extension\('([^']+)'\)/, "extension[url:'$1']")
    .replace(/\[(\d+)\]/g, ".$1");
  const inner = pointer.replace(/\.(value)(?=$|\.)/, ".valueBoolean");
  const segments = inner === "" ? [] : inner.split(/\.(?![^[]*\])/);
  const full = type === "add" && name ? [...segments, name] : segments;
  const op = type === "insert" ? "add" : type === "delete" ? "remove" : type;
  if (op !== "add" && op !== "replace" && op !== "remove") throw malformed("FHIRPath Patch (Parameters)");
  const isListAppend =
    op === "add" && (full.at(-1) === "securityLabel" || full.at(-1) === "extension") && !Array.isArray(value);
  return { op, path: `/${[...full, ...(isListAppend ? ["-"] : [])].join("/")}`, value };
}

const URL_PATH = /^\/extension\[url:\s*['"]([^'"]+)['"]\](?:\/(valueBoolean))?$/;

function apply(patched: Patched, { op, path, value }: Step): void {
  if (op === "test") {
    checkTest(patched, path, value);
    return;
  }
  const byUrl = URL_PATH.exec(path);
  if (byUrl) {
    applyArchived(patched, op, byUrl[1] ?? "", value);
    return;
  }
  const [root = "", index, ...rest] = path.split("/").slice(1).map(unescapePointer);
  switch (root) {
    case "status":
      if (index !== undefined || op === "remove") throw notAllowed();
      patched.status = value;
      return;
    case "securityLabel":
      patched.securityLabel = applyLabels(patched.securityLabel, op, index, rest, value);
      return;
    case "extension":
      patched.extension = applyExtensions(patched.extension, op, index, rest, value);
      return;
    default:
      throw notAllowed();
  }
}

type Change = Exclude<Step["op"], "test">;

/** RFC 6902, 4.6: the value at `path` is the one given. Only what may change may be tested. */
function checkTest(patched: Patched, path: string, value: unknown): void {
  const byUrl = URL_PATH.exec(path);
  if (byUrl) {
    if (byUrl[1] !== extensionUrl.isArchived) throw notAllowed();
    const mark = patched.extension.find(isArchivedExtension) as Extension | undefined;
    if (!isDeepStrictEqual(byUrl[2] ? mark?.valueBoolean : mark, value)) throw testFailed();
    return;
  }
  const [root = "", ...rest] = path.split("/").slice(1).map(unescapePointer);
  if (root !== "status" && root !== "securityLabel" && root !== "extension") throw notAllowed();
  let found: unknown = patched[root];
  for (const name of rest) {
    const holder: unknown = found;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) throw testFailed();
    found = (holder as Readonly<Record<string, unknown>>)[name];
  }
  if (!isDeepStrictEqual(found, value)) throw testFailed();
}

function applyLabels(
  labels: readonly unknown[],
  op: Change,
  index: string | undefined,
  rest: readonly string[],
  value: unknown,
): unknown[] {
  if (index === undefined) {
    // A document has at least one label (R140): none would read as "shown again".
    if (op === "remove" || (Array.isArray(value) && value.length === 0)) {
      throw invalidValue("DocumentReference.securityLabel");
    }
    return Array.isArray(value) ? value : [value];
  }
  const next = [...labels];
  const at = index === "-" ? next.length : Number(index);
  if (!Number.isInteger(at) || at < 0 || at > next.length) throw invalidValue("DocumentReference.securityLabel");
  if (rest.length === 0 && op === "remove") {
    next.splice(at, 1);
    return next;
  }
  // The draft's examples patch `/securityLabel/0`, a coding or a code of it: this sets or clears that one flag.
  const wanted = rest.length === 0 ? value : conceptOf(rest, value);
  if (wanted === undefined) throw notAllowed();
  if (op === "add" && rest.length === 0) next.splice(at, 0, wanted);
  else next[at] = wanted;
  return op === "replace" || rest.length > 0 ? keepOthers(labels, wanted) : next;
}

/** `/securityLabel/0/coding`, `/coding/0`, `/coding/0/code` → the concept that they mean. */
function conceptOf(rest: readonly string[], value: unknown): CodeableConcept | undefined {
  const path = rest.join("/");
  if (path === "coding") return { coding: Array.isArray(value) ? value : [value] };
  if (path === "coding/0") return { coding: [value as never] };
  if (path === "coding/0/code" && typeof value === "string") {
    const isFlag = value in FLAGS;
    return { coding: [{ system: isFlag ? codeSystem.visibility : codeSystem.confidentiality, code: value }] };
  }
  return undefined;
}

/** wire.md, TD3.3b decision: labels are a set; replacing one by `N` shows again, by a flag sets that flag. */
function keepOthers(labels: readonly unknown[], wanted: unknown): unknown[] {
  const code = codeOf(wanted);
  if (code === "N")
    return labels.filter((label) => codeOf(label) !== "MASQUE_PS").map((label) => (isBase(label) ? wanted : label));
  if (code !== undefined && code in FLAGS) return [...labels.filter((label) => codeOf(label) !== code), wanted];
  return [...labels.filter((label) => !isBase(label)), wanted];
}

const isBase = (label: unknown) => !((codeOf(label) ?? "") in FLAGS);

function applyExtensions(
  extensions: readonly unknown[],
  op: Change,
  index: string | undefined,
  rest: readonly string[],
  value: unknown,
): unknown[] {
  const others = extensions.filter((one) => !isArchivedExtension(one));
  if (index === undefined) {
    if (op === "remove" || !Array.isArray(value)) throw notAllowed();
    const kept = value.filter((one) => !isArchivedExtension(one));
    // Only the archived mark may change: the others must be there as they were.
    if (JSON.stringify(kept) !== JSON.stringify(others) && !(op === "add" && kept.length === 0)) throw notAllowed();
    return [...others, ...value.filter(isArchivedExtension)];
  }
  if (index === "-" || (op === "add" && rest.length === 0)) {
    if (op !== "add" || !isArchivedExtension(value)) throw notAllowed();
    return [...others, value];
  }
  const at = Number(index);
  if (!isArchivedExtension(extensions[at])) throw notAllowed();
  if (op === "remove" && rest.length === 0) return others;
  if (rest.length === 0 && isArchivedExtension(value)) return [...others, value];
  if (rest.join("/") === "valueBoolean" && op !== "remove") return [...others, archivedExtension(value)];
  throw notAllowed();
}

function applyArchived(patched: Patched, op: Change, url: string, value: unknown): void {
  if (url !== extensionUrl.isArchived) throw notAllowed();
  const others = patched.extension.filter((one) => !isArchivedExtension(one));
  const flag = isArchivedExtension(value) ? (value as Extension).valueBoolean : value;
  patched.extension = op === "remove" ? others : [...others, archivedExtension(flag)];
}

function archivedExtension(value: unknown): Extension {
  if (typeof value !== "boolean") throw invalidValue("DocumentReference.extension");
  return { url: extensionUrl.isArchived, valueBoolean: value };
}

function isArchivedExtension(one: unknown): boolean {
  return typeof one === "object" && one !== null && "url" in one && one.url === extensionUrl.isArchived;
}

const FLAGS = {
  MASQUE_PS: "is_hidden",
  INVISIBLE_PATIENT: "is_invisible_to_patient",
  INVISIBLE_REPRESENTANTS_LEGAUX: "is_invisible_to_representatives",
} as const;
const BASES: ReadonlySet<string> = new Set(["N", "R", "V"]);
const STATUSES = ["current", "superseded", "entered-in-error"] as const;

/** Every code of a label: one left unread would be a mask that does not mask. A code of another system is none of ours. */
function codesOf(label: unknown): readonly (string | undefined)[] {
  const coding: unknown = (label as CodeableConcept | undefined)?.coding;
  if (!Array.isArray(coding) || coding.length === 0) return [undefined];
  return coding.map((one: unknown) => {
    const { code, system } = (one ?? {}) as { readonly code?: unknown; readonly system?: unknown };
    if (typeof code !== "string") return undefined;
    return system === undefined || isLabel(system, code) ? code : undefined;
  });
}

const codeOf = (label: unknown): string | undefined => codesOf(label)[0];

function attributesAfter(patched: Patched, before: Attributes): Attributes {
  const status = STATUSES.find((one) => one === patched.status);
  if (!status) throw invalidValue("DocumentReference.status");
  // A deleted document stays deleted; `superseded` comes with a replacement, never alone (R117, R120).
  if (status !== before.status && status !== "entered-in-error") throw invalidValue("DocumentReference.status");
  const codes = patched.securityLabel.flatMap(codesOf);
  const flags = { is_hidden: false, is_invisible_to_patient: false, is_invisible_to_representatives: false };
  let confidentiality = before.confidentiality;
  for (const code of codes) {
    if (code !== undefined && Object.hasOwn(FLAGS, code)) flags[FLAGS[code as keyof typeof FLAGS]] = true;
    else if (code !== undefined && BASES.has(code)) confidentiality = code;
    else throw invalidValue("DocumentReference.securityLabel");
  }
  const archived = patched.extension.find(isArchivedExtension) as Extension | undefined;
  if (archived && typeof archived.valueBoolean !== "boolean") throw invalidValue("DocumentReference.extension");
  return { status, confidentiality, ...flags, is_archived: archived?.valueBoolean ?? false };
}

/** The acts that a patch amounts to, each decided on its own. */
export function changesBetween(before: Attributes, after: Attributes): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  const flag = (name: keyof Attributes, set: AttributeChange, cleared: AttributeChange) => {
    if (before[name] !== after[name]) changes.push(after[name] === true ? set : cleared);
  };
  flag("is_hidden", "hide", "show");
  flag("is_invisible_to_patient", "hide-from-patient", "show-to-patient");
  flag("is_invisible_to_representatives", "hide-from-representatives", "show-to-representatives");
  flag("is_archived", "archive", "unarchive");
  if (before.status !== after.status) changes.push("delete");
  if (before.confidentiality !== after.confidentiality) changes.push(after.confidentiality === "N" ? "show" : "hide");
  return [...new Set(changes)];
}

function unescapePointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

function malformed(format: string): WireError {
  return new WireError(400, [{ code: "structure", fr: `Ce n'est pas un ${format}.`, en: `This is not a ${format}.` }]);
}

function notAllowed(): WireError {
  return new WireError(
    405,
    [
      {
        code: "not-supported",
        fr: "Seuls le statut, la confidentialité et l'archivage se modifient.",
        en: "Only the status, the confidentiality and the archiving may be changed.",
        rule: "R124",
      },
    ],
    { allow: "GET, PATCH" },
  );
}

function invalidValue(expression: string): WireError {
  return new WireError(422, [
    { code: "value", fr: "Valeur non permise ici.", en: "This value is not allowed here.", expression, rule: "R124" },
  ]);
}

function testFailed(): WireError {
  return new WireError(412, [{ code: "conflict", fr: "Le test du patch a échoué.", en: "The patch's test failed." }]);
}
