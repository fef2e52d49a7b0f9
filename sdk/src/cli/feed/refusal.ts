/** Why a dropped file was not deposited. The message never repeats a value of the file. */

export type RefusalCode =
  | "side-file-missing"
  | "side-file-json"
  | "side-file-shape"
  | "file-kind"
  | "file-incomplete"
  | "cda-unreadable"
  | "ins-missing"
  | "ins-wrong"
  | "traits-differ"
  | "type-unknown"
  | "type-differs"
  | "field-wrong"
  | "former-unknown"
  | "former-loop"
  | "already-sent-otherwise"
  | "refused-by-record";

/** What `refused/NAME.reason.txt` and the event say. */
export interface RefusalFacts {
  readonly code: RefusalCode;
  /** Where: a field of the side file, a path of the document, a FHIRPath of the record. */
  readonly place?: string | undefined;
  /** Rule of the record (`R40`). */
  readonly rule?: string | undefined;
  /** Code of the SDK's error, when the record refused. */
  readonly error?: string | undefined;
  /** To quote to the operator. */
  readonly requestId?: string | undefined;
}

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
