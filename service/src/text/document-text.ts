/** The words of a document, whatever its format: to search in, never to show instead of it. Nothing is fetched or run. */
import { type CdaView, plainToText, readCdaView, rtfToText, sectionsToText } from "@carnet/sdk/narrative";
import { type FileInCda, readCdaText } from "../http/cda-text.ts";
import { isCda } from "../http/document-facts.ts";
import { PDF_LIMITS, type PdfReader } from "./pdf-text.ts";

/** Raise it, with a migration that sets `text_version` to 0, when documents are to be read again. */
export const TEXT_VERSION = 1;

const MAX_CHARACTERS = PDF_LIMITS.maxCharacters;
/** Files inside one CDA that are read. */
const MAX_ATTACHMENTS = 5;

/** The text, empty for a picture; or a code for what kept it from being read. */
export type DocumentText = { readonly text: string } | { readonly failure: string };

/** Never throws for what is in the document: one that cannot be read is found by its title and its authors. */
export async function textOf(contentType: string, bytes: Uint8Array, pdf: PdfReader): Promise<DocumentText> {
  try {
    if (isCda(contentType)) return await cdaText(bytes, pdf);
    if (contentType === "application/fhir+json") return { text: bounded(fhirText(bytes)) };
    return await fileText(contentType, bytes, pdf);
  } catch (error) {
    const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
    return { failure: code ?? "unreadable" };
  }
}

async function fileText(contentType: string, bytes: Uint8Array, pdf: PdfReader): Promise<DocumentText> {
  switch (contentType) {
    case "application/pdf": {
      const read = await pdf.read(bytes);
      return "text" in read ? { text: bounded(read.text) } : read;
    }
    case "text/plain":
      return { text: bounded(plainToText(bytes, { maxBytes: MAX_CHARACTERS * 4 })) };
    case "text/rtf":
    case "application/rtf":
      return { text: bounded(rtfToText(bytes, { maxCharacters: MAX_CHARACTERS })) };
    default:
      return { text: "" };
  }
}

async function cdaText(bytes: Uint8Array, pdf: PdfReader): Promise<DocumentText> {
  const { text: xml, file } = readCdaText(bytes);
  const view = readCdaView(xml);
  const parts = [view.title, sectionsToText(view.sections)];
  const files = [...(view.body ? [whole(view.body, file)] : []), ...view.attachments.slice(0, MAX_ATTACHMENTS)];
  let failure: string | undefined;
  for (const file of files) {
    const read = await fileText(file.contentType, file.bytes, pdf);
    if ("text" in read) parts.push(read.text);
    else failure = read.failure;
  }
  const text = bounded(parts.join("\n"));
  // A letter around a file that cannot be read has nothing but its title.
  return failure !== undefined && view.sections.length === 0 ? { failure } : { text };
}

type Body = NonNullable<CdaView["body"]>;

/** A long file was decoded before its document was parsed, which costs a fraction: the view has its beginning only. */
function whole(body: Body, file: FileInCda | undefined): Body {
  const isBeginning = file !== undefined && Buffer.from(body.bytes).equals(file.bytes.subarray(0, body.bytes.length));
  return isBeginning ? { ...body, bytes: file.bytes } : body;
}

/** Titles and narratives of a document Bundle. */
function fhirText(bytes: Uint8Array): string {
  const found: string[] = [];
  let left = 20_000;
  const visit = (value: unknown, name: string) => {
    if (left-- <= 0) return;
    if (typeof value === "string") {
      if (name === "div") found.push(value.replace(/<[^>]*>/g, " ").replace(/&(?:#160|nbsp|amp|lt|gt|quot);/g, " "));
      else if (name === "title" || name === "display" || name === "text") found.push(value);
    } else if (Array.isArray(value)) for (const one of value) visit(one, name);
    else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value)) visit(one, key);
  };
  visit(JSON.parse(new TextDecoder().decode(bytes)), "");
  return found.join("\n");
}

/** One form of each character, one space between words, ligatures in two letters; no character that a database refuses. */
function bounded(text: string): string {
  // Through UTF-8: half a character is no text.
  return Buffer.from(text.slice(0, MAX_CHARACTERS))
    .toString()
    .normalize("NFC")
    .replace(/\0/g, " ")
    .replaceAll("œ", "oe")
    .replaceAll("Œ", "Oe")
    .replaceAll("æ", "ae")
    .replaceAll("Æ", "Ae")
    .replace(/[^\S\n]+/g, " ")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
}
