import * as v from "valibot";
import { interactionLevels, SafetyDataError } from "./drug-data.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(-1));
const text = v.string();
const meta = v.looseObject({
  source: text,
  date: v.optional(text),
  licence: v.optional(text),
  derived_from: v.optional(text),
  warning: v.optional(text),
});

/** One schema per kind of file; what tells a kind from the others is its own field. */
const schemas = {
  interactions: v.object({
    meta,
    entities: v.array(v.tuple([v.picklist(["s", "c", "o"]), text])),
    interactions: v.array(
      v.looseTuple([
        index,
        index,
        v.array(v.tuple([v.picklist(interactionLevels), v.optional(text, "")])),
        v.optional(text),
      ]),
    ),
  }),
  thesaurusSubstances: v.object({
    meta,
    classes: v.array(v.tuple([text, index])),
    substances: v.array(v.looseTuple([text, text, v.array(index), index])),
  }),
  drugs: v.object({
    meta,
    routes: v.array(text),
    specialities: v.array(
      v.looseTuple([text, text, index, v.array(index), text, v.array(v.looseTuple([index])), text]),
    ),
  }),
  drugSubstances: v.object({ meta, substances: v.array(v.looseTuple([text, text, text, index])) }),
  boxes: v.object({ meta, cip13: v.record(text, v.array(text)) }),
  atc: v.object({ meta, atc: v.record(text, v.array(index)) }),
};

type Schemas = typeof schemas;
export type FileKind = keyof Schemas;
export type OperatorFiles = { readonly [kind in FileKind]: v.InferOutput<Schemas[kind]> };

/** Which kind a parsed file is, by its fields; `undefined` when it is none of them. */
function kindOf(json: unknown): FileKind | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  if ("interactions" in json) return "interactions";
  if ("classes" in json) return "thesaurusSubstances";
  if ("specialities" in json) return "drugs";
  if ("cip13" in json) return "boxes";
  if ("atc" in json) return "atc";
  return "substances" in json ? "drugSubstances" : undefined;
}

/**
 * Sorts and parses the operator's files. Files of other kinds are left out (`ignored`).
 *
 * @param files name (for messages) and parsed JSON of each file
 * @throws SafetyDataError `drug-data-file` (a file is malformed), `drug-data-missing-part` (a kind of file is missing)
 */
export function readOperatorFiles(files: readonly { readonly name: string; readonly json: unknown }[]): {
  readonly files: OperatorFiles;
  readonly ignored: readonly string[];
} {
  const found: Partial<Record<FileKind, unknown>> = {};
  const ignored: string[] = [];
  for (const { name, json } of files) {
    const kind = kindOf(json);
    if (!kind) {
      ignored.push(name);
      continue;
    }
    if (found[kind])
      throw new SafetyDataError("drug-data-file", `${name}: a second file of the kind "${kind}"; give one.`);
    const result = v.safeParse(schemas[kind], json, { abortEarly: true });
    if (!result.success) {
      const path = result.issues[0]?.path?.map((item) => String(item.key)).join(".") ?? "";
      throw new SafetyDataError("drug-data-file", `${name}: not of the documented form at "${path}" (docs/safety.md).`);
    }
    found[kind] = result.output;
  }
  const missing = (Object.keys(schemas) as FileKind[]).filter((kind) => !found[kind]);
  if (missing.length > 0) {
    throw new SafetyDataError("drug-data-missing-part", `No file of the kind ${missing.join(", ")} (docs/safety.md).`);
  }
  return { files: found as OperatorFiles, ignored };
}
