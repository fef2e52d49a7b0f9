/** Why a dropped file was not deposited. The message never repeats a value of the file. */
import * as v from "valibot";

const refusalCodes = [
  "side-file-missing",
  "side-file-shared",
  "side-file-json",
  "side-file-shape",
  "file-kind",
  "file-incomplete",
  "file-unreadable",
  "file-too-large",
  "cda-unreadable",
  "ins-missing",
  "ins-wrong",
  "traits-differ",
  "type-unknown",
  "type-differs",
  "field-wrong",
  "former-unknown",
  "former-loop",
  "already-sent-otherwise",
  "refused-by-record",
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const RefusalFacts = v.object({
  code: v.picklist(refusalCodes),
  /** Where: a field of the side file, a path of the document, a FHIRPath of the record. */
  place: v.optional(v.string()),
  /** Rule of the record (`R40`). */
  rule: v.optional(v.string()),
  /** Code of the SDK's error when the record refused, of the system's when the file cannot be read. */
  error: v.optional(v.string()),
  /** To quote to the operator. */
  requestId: v.optional(v.string()),
});
/** What `refused/NAME.reason.txt` and the event say. */
export type RefusalFacts = Readonly<v.InferOutput<typeof RefusalFacts>>;

/** The file is at fault: it goes to `refused/`. Everything else is waited for. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly facts: RefusalFacts;
  constructor(code: RefusalCode, details: Omit<RefusalFacts, "code"> & { readonly cause?: unknown } = {}) {
    const { cause, ...facts } = details;
    super(code, cause === undefined ? undefined : { cause });
    this.facts = { code, ...facts };
  }
}
