/**
 * Everything that can go wrong and that a person is told about. The code chooses the sentence (ui/strings);
 * the message is for developers and never holds a name, an identifier, an address or a title.
 */
export type ProblemCode =
  | "capture-nothing"
  | "capture-forbidden-page"
  | "capture-needs-permission"
  | "capture-gone"
  | "capture-type-changed"
  | "capture-unknown-type"
  | "capture-dicom"
  | "capture-too-large"
  | "capture-empty"
  | "capture-network"
  | "capture-navigated"
  | "capture-encoding"
  | "capture-fhir-document"
  | "capture-characters"
  | "capture-several-files"
  | "capture-unreadable-file"
  | "capture-several-here"
  | "capture-tab-asleep"
  | "pdf-encrypted"
  | "pdf-unreadable"
  | "cda-unreadable"
  | "sign-in-failed"
  | "sign-in-needed"
  | "service-unreachable"
  | "service-unexpected"
  | "outbox-full"
  | "unknown";

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** Not medical: a status, an origin to ask permission for, a size. */
  readonly detail: string | undefined;

  constructor(code: ProblemCode, options: { detail?: string; cause?: unknown } = {}) {
    super(`${code}${options.detail === undefined ? "" : ` (${options.detail})`}`, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
  }
}

/** True for a {@link Problem}, also one that crossed a message boundary. */
export function isProblem(value: unknown): value is Problem {
  return value instanceof Error && value.name === "Problem" && "code" in value;
}

/** Whatever was thrown, as a Problem. */
export function toProblem(value: unknown, fallback: ProblemCode = "unknown"): Problem {
  return isProblem(value) ? value : new Problem(fallback, { cause: value });
}
