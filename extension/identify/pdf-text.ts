import { longestIdentityText } from "@carnet/sdk/identity";
import type { PDFDocumentProxy } from "pdfjs-dist";
import type { TextItem } from "pdfjs-dist/types/src/display/api";
import { Problem } from "../shared/problem.ts";
import type { EnclosedFile } from "./enclosed.ts";
import { isPictured, type Operators } from "./pictured.ts";

/** Beyond this, text is not read further: a hostile file can be endless, and the identity stands on the first pages. */
const limits = { pages: 60, characters: longestIdentityText };

const betweenPages = "\n\f\n";

type Annotation = Readonly<Record<string, unknown>>;

export interface ReadText {
  readonly text: string;
  /** Every page was read to its end. */
  readonly isWhole: boolean;
  /** Pages, from 1, that show something without words of their own: scans, stamped or not, drawings. Nobody read what stands on them. */
  readonly pictured: readonly number[];
  /** Files attached to it, or to one of its pages: a portfolio is a cover and its files. */
  readonly enclosed: readonly EnclosedFile[];
}

/**
 * The words of a PDF, page after page, a form feed between pages: its text layer, what was typed in the fields of its forms and
 * into its notes, each after the words that it stands beside.
 * @param operators `OPS` of pdf.js
 * @throws Problem `pdf-encrypted`: its owner protected it; `pdf-unreadable`: a lost page may name somebody else, and a document is not read around it
 */
export async function readText(
  document: PDFDocumentProxy,
  { operators, signal }: { readonly operators: Operators; readonly signal: AbortSignal },
): Promise<ReadText> {
  // It opens for whoever has no password, and is encrypted all the same: the record refuses it.
  if ((await document.getPermissions()) !== null) throw new Problem("pdf-encrypted");
  const pages: string[] = [];
  const pictured: number[] = [];
  const attached = await attachedTo(document);
  const enclosed: EnclosedFile[] = [...attached.files];
  let length = 0;
  for (let number = 1; number <= Math.min(document.numPages, limits.pages); number += 1) {
    signal.throwIfAborted();
    const { text, isPictured, pinned } = await readPage(document, number, operators);
    if (isPictured) pictured.push(number);
    enclosed.push(...pinned);
    pages.push(text.slice(0, limits.characters - length));
    length += text.length;
    if (length >= limits.characters) break;
  }
  const text = pages.join(betweenPages);
  const isWhole = pages.length === document.numPages && length <= limits.characters && text.length <= limits.characters;
  return { text, isWhole: isWhole && attached.isKnown, pictured, enclosed };
}

/** Attached to the document as a whole. When the list cannot be read, nobody knows what else is sent. */
async function attachedTo(document: PDFDocumentProxy) {
  try {
    const attached: unknown = await document.getAttachments();
    return { files: Object.values(attached ?? {}).flatMap(fileOf), isKnown: true };
  } catch {
    return { files: [], isKnown: false };
  }
}

/** A file as pdf.js gives it; one without content stands elsewhere, and is not sent. */
function fileOf(file: unknown): readonly EnclosedFile[] {
  const { filename, content } = (file ?? {}) as { readonly filename?: unknown; readonly content?: unknown };
  return content instanceof Uint8Array ? [{ name: typeof filename === "string" ? filename : "", bytes: content }] : [];
}

async function readPage(document: PDFDocumentProxy, number: number, operators: Operators) {
  try {
    const page = await document.getPage(number);
    const annotations = (await page.getAnnotations()) as readonly Annotation[];
    const items = (await page.getTextContent()).items.filter((item): item is TextItem => "str" in item);
    const written = writtenOn(annotations);
    const typed = written.map(({ words }) => words);
    return {
      text: textOf(items, written),
      isPictured: await isPictured(page, operators, items, typed),
      pinned: annotations.flatMap(({ file }) => fileOf(file)),
    };
  } catch (cause) {
    throw new Problem("pdf-unreadable", { cause });
  }
}

function textOf(items: readonly TextItem[], written: readonly Written[]): string {
  const beside = new Map<number, string>();
  for (const { rect, words } of written) {
    const place = placeBeside(rect, items);
    beside.set(place, `${beside.get(place) ?? ""} ${words}`);
  }
  const said = items.map(({ str, hasEOL }, index) => `${str}${beside.get(index) ?? ""}${hasEOL ? "\n" : ""}`).join("");
  const alone = beside.get(-1);
  return alone === undefined ? said : `${said}\n${alone.trim()}`;
}

interface Written {
  readonly rect: readonly number[];
  readonly words: string;
}

/** Bits of an annotation that is not shown (PDF 32000-1, 12.5.3): hidden, no view. */
const unseen = 2 | 32;

/** What people wrote on the page: fields of forms and notes, which are no part of its text layer. */
function writtenOn(annotations: readonly Annotation[]): readonly Written[] {
  return annotations.flatMap((annotation) => {
    if ((Number(annotation.annotationFlags ?? 0) & unseen) !== 0) return [];
    const value = annotation.subtype === "FreeText" ? annotation.contentsObj : annotation.fieldValue;
    const words = wordsIn(value).trim();
    return words === "" || annotation.fieldType === "Btn"
      ? []
      : [{ rect: annotation.rect as readonly number[], words }];
  });
}

function wordsIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.filter((one) => typeof one === "string").join(" ");
  return typeof value === "object" && value !== null ? wordsIn((value as { readonly str?: unknown }).str) : "";
}

/** The words on its line that end last before it, as an eye takes them for its label; -1 when it stands alone. */
function placeBeside([left = 0, bottom = 0, , top = 0]: readonly number[], items: readonly TextItem[]): number {
  let place = -1;
  let nearest = Number.NEGATIVE_INFINITY;
  for (const [index, { str, transform, width }] of items.entries()) {
    const [x, y] = [Number(transform[4]), Number(transform[5])];
    if (str.trim() === "" || y < bottom - 3 || y > top + 3 || x > left || x <= nearest) continue;
    // Words that go on behind the field may be the label of the next one.
    [place, nearest] = [x + width > left + 6 ? -1 : index, x];
  }
  return place;
}
