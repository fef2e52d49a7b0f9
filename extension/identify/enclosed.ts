import {
  type FoundIdentity,
  type IdentityTraits,
  longestIdentityText,
  type NameMention,
  type OtherSubject,
} from "@carnet/sdk/identity";
import { sniff } from "../capture/sniff.ts";
import type { OpenPdf } from "./pdf.ts";
import {
  type PlacedMention,
  type PlacedPerson,
  patientsIn,
  placedMentions,
  placesOf,
  placesOfOthers,
} from "./places.ts";
import type { CdaReading } from "./read-cda.ts";
import { asWords, wordsOf } from "./words.ts";

/** A file within the document: attached to a PDF, or a picture of a paper within a CDA. It leaves with it. */
export interface EnclosedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was found in such a file. */
export interface ReadEnclosed {
  readonly name: string;
  /** All of it was read: whom it names is known. */
  readonly isRead: boolean;
  readonly people: readonly IdentityTraits[];
  /** Those of them whom its words call the patient. */
  readonly patients: readonly IdentityTraits[];
  readonly others: readonly OtherSubject[];
  readonly mentions: readonly PlacedMention[];
  readonly places: readonly PlacedPerson[];
  readonly placesOfOthers: readonly PlacedPerson[];
}

interface Reader {
  identities(text: string): Promise<readonly FoundIdentity[]>;
  others(text: string): Promise<readonly OtherSubject[]>;
  mentions(text: string): Promise<readonly NameMention[]>;
  cda(bytes: Uint8Array<ArrayBuffer>): Promise<CdaReading>;
}

interface Means {
  readonly reader: Reader;
  readonly openPdf: (bytes: Uint8Array<ArrayBuffer>) => Promise<OpenPdf>;
  readonly signal: AbortSignal;
}

/** Beyond these they are named, and not read. */
const mostFiles = 20;
const mostBytes = 20_000_000;

interface Content {
  readonly text: string;
  readonly isWhole: boolean;
  /** Whom the header of a CDA names. */
  readonly header?: IdentityTraits;
}

const unread: Content = { text: "", isWhole: false };

/** Whom the files within a document name. Files within those files are not opened: such a file was not read. */
export async function readEnclosed(files: readonly EnclosedFile[], means: Means): Promise<readonly ReadEnclosed[]> {
  const read: ReadEnclosed[] = [];
  for (const [index, { name, bytes }] of files.entries()) {
    means.signal.throwIfAborted();
    const isTooMuch = index >= mostFiles || bytes.length > mostBytes;
    const { text, isWhole, header } = isTooMuch ? unread : await contentOf(bytes, means);
    const isSilent = text.trim() === "";
    const found = isSilent ? [] : await means.reader.identities(text);
    const others = isSilent ? [] : await means.reader.others(text);
    const mentions = isSilent ? [] : await means.reader.mentions(text);
    const inFile = (place: PlacedPerson) => ({ ...place, file: name });
    read.push({
      name,
      isRead: isWhole,
      people: [...(header === undefined ? [] : [header]), ...found.map(({ traits }) => traits)],
      patients: patientsIn(found),
      others,
      mentions: placedMentions(text, mentions).map((one) => ({ ...one, place: inFile(one.place) })),
      places: placesOf(text, found).map(inFile),
      placesOfOthers: placesOfOthers(text, others).map(inFile),
    });
  }
  return read;
}

async function contentOf(bytes: Uint8Array, means: Means): Promise<Content> {
  switch (sniff(bytes)) {
    case "pdf":
      return pdfContent(bytes, means);
    case "xml":
      return cdaContent(bytes, means);
    case "text":
      return wordsOf({ contentType: "text/plain", bytes });
    case "rtf":
      return wordsOf({ contentType: "text/rtf", bytes });
    default:
      return unread;
  }
}

async function pdfContent(bytes: Uint8Array, { openPdf, signal }: Means): Promise<Content> {
  const pdf = await openPdf(bytes.slice()).catch((): undefined => undefined);
  if (pdf === undefined) return unread;
  try {
    const { text, isWhole, pictured, enclosed } = await pdf.text(signal);
    return { text, isWhole: isWhole && pictured.length === 0 && enclosed.length === 0 };
  } catch {
    signal.throwIfAborted();
    return unread;
  } finally {
    await pdf.close();
  }
}

/** XML of another kind (an invoice, metadata of the file) is read as words: its values stand between its tags. */
async function cdaContent(bytes: Uint8Array, means: Means): Promise<Content> {
  const reading = await means.reader.cda(bytes.slice());
  if (!reading.ok) {
    const text = new TextDecoder().decode(bytes.subarray(0, longestIdentityText * 4));
    return { ...asWords(text.replace(/<[^>]{0,2000}>/g, "\n")), isWhole: false };
  }
  const { header, body, narrative, enclosed } = reading;
  const inBody =
    body === undefined
      ? asWords(narrative)
      : body.contentType === "application/pdf"
        ? await pdfContent(body.bytes, means)
        : await wordsOf(body);
  return { ...inBody, isWhole: inBody.isWhole && enclosed.length === 0, header: header.patient };
}
