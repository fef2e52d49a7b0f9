import { isSignInError } from "../auth/errors.ts";
import { CdaError } from "../cda/read/errors.ts";
import { CdaInputError } from "../cda/write/errors.ts";
import { isCarnetError } from "../fhir/http/index.ts";
import { InsError } from "../identity/ins.ts";
import { type ExitCode, exitCode } from "./exit-codes.ts";
import { FolderInUse } from "./feed/lock.ts";
import { Refusal } from "./feed/refusal.ts";
import { UsageError } from "./io.ts";
import type { Strings } from "./strings.ts";

/** An error as the shell and the person are told of it: never a patient, a value or a token. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
  readonly rule?: string;
  readonly place?: string;
  readonly requestId?: string;
}

/** A file or folder that the command line or the settings name is not there, not of the kind, not the caller's, or without room. */
const places = new Set(
  "ENOENT ENOTDIR EISDIR EEXIST EACCES EPERM EROFS ENAMETOOLONG ELOOP ENOSPC EDQUOT EFBIG".split(" "),
);

export function failureOf(error: unknown, strings: Strings): Failure {
  if (error instanceof UsageError) return { code: "usage", message: error.message, exitCode: exitCode.usage };
  if (error instanceof InsError) return { code: error.code, message: strings.badIns, exitCode: exitCode.usage };
  if (error instanceof FolderInUse) {
    const message = strings.folderInUse(error.pid, error.host);
    return { code: "folder-in-use", message, exitCode: exitCode.folderInUse };
  }
  if (error instanceof Refusal) {
    const { code, place, rule } = error.facts;
    const details = { ...(place ? { place } : {}), ...(rule ? { rule } : {}) };
    return { code, message: strings.refusals[code], exitCode: exitCode.rejected, ...details };
  }
  if (error instanceof CdaInputError) {
    return {
      code: error.code,
      message: strings.errors["document-rejected"],
      exitCode: exitCode.rejected,
      place: error.path,
    };
  }
  if (error instanceof CdaError) {
    return { code: error.code, message: strings.refusals["cda-unreadable"], exitCode: exitCode.rejected };
  }
  if (isSignInError(error)) return { code: error.code, message: strings.noSignIn, exitCode: exitCode.signIn };
  if (isCarnetError(error)) {
    // The service's own judgement of the number on the command line: no document is at fault.
    if (error.rule === "R34" && error.status === 400) {
      const { requestId } = error;
      const about = { code: "ins-key", message: strings.badIns, exitCode: exitCode.usage, rule: "R34" } as const;
      return { ...about, ...(requestId ? { requestId } : {}) };
    }
    const place = "place" in error && typeof error.place === "string" ? error.place : undefined;
    return {
      code: error.code,
      message: strings.errors[error.code],
      exitCode: exitOf(error.code),
      ...(error.rule ? { rule: error.rule } : {}),
      ...(place ? { place } : {}),
      ...(error.requestId ? { requestId: error.requestId } : {}),
    };
  }
  // A message of the platform may hold a path, never a document: only its code is told.
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unexpected";
  const path = typeof error === "object" && error !== null && "path" in error ? String(error.path) : undefined;
  const place = path ? { place: path } : {};
  return places.has(code)
    ? { code, message: strings.badPlace, exitCode: exitCode.usage, ...place }
    : { code, message: strings.unexpected, exitCode: exitCode.unexpected, ...place };
}

function exitOf(code: Parameters<typeof isCarnetError>[1] & string): ExitCode {
  switch (code) {
    case "record-not-found":
    case "document-not-found":
    case "content-lost":
    case "record-closed":
      return exitCode.notFound;
    case "consent-required":
    case "access-refused":
      return exitCode.refused;
    case "identity-mismatch":
    case "document-rejected":
    case "acknowledgement-required":
    case "conflict":
      return exitCode.rejected;
    case "unauthorised":
      return exitCode.signIn;
    case "too-many-requests":
    case "unavailable":
    case "offline":
    case "timeout":
      return exitCode.unavailable;
    case "not-supported":
    case "invalid-answer":
      return exitCode.unexpected;
  }
}

/** One line for a person, or one JSON object. */
export function printedFailure(failure: Failure, isJson: boolean): string {
  const { exitCode: _exit, ...rest } = failure;
  if (isJson) return JSON.stringify({ error: rest });
  const details = [failure.code, failure.rule, failure.place, failure.requestId].filter(Boolean).join(", ");
  return `${failure.message} (${details})`;
}
