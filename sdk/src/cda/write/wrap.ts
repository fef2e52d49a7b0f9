import { sniffContentType } from "../read/sniff.ts";
import { toBase64 } from "./base64.ts";
import {
  optionalText,
  readAuthorOrPatient,
  readCode,
  readConfidentiality,
  readDocumentType,
  readIdentifier,
  readPatient,
  requireObject,
  requireText,
} from "./checks.ts";
import { CdaInputError } from "./errors.ts";
import { writeDocument } from "./header.ts";
import type { HeaderData } from "./header-data.ts";
import { toHl7Time } from "./times.ts";
import type { WrapInput, WrapPatientInput } from "./wrap-input.ts";
import { element, verbatim } from "./xml.ts";

/** IHE XDS-SD: the template of documents whose body is a file. */
const scannedDocumentTemplate = "1.3.6.1.4.1.19376.1.2.20";

/**
 * Wraps a file in a CDA R2 level 1 document with a full CI-SIS header (structuration minimale): what the record keeps for
 * a PDF, an image or a text. The bytes are kept as they are, in base64; nothing claims that a PDF is PDF/A.
 *
 * Labels of codes come from the value sets, not from the input. The author's structure is custodian too, and the author is
 * legal authenticator and performer of the act.
 *
 * @returns XML text; encode it as UTF-8.
 * @throws {CdaInputError} names the field that is missing, malformed or outside its value set.
 *
 * @example
 * const xml = wrapInCda({ content, contentType: "application/pdf", title: "Lettre de liaison", uniqueId: `urn:uuid:${crypto.randomUUID()}`, … });
 */
export function wrapInCda(input: WrapInput | WrapPatientInput): string {
  requireObject(input, "input");
  const mediaType = readContentType(input);
  const header = readHeader(input);
  return writeDocument(
    header,
    element("nonXMLBody", {}, element("text", { mediaType, representation: "B64" }, verbatim(toBase64(input.content)))),
  );
}

function readHeader(input: WrapInput | WrapPatientInput): HeaderData {
  const id = readIdentifier(input.uniqueId, "uniqueId");
  const replaces = input.replaces === undefined ? undefined : readIdentifier(input.replaces, "replaces");
  const version = input.version ?? (replaces ? 2 : 1);
  if (!Number.isInteger(version) || version < 1) throw new CdaInputError("cda-input-shape", "version");
  const language = optionalText(input.language, "language") ?? "fr-FR";
  if (!/^[a-z]{2}-[A-Z]{2}$/.test(language)) throw new CdaInputError("cda-input-shape", "language");
  return {
    templateIds: [{ root: scannedDocumentTemplate }],
    id,
    type: readDocumentType(input.type, "type"),
    title: requireText(input.title, "title"),
    effectiveTime: toHl7Time(requireText(input.effectiveTime, "effectiveTime"), "effectiveTime"),
    confidentiality: readConfidentiality(input.confidentiality, "confidentiality"),
    language,
    setId: input.setId === undefined ? (replaces ?? id) : readIdentifier(input.setId, "setId"),
    version,
    ...(replaces ? { replaces } : {}),
    patient: readPatient(input.patient, "patient"),
    author: readAuthorOrPatient(input.author, "author"),
    act: readAct(input.act),
  };
}

function readAct(act: WrapInput["act"]): HeaderData["act"] {
  requireObject(act, "act");
  const startText = requireText(act.start, "act.start");
  const start = toHl7Time(startText, "act.start");
  const endText = optionalText(act.end, "act.end");
  const end = endText === undefined ? undefined : toHl7Time(endText, "act.end");
  if (endText !== undefined && Date.parse(endText) < Date.parse(startText))
    throw new CdaInputError("cda-input-date", "act.end");
  return {
    start,
    ...(end ? { end } : {}),
    ...(act.code ? { code: readCode(act.code, "act.code") } : {}),
  };
}

const bodyTypes: ReadonlyMap<string, string> = new Map([
  ["application/pdf", "application/pdf"],
  ["image/jpeg", "image/jpeg"],
  ["image/jpg", "image/jpeg"],
  ["image/tiff", "image/tiff"],
  ["image/tif", "image/tiff"],
  ["text/rtf", "text/rtf"],
  ["application/rtf", "text/rtf"],
  ["text/plain", "text/plain"],
]);

/** The announced type decides, and the first bytes must not say otherwise: a PNG called JPEG would show as a broken image. */
function readContentType({ content, contentType }: WrapInput | WrapPatientInput): string {
  const announced = requireText(contentType, "contentType").split(";")[0]?.trim().toLowerCase() ?? "";
  const mediaType = bodyTypes.get(announced);
  if (!mediaType) throw new CdaInputError("cda-input-code", "contentType");
  if (!(content instanceof Uint8Array) || content.length === 0) throw new CdaInputError("cda-input-content", "content");
  if (mediaType === "text/plain") return mediaType;
  if (sniffContentType(content) !== mediaType && !(mediaType === "application/pdf" && hasPdfMark(content)))
    throw new CdaInputError("cda-input-content", "content");
  return mediaType;
}

/** Readers accept a PDF whose mark stands within the first 1 024 bytes, and so do printers' drivers write some. */
function hasPdfMark(content: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(content.subarray(0, 1024)).includes("%PDF-");
}
