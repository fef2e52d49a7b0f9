/** `If-Match`: a change on the version that was read, or none. */
import { WireError } from "./outcome.ts";

/** @throws WireError 412 when the header names another version */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (!header || header.trim() === "*") return;
  const versions = header.split(",").map((one) => /^\s*(?:W\/)?"?([^"]*)"?\s*$/.exec(one)?.[1]);
  if (!versions.includes(String(version))) throw preconditionFailed();
}

export function preconditionFailed(): WireError {
  return new WireError(412, [
    {
      code: "conflict",
      fr: "Le document a changé depuis : relisez-le avant de le modifier.",
      en: "The document has changed meanwhile: read it again before changing it.",
    },
  ]);
}
