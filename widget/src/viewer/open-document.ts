import type { DocumentContent, DocumentEntry, Progress, RecordHandle } from "@carnet/sdk";
import type { Bundle } from "@carnet/sdk/fhir";
import type { CdaHeaderWords, CdaView } from "@carnet/sdk/narrative";
import { readSummary, type SummaryModel } from "../facts/model.ts";
import { formatDate } from "../shared/format-date.ts";
import { languageOf } from "../shared/languages.ts";
import type { Locale } from "../shared/locale.ts";
import { fetchFurther } from "../summary/further.ts";
import { decodeText, type SniffedContent, sniffContent } from "./content-kind.ts";
import { openingTimeoutMs } from "./opening.ts";

/** A document ready to be shown. `file` is a level-1 body or a bare file. */
export interface OpenedDocument {
  readonly entry?: DocumentEntry;
  readonly content: DocumentContent;
  readonly sniffed: SniffedContent;
  readonly view?: CdaView;
  readonly file?: DocumentContent & { readonly sniffed: SniffedContent };
  readonly text?: string;
  readonly fhir?: SummaryModel;
  /** The content is damaged or not what it says: it can be downloaded, not shown. */
  readonly isUnreadable?: boolean;
}

/** The entry of a document by its uniqueId, also when it was superseded since the fact was read. */
export async function findEntry(
  record: RecordHandle,
  uniqueId: string,
  signal: AbortSignal,
): Promise<DocumentEntry | undefined> {
  const [entry] = await record.documents({ uniqueId, status: "all" }, { signal }).toArray({ limit: 1 });
  return entry;
}

/** Reads a document and prepares it for display; the readers of each format are fetched when one needs them. */
export async function openDocument(
  record: RecordHandle,
  entry: DocumentEntry,
  locale: Locale,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<OpenedDocument> {
  const content = await record.read(entry, { signal, timeoutMs: openingTimeoutMs, onProgress });
  return prepare(content, locale, entry);
}

/** French and English are the SDK's; what another language says of dates and sex is the panel's. */
function headerOptions(locale: Locale): { locale: "fr" | "en"; words?: CdaHeaderWords } {
  const { service, elements, summary } = languageOf(locale);
  if (elements === undefined) return { locale: service };
  const { male, female, unknown } = summary.identity;
  const date = (recorded: string) => formatDate(recorded, locale, { time: true });
  return { locale: service, words: { date, sex: { male, female, unknown } } };
}

export async function prepare(
  content: DocumentContent,
  locale: Locale,
  entry?: DocumentEntry,
): Promise<OpenedDocument> {
  const sniffed = sniffContent(content.bytes, content.contentType);
  // Away, it is the network's failure and not the document's.
  if (sniffed.kind === "fhir") await fetchFurther();
  const base = { content, sniffed, ...(entry === undefined ? {} : { entry }) };
  try {
    switch (sniffed.kind) {
      case "cda": {
        const { readCdaView } = await import("@carnet/sdk/narrative");
        const view = readCdaView(decodeText(content.bytes), headerOptions(locale));
        const { body } = view;
        return {
          ...base,
          view,
          ...(body === undefined ? {} : { file: { ...body, sniffed: sniffContent(body.bytes, body.contentType) } }),
        };
      }
      case "pdf":
      case "image":
      case "tiff":
      case "rtf":
        return { ...base, file: { ...content, sniffed } };
      case "text":
        return { ...base, text: decodeText(content.bytes) };
      case "fhir": {
        const bundle: unknown = JSON.parse(decodeText(content.bytes));
        if (typeof bundle !== "object" || bundle === null || (bundle as Bundle).resourceType !== "Bundle")
          return { ...base, isUnreadable: true };
        return { ...base, fhir: readSummary(bundle as Bundle, new Date()) };
      }
      case "other":
        return base;
    }
  } catch {
    // The reader refused it (truncated, entities, not a document): shown as unreadable, with its bytes to download.
    return { ...base, isUnreadable: true };
  }
}
