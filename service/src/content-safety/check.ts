/** Judges the bytes of a document before anything is kept: type, size, structure. R103, R123. Pure. */
import type { Actor } from "../rules/actor.ts";
import { faultOfImage, type ImageFault } from "./image.ts";
import { faultOfPdf, type PdfFault } from "./pdf.ts";
import { expectedOf, type Sniffed, sniff } from "./sniff.ts";

export type ContentFault = "content-empty" | "content-too-large" | "content-type-differs" | PdfFault | ImageFault;

/** Largest document of each kind of depositor, in bytes. */
export type SizeLimits = Readonly<Record<Actor["kind"], number>>;

export interface ContentRules {
  readonly limits: SizeLimits;
  /** Outside a demonstration: a PDF must have the structure of one, not its first line only. */
  readonly isStrict: boolean;
}

/** What a depositor is told, in French and English: what is wrong and what to do. */
export const faultTexts: Readonly<Record<ContentFault, { readonly fr: string; readonly en: string }>> = {
  "content-empty": { fr: "Le document est vide.", en: "The document is empty." },
  "content-too-large": {
    fr: "Le document dépasse la taille permise à ce déposant.",
    en: "The document is larger than this depositor may send.",
  },
  "content-type-differs": {
    fr: "Le contenu n'est pas du type annoncé.",
    en: "The content is not of the stated type.",
  },
  "pdf-broken": {
    fr: "Ce PDF est incomplet : exportez-le de nouveau.",
    en: "This PDF is not whole: export it again.",
  },
  "pdf-encrypted": {
    fr: "Ce PDF est protégé par un mot de passe : enregistrez-le sans protection.",
    en: "This PDF is protected by a password: save it without protection.",
  },
  "pdf-active": {
    fr: "Ce PDF contient des actions (script, lancement de programme) : imprimez-le en PDF.",
    en: "This PDF holds actions (script, launching of programs): print it to PDF.",
  },
  "pdf-polyglot": {
    fr: "Ce PDF contient autre chose après sa fin : exportez-le de nouveau.",
    en: "This PDF holds something else after its end: export it again.",
  },
  "image-broken": { fr: "Cette image est incomplète.", en: "This image is not whole." },
  "image-too-large": {
    fr: "Cette image a trop de pixels : réduisez sa définition.",
    en: "This image has too many pixels: reduce its resolution.",
  },
  "image-polyglot": {
    fr: "Cette image contient autre chose après sa fin : exportez-la de nouveau.",
    en: "This image holds something else after its end: export it again.",
  },
};

/** @returns the first fault; none when the bytes are what they are said to be */
export function faultOfContent(
  contentType: string,
  bytes: Uint8Array,
  depositor: Actor["kind"],
  { limits, isStrict }: ContentRules,
): ContentFault | undefined {
  if (bytes.length === 0) return "content-empty";
  if (bytes.length > limits[depositor]) return "content-too-large";
  const expected = expectedOf(contentType);
  const found = sniff(bytes);
  if (expected === undefined || !fits(expected, found)) return "content-type-differs";
  switch (expected) {
    case "pdf":
      return faultOfPdf(bytes, isStrict);
    case "jpeg":
    case "png":
    case "tiff":
      return faultOfImage(expected, bytes);
    default:
      return undefined;
  }
}

/** A plain text may begin like XML, JSON or RTF: it is shown as text all the same. */
function fits(expected: Sniffed, found: Sniffed): boolean {
  return expected === found || (expected === "text" && (found === "xml" || found === "json" || found === "rtf"));
}
