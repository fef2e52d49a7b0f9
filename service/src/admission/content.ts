/** The bytes of a document: allowed media types, stated size and hash. Source: wire.md (TD2), rules.md R103, R123. */

import { createHash } from "node:crypto";
import type { Report } from "./issue.ts";
import { type JsonObject, text } from "./json.ts";

/** Content of a document, decoded and checked. */
export interface AdmittedContent {
  /** Media type as sent, without parameters. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** SHA-1 of the bytes in base64, as FHIR R4 states it. */
  readonly sha1: string;
}

const mediaTypes = new Set([
  "text/xml",
  "application/xml",
  "application/hl7-cda+xml",
  "application/pdf",
  "application/fhir+json",
  "text/plain",
  "text/rtf",
  "application/rtf",
  "image/jpeg",
  "image/png",
  "image/tiff",
]);

/** Media type without its parameters, in lower case. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

export function checkMediaType(mediaType: string, expression: string, report: Report): void {
  if (mediaTypes.has(essenceOf(mediaType))) return;
  const fr = "Format de contenu non accepté : CDA, PDF, Bundle FHIR, texte, RTF, JPEG, PNG ou TIFF.";
  const en = "Content format not accepted: CDA, PDF, FHIR Bundle, text, RTF, JPEG, PNG or TIFF.";
  report.refuse("value", expression, fr, en);
}

/** Compares what the attachment states with the bytes themselves. */
export function admitContent(
  attachment: JsonObject,
  bytes: Uint8Array,
  expression: string,
  report: Report,
): AdmittedContent {
  const sha1 = createHash("sha1").update(bytes).digest("base64");
  if (typeof attachment.size === "number" && attachment.size !== bytes.length) {
    report.refuse("value", `${expression}.size`, "La taille ne correspond pas.", "The size does not match.");
  }
  if (typeof attachment.hash === "string" && attachment.hash !== sha1) {
    report.refuse("value", `${expression}.hash`, "L’empreinte SHA-1 ne correspond pas.", "The SHA-1 does not match.");
  }
  return { contentType: essenceOf(text(attachment.contentType) ?? ""), bytes, sha1 };
}
