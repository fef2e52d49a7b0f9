import * as v from "valibot";
import { Refusal } from "./refusal.ts";

const text = v.pipe(v.string(), v.trim(), v.minLength(1));
const code = v.strictObject({ code: text, system: text, display: v.optional(text) });
const identifier = v.pipe(v.string(), v.regex(/^urn:(oid:\d+(\.\d+)+|uuid:[0-9a-fA-F-]{36})$/));
/** With a zone where there is a time: a document that is read elsewhere must mean the same instant. */
const instant = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/));

const patient = v.strictObject({
  ins: v.strictObject({ system: text, value: text }),
  birthName: text,
  firstGivenName: text,
  birthGivenNames: v.pipe(v.array(text), v.minLength(1)),
  usedName: v.optional(text),
  usedGivenName: v.optional(text),
  sex: v.picklist(["male", "female", "unknown"]),
  birthDate: v.pipe(v.string(), v.isoDate()),
  birthPlaceCode: text,
});

const author = v.strictObject({
  rpps: text,
  family: text,
  given: text,
  prefix: v.optional(text),
  suffix: v.optional(text),
  profession: text,
  specialty: v.optional(text),
  organization: v.strictObject({ id: text, name: text, facilityType: text, practiceSetting: text }),
});

/** What may be said of any document. */
const common = {
  /** An address of the schema, for editors; not read. */
  $schema: v.optional(v.string()),
  /** uniqueId of the document that this one replaces (R117). */
  replaces: v.optional(identifier),
  visibility: v.optional(
    v.strictObject({
      hiddenFromProfessionals: v.optional(v.boolean()),
      invisibleToPatient: v.optional(v.boolean()),
      invisibleToRepresentatives: v.optional(v.boolean()),
    }),
  ),
  /** Sensitive subjects about which the patient was asked: `genetics`, `psychiatry`, `hiv`, `abortion`. */
  acknowledgeSensitive: v.optional(v.array(text)),
};

/** Beside a PDF: everything that its CDA header will say. */
const ofPdf = v.strictObject({
  ...common,
  title: text,
  /** Default: computed from the two files, so that the same files are the same document. */
  uniqueId: v.optional(identifier),
  setId: v.optional(identifier),
  version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  effectiveTime: instant,
  language: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2}-[A-Z]{2}$/))),
  confidentiality: v.optional(v.picklist(["N", "R", "V"])),
  type: code,
  act: v.strictObject({ start: instant, end: v.optional(instant), code: v.optional(code) }),
  patient,
  author,
});

/** Beside a CDA, which says all of it itself: what to compare with it, and what a header cannot say. */
const ofCda = v.strictObject({
  ...common,
  type: v.optional(v.strictObject({ code: text, system: v.optional(text), display: v.optional(text) })),
  patient: v.optional(v.partial(patient)),
});

export type PdfSideFile = v.InferOutput<typeof ofPdf>;
export type CdaSideFile = v.InferOutput<typeof ofCda>;

/** Reads the side file of a PDF. @throws Refusal `side-file-json`, `side-file-shape`, with the place */
export function readPdfSideFile(bytes: Uint8Array): PdfSideFile {
  return read(ofPdf, bytes);
}

/** Reads the side file of a CDA. @throws Refusal `side-file-json`, `side-file-shape`, with the place */
export function readCdaSideFile(bytes: Uint8Array): CdaSideFile {
  return read(ofCda, bytes);
}

function read<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array): T {
  const json = textOf(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new Refusal("side-file-json", { place: positionIn(json, error) });
  }
  const result = v.safeParse(schema, parsed, { abortEarly: true });
  if (result.success) return result.output;
  // The library's own message quotes the value: only the place is told.
  throw new Refusal("side-file-shape", { place: v.getDotPath(result.issues[0]) ?? "(root)" });
}

function textOf(bytes: Uint8Array): string {
  try {
    // A byte order mark, which some editors write, is dropped here.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("side-file-json", { place: "UTF-8" });
  }
}

/** Line and column, where the engine says at which character it stopped. */
function positionIn(json: string, error: unknown): string | undefined {
  const at = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  if (at === undefined) return undefined;
  const before = json.slice(0, Number(at)).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
