import { CdaInputError, type WrapInput, wrapInCda } from "../../cda/write/index.ts";
import { DocumentRejected } from "../../fhir/http/index.ts";

/** The CDA around a file. @throws DocumentRejected its place is the field of the input that is wrong */
export function wrapped(input: WrapInput): string {
  try {
    return wrapInCda(input);
  } catch (cause) {
    if (!(cause instanceof CdaInputError)) throw cause;
    throw new DocumentRejected("deposit", { place: cause.path, cause });
  }
}
