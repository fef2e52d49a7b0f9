/** Dropped files become what is sent: checked first, then fixed byte by byte. Nothing here depends on the clock. */
import { createHash } from "node:crypto";
import { CdaError, type CdaHeader, CdaInputError, decodeCda, readCdaHeader, wrapInCda } from "../../cda/index.ts";
import type { Visibility } from "../../client/types.ts";
import { type Ins, InsError, matchTraits, parseIns } from "../../identity/index.ts";
import { findDocumentType } from "../../terminology/document-types.ts";
import { Refusal } from "./refusal.ts";
import { type PdfSideFile, readCdaSideFile, readPdfSideFile } from "./side-file.ts";

/** A document ready to leave. */
export interface Prepared {
  readonly uniqueId: string;
  readonly ins: Ins;
  /** The CDA's bytes as they are sent, now and at every repetition. */
  readonly content: Uint8Array;
  /** uniqueId of the former version. */
  readonly replaces?: string | undefined;
  readonly visibility?: Visibility | undefined;
  readonly acknowledgeSensitive?: readonly string[] | undefined;
}

/**
 * Checks a CDA with its optional side file, or a PDF with its side file, and makes what is sent.
 *
 * @throws Refusal with the place and never a value
 */
export function prepare(document: Uint8Array, side: Uint8Array | undefined): Prepared {
  if (isPdf(document)) {
    if (!side) throw new Refusal("side-file-missing");
    return preparePdf(document, side);
  }
  if (!looksLikeXml(document)) throw new Refusal("file-kind");
  return prepareCda(document, side);
}

/** `%PDF-` begins the file; some printers write a few bytes before it. */
export function isPdf(document: Uint8Array): boolean {
  return Buffer.from(document.buffer, document.byteOffset, Math.min(document.length, 1024)).includes("%PDF-");
}

function looksLikeXml(document: Uint8Array): boolean {
  return Buffer.from(document.buffer, document.byteOffset, Math.min(document.length, 256)).includes(0x3c);
}

/** Does the file end as its kind ends? What does not is still being written, or was cut. */
export function isWhole(document: Uint8Array): boolean {
  const end = Buffer.from(document.subarray(Math.max(0, document.length - 2048)));
  return isPdf(document) ? end.includes("%%EOF") : end.toString("latin1").replaceAll("\0", "").trimEnd().endsWith(">");
}

function preparePdf(document: Uint8Array, side: Uint8Array): Prepared {
  const { $schema, visibility, acknowledgeSensitive, uniqueId, ...header } = readPdfSideFile(side);
  const ins = qualified(header.patient.ins, "patient.ins");
  if (!findDocumentType(header.type.code)) throw new Refusal("type-unknown", { place: "type" });
  const id = uniqueId ?? uniqueIdOf(document, side);
  const xml = written({ ...header, patient: { ...header.patient, ins }, uniqueId: id, content: document });
  return {
    uniqueId: id,
    ins,
    content: new TextEncoder().encode(xml),
    ...(header.replaces ? { replaces: header.replaces } : {}),
    ...(visibility ? { visibility } : {}),
    ...(acknowledgeSensitive ? { acknowledgeSensitive } : {}),
  };
}

function written(
  input: Omit<PdfSideFile, "visibility" | "acknowledgeSensitive" | "uniqueId" | "$schema"> & {
    readonly uniqueId: string;
    readonly content: Uint8Array;
  },
): string {
  try {
    return wrapInCda({ ...input, contentType: "application/pdf" });
  } catch (cause) {
    if (cause instanceof CdaInputError) throw new Refusal("field-wrong", { place: cause.path, error: cause.code });
    throw cause;
  }
}

function prepareCda(document: Uint8Array, side: Uint8Array | undefined): Prepared {
  const header = headerOf(document);
  const beside = side && readCdaSideFile(side);
  const place = "ClinicalDocument/recordTarget/patientRole/id";
  if (!header.patient.ins) throw new Refusal("ins-missing", { place });
  const ins = qualified(header.patient.ins, place);
  const type = header.type.code;
  if (!type || !findDocumentType(type)) throw new Refusal("type-unknown", { place: "ClinicalDocument/code" });
  if (beside?.type && beside.type.code !== type) throw new Refusal("type-differs", { place: "type" });
  if (beside?.patient) assertSamePerson(header, beside.patient);
  if (beside?.replaces && header.replaces && beside.replaces !== header.replaces) {
    throw new Refusal("field-wrong", { place: "replaces" });
  }
  const replaces = beside?.replaces ?? header.replaces;
  return {
    uniqueId: header.uniqueId,
    ins,
    content: document,
    ...(replaces ? { replaces } : {}),
    ...(beside?.visibility ? { visibility: beside.visibility } : {}),
    ...(beside?.acknowledgeSensitive ? { acknowledgeSensitive: beside.acknowledgeSensitive } : {}),
  };
}

function headerOf(document: Uint8Array): CdaHeader {
  try {
    return readCdaHeader(decodeCda(document));
  } catch (cause) {
    if (cause instanceof CdaError) throw new Refusal("cda-unreadable", { place: cause.place, error: cause.code });
    throw cause;
  }
}

/** R33, R40: the key is checked before anything leaves. */
function qualified(ins: Ins, place: string): Ins {
  try {
    return parseIns(ins);
  } catch (cause) {
    if (cause instanceof InsError) throw new Refusal("ins-wrong", { place, error: cause.code, rule: "R33" });
    throw cause;
  }
}

/** R40: what the establishment knows of the patient against what the document says. Doubt is refused too: nobody is there to ask. */
function assertSamePerson(header: CdaHeader, expected: Parameters<typeof matchTraits>[1]): void {
  const { verdict, reasons } = matchTraits(header.patient, expected);
  if (verdict === "certain") return;
  const traits = reasons.filter(({ outcome }) => outcome === "different" || outcome === "close");
  throw new Refusal("traits-differ", {
    rule: "R40",
    place: traits.map(({ trait }) => `patient.${trait}`).join(", ") || "patient",
  });
}

/** The same two files are the same document: its number is a digest of both, in the form that writes a UUID as an OID. */
function uniqueIdOf(document: Uint8Array, side: Uint8Array): string {
  const digest = createHash("sha256").update(createHash("sha256").update(document).digest()).update(side).digest("hex");
  return `urn:oid:2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}
