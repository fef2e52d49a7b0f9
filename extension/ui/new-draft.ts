import {
  checkInsKey,
  type FoundIdentity,
  type IdentityTraits,
  type NameMention,
  type OtherSubject,
} from "@carnet/sdk/identity";
import { findDocumentType } from "@carnet/sdk/terminology";
import { admit, type CapturedFile } from "../capture/admit.ts";
import { type PageContext, wordlessPage } from "../capture/page-context.ts";
import { isTitledOtherwise } from "../capture/titled.ts";
import { propose } from "../describe/propose.ts";
import { type ReadEnclosed, readEnclosed } from "../identify/enclosed.ts";
import type { PlacedLabel } from "../identify/judge.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import { isNamedOnlyOn, patientsIn, placedMentions, placesOf, placesOfOthers } from "../identify/places.ts";
import { asWords, wordsOf } from "../identify/words.ts";
import type { Parcel } from "../outbox/row.ts";
import { Problem } from "../shared/problem.ts";
import type { Draft } from "./draft.ts";
import type { PanelPorts, ReaderPort } from "./panel-ports.ts";

/** Read the captured document: its text, who it names, what it seems to be. Not yet compared with any record. */
export async function draftOf(
  captured: { readonly file: CapturedFile; readonly page: PageContext },
  reader: ReaderPort,
  ports: Pick<PanelPorts, "openPdf" | "imageToPdf" | "imagePixels" | "today" | "defaultType">,
  signal: AbortSignal,
): Promise<Draft> {
  if (captured.file.kind === "cda") return cdaDraft(captured.file, reader, ports, signal);
  const file = await fileable(captured.file, ports);
  const pdf = file.kind === "pdf" ? await ports.openPdf(file.bytes) : undefined;
  try {
    const { text, isWhole, pictured, ...within } =
      pdf === undefined ? { ...(await wordsOf(file)), pictured: [], enclosed: [] } : await pdf.text(signal);
    const { found, others, mentions } = await namedIn(text, reader);
    const enclosed = await readEnclosed(within.enclosed, { reader, openPdf: ports.openPdf, signal });
    const named = found.map(({ traits }) => traits);
    const stamped = found.filter((person) => isNamedOnlyOn(pictured, text, person)).map(({ traits }) => traits);
    const labels =
      pdf === undefined ? await labelsOfImage(file, reader, ports) : await labelsOf(pdf, { named, pictured }, reader);
    const isEveryPageRead = pictured.every((page) => labels.some((label) => label.page === page));
    const proposal = propose({
      text,
      fileName: file.fileName,
      linkText: file.calledOnPage,
      today: ports.today(),
      birthDates: [...named, ...labels.map(({ traits }) => traits)].flatMap(({ birthDate }) => birthDate ?? []),
    });
    const type = proposal.types[0]?.type ?? ports.defaultType;
    const title = (await pdf?.title()) ?? "";
    // Only a title tells: without one nothing is waited for.
    const shown = title === "" ? undefined : await captured.file.shown?.();
    return {
      file,
      pdf,
      cda: undefined,
      text,
      ...toldBy({ text, found, others }, enclosed),
      evidence: {
        document: [...named.filter((one) => !stamped.includes(one)), ...enclosed.flatMap((one) => one.people)],
        page: [],
        typed: undefined,
        patients: [...patientsIn(found), ...enclosed.flatMap((one) => one.patients)],
        stamped,
        labels,
        isPartlyRead:
          !isWhole || !isEveryPageRead || file.unreadFrames !== undefined || !enclosed.every(({ isRead }) => isRead),
        isTitledOtherwise: isTitledOtherwise(shown, title),
        others: [...others, ...enclosed.flatMap((one) => one.others)],
        mentions: [...placedMentions(text, mentions), ...enclosed.flatMap((one) => one.mentions)],
        today: ports.today(),
      },
      identity: { name: "missing" },
      isConfirmed: false,
      proposals: proposal.types,
      type,
      title: proposal.title === "" ? (type?.display ?? "") : proposal.title,
      actDate: proposal.actDate ?? "",
      visibility: "normal",
      earlier: undefined,
      earlierChoice: undefined,
    };
  } catch (error) {
    await pdf?.close();
    throw error;
  }
}

/**
 * A refused document once more: the file that its CDA carries, described as it was. Its identity is judged anew from the
 * file alone.
 */
export async function draftOfRefused(
  rowId: string,
  parcel: Parcel,
  reader: ReaderPort,
  ports: Pick<PanelPorts, "openPdf" | "imageToPdf" | "imagePixels" | "today" | "defaultType">,
  signal: AbortSignal,
): Promise<Draft> {
  const reading = await reader.cda(new TextEncoder().encode(parcel.xml));
  if (!reading.ok) throw new Problem(reading.code, { detail: reading.detail });
  const { header, body } = reading;
  if (body === undefined) throw new Problem("cda-unreadable");
  const file = admit(Uint8Array.from(body.bytes), [body.contentType], "");
  const page = wordlessPage();
  const draft = await draftOf({ file, page }, reader, ports, signal);
  const { hiddenFromProfessionals, invisibleToPatient } = parcel.visibility;
  return {
    ...draft,
    type: (header.type.code === undefined ? undefined : findDocumentType(header.type.code)) ?? draft.type,
    title: header.title,
    actDate: (header.act?.start ?? header.effectiveTime).slice(0, 10),
    visibility: hiddenFromProfessionals ? "hidden" : invisibleToPatient ? "announcement" : "normal",
    repairs: rowId,
  };
}

async function cdaDraft(
  file: CapturedFile,
  reader: ReaderPort,
  ports: Pick<PanelPorts, "openPdf" | "imagePixels" | "today">,
  signal: AbortSignal,
): Promise<Draft> {
  const reading = await reader.cda(file.bytes);
  if (!reading.ok) throw new Problem(reading.code, { detail: reading.detail });
  const { header, body, xml, narrative, ...within } = reading;
  const isPdf = body?.contentType === "application/pdf";
  // A body that does not open is still filed as it is: only the picture is missing.
  const pdf = isPdf ? await ports.openPdf(body.bytes.slice()).catch((): OpenPdf | undefined => undefined) : undefined;
  // Whoever wrote the header may have put it around another patient's letter: the words are asked too.
  const unread = { text: "", isWhole: false, pictured: [], enclosed: [] };
  const words =
    pdf !== undefined
      ? await pdf.text(signal).catch(() => unread)
      : isPdf
        ? unread
        : { ...(body === undefined ? asWords(narrative) : await wordsOf(body)), pictured: [], enclosed: [] };
  const { text, isWhole, pictured } = words;
  const { found, others, mentions } = await namedIn(text, reader);
  const labels = await labelsOfBody(pdf, { body, named: [header.patient], pictured }, reader, ports);
  const enclosed = await readEnclosed([...within.enclosed, ...words.enclosed], {
    reader,
    openPdf: ports.openPdf,
    signal,
  });
  return {
    file,
    pdf,
    cda: { header, xml },
    text,
    ...toldBy({ text, found, others }, enclosed),
    evidence: {
      document: [header.patient, ...found.map(({ traits }) => traits), ...enclosed.flatMap((one) => one.people)],
      page: [],
      typed: undefined,
      patients: [...patientsIn(found), ...enclosed.flatMap((one) => one.patients)],
      // The header says more than a label that agrees with it.
      labels: labels.filter(({ traits }) => traits.ins?.value !== header.patient.ins?.value),
      isPartlyRead: !isWhole || !enclosed.every(({ isRead }) => isRead),
      isHeaderAlone: isPdf
        ? pictured.some((page) => labels.every((label) => label.page !== page))
        : body !== undefined && text.trim() === "" && labels.length === 0,
      others: [...others, ...enclosed.flatMap((one) => one.others)],
      mentions: [...placedMentions(text, mentions), ...enclosed.flatMap((one) => one.mentions)],
      today: ports.today(),
    },
    identity: { name: "missing" },
    isConfirmed: false,
    proposals: [],
    type: header.type.code === undefined ? undefined : findDocumentType(header.type.code),
    title: header.title,
    actDate: (header.act?.start ?? header.effectiveTime).slice(0, 10),
    visibility: "normal",
    earlier: undefined,
    earlierChoice: undefined,
  };
}

interface Named {
  readonly found: readonly FoundIdentity[];
  readonly others: readonly OtherSubject[];
  readonly mentions: readonly NameMention[];
}

/** The places that a person is shown: the document's own, then those of the files within it. */
function toldBy(
  { text, found, others }: { readonly text: string } & Pick<Named, "found" | "others">,
  enclosed: readonly ReadEnclosed[],
): Pick<Draft, "places" | "placesOfOthers" | "enclosed"> {
  return {
    enclosed,
    places: [...placesOf(text, found), ...enclosed.flatMap(({ places }) => places)],
    placesOfOthers: [...placesOfOthers(text, others), ...enclosed.flatMap((one) => one.placesOfOthers)],
  };
}

/** Whom a text names, and whether it speaks of somebody else by them. */
async function namedIn(text: string, reader: Pick<ReaderPort, "identities" | "others" | "mentions">): Promise<Named> {
  if (text.trim() === "") return { found: [], others: [], mentions: [] };
  const [found, others, mentions] = await Promise.all([
    reader.identities(text),
    reader.others(text),
    reader.mentions(text),
  ]);
  return { found, others, mentions };
}

/** Pages without words that are looked at for one. */
const mostPictured = 4;

/** From 1. */
type LabelOfPage = PlacedLabel & { readonly page: number };

/**
 * The INS datamatrix codes of a PDF: of its first pages when no words give a number that holds (a scan, a label), and of those
 * without words, which may be another patient's. Reading pixels takes a few tenths of a second, so a document that says its
 * number in words, and is all words, is not made to wait.
 */
async function labelsOf(
  pdf: OpenPdf,
  { named, pictured }: { readonly named: readonly IdentityTraits[]; readonly pictured: readonly number[] },
  reader: Pick<ReaderPort, "codes">,
): Promise<readonly LabelOfPage[]> {
  const isNumbered = named.some(({ ins }) => ins !== undefined && checkInsKey(ins.value));
  // A label stands on the first page, or on its back.
  const first = isNumbered ? [] : [1, 2].slice(0, Math.min(pdf.pageCount, 2));
  const labels: LabelOfPage[] = [];
  for (const page of new Set([...first, ...pictured.slice(0, mostPictured)])) {
    // A page that cannot be drawn has no code to read; its words were read all the same.
    const pixels = await pdf.pixels(page).catch((): undefined => undefined);
    const found = pixels === undefined ? [] : await reader.codes(pixels);
    labels.push(...found.map((traits) => ({ traits, page, isOnPicture: pictured.includes(page) })));
  }
  return labels;
}

/** The pages or the picture that a CDA carries: another patient's scan may stand under the header. */
async function labelsOfBody(
  pdf: OpenPdf | undefined,
  {
    body,
    ...within
  }: {
    readonly body: { readonly contentType: string; readonly bytes: Uint8Array } | undefined;
    readonly named: readonly IdentityTraits[];
    readonly pictured: readonly number[];
  },
  reader: Pick<ReaderPort, "codes">,
  ports: Pick<PanelPorts, "imagePixels">,
): Promise<readonly LabelOfPage[]> {
  if (pdf !== undefined) return labelsOf(pdf, within, reader);
  if (body === undefined) return [];
  return labelsOfImage({ contentType: body.contentType, bytes: body.bytes.slice() }, reader, ports);
}

async function labelsOfImage(
  { contentType, bytes }: { readonly contentType: string; readonly bytes: Uint8Array<ArrayBuffer> },
  reader: Pick<ReaderPort, "codes">,
  ports: Pick<PanelPorts, "imagePixels">,
): Promise<readonly LabelOfPage[]> {
  const pixels = contentType === "image/jpeg" ? await ports.imagePixels(bytes, contentType) : undefined;
  const found = pixels === undefined ? [] : await reader.codes(pixels);
  return found.map((traits) => ({ traits, page: 1, isOnPicture: true }));
}

async function fileable(file: CapturedFile, ports: Pick<PanelPorts, "imageToPdf">): Promise<CapturedFile> {
  if (file.kind !== "image") return file;
  const bytes = await ports.imageToPdf(file.bytes, file.contentType);
  return {
    kind: "pdf",
    contentType: "application/pdf",
    bytes,
    fileName: file.fileName,
    calledOnPage: file.calledOnPage,
  };
}
