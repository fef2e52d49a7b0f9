import type { WrapInput } from "@carnet/sdk/cda";
import type { FoundIdentity, IdentityTraits, Ins, NameMention, OtherSubject } from "@carnet/sdk/identity";
import type { DocumentType } from "@carnet/sdk/terminology";
import type { Candidate, Capture } from "../capture/capture.ts";
import type { PlacedDownload } from "../capture/downloads.ts";
import type { PageContext } from "../capture/page-context.ts";
import type { PlacedTab } from "../capture/tabs.ts";
import type { Target } from "../capture/target.ts";
import type { OpenPdf } from "../identify/pdf.ts";
import type { Pixels } from "../identify/pixels.ts";
import type { CdaReading } from "../identify/read-cda.ts";
import type { Compared, Earlier } from "../outbox/earlier.ts";
import type { ListedRow } from "../outbox/outbox.ts";
import type { Room } from "../outbox/room.ts";
import type { Label, Parcel, Trace } from "../outbox/row.ts";
import type { SignedIn } from "../platform/session.ts";

/** The record's answer to "may this be filed?" (TD0.2). */
export interface RecordAnswer {
  readonly state: "none" | "open" | "closed";
  readonly traits: IdentityTraits | undefined;
  /** The record's own system for this number. */
  readonly ins: Ins;
}

/** A file dropped or chosen: what of a `File` is asked. Its bytes are read once its size is known to fit. */
export type DroppedFile = Pick<File, "name" | "type" | "size" | "arrayBuffer">;

/** Reading of one document, in a worker that lives as long as the draft. */
export interface ReaderPort {
  identities(text: string): Promise<readonly FoundIdentity[]>;
  /** Words by which the text is about a child, a twin or a relative of whom it names. */
  others(text: string): Promise<readonly OtherSubject[]>;
  /** Names, short birth dates and ages that may be somebody else's. */
  mentions(text: string): Promise<readonly NameMention[]>;
  /** Identities in the INS datamatrix codes of these pixels. */
  codes(pixels: Pixels): Promise<readonly IdentityTraits[]>;
  cda(bytes: Uint8Array<ArrayBuffer>): Promise<CdaReading>;
  wrap(input: WrapInput): Promise<string>;
  close(): void;
}

/** What the panel needs of the browser, the service and the disk. */
export interface PanelPorts {
  capture(target: Target, signal: AbortSignal): Promise<Capture>;
  captureCandidate(target: Target, candidate: Candidate, page: PageContext, signal: AbortSignal): Promise<Capture>;
  /** Tabs of the tool at this origin, in this window. */
  tabsOf(windowId: number, origin: string): Promise<readonly PlacedTab[]>;
  recentDownloads(): Promise<readonly PlacedDownload[]>;
  captureDownload(download: PlacedDownload, signal: AbortSignal): Promise<Capture>;
  /** The page as it is now; undefined when it cannot be read (the tab is the document itself). */
  pageNow(target: Target): Promise<PageContext | undefined>;
  /** Whether the tab still holds the very document that was captured. */
  isSameDocument(target: Target, page: PageContext): Promise<boolean>;
  openReader(): ReaderPort;
  openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf>;
  /** Draws an image the record does not take (PNG…) into a PDF. */
  imageToPdf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Several images as one PDF, a page each. */
  imagesToPdf(
    images: readonly { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string }[],
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** An image as pixels; undefined when the browser cannot draw it. */
  imagePixels(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<Pixels | undefined>;
  /** `isExact`: the document itself names the system of its number (a CDA does, a printed number does not). */
  record(ins: Ins, options: { isExact: boolean; signal: AbortSignal }): Promise<RecordAnswer>;
  /** Runs `work` when no other window of the extension is within it. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  enqueue(entry: {
    owner: string;
    serviceUrl: string;
    uniqueId: string;
    parcel: Parcel;
    label: Label;
    trace: Trace;
    instead?: string;
  }): Promise<string>;
  /** Content of a refused document of this person. */
  openRefused(id: string, owner: string): Promise<Parcel | undefined>;
  /** What this person sent before for this patient and is alike. */
  earlier(sender: SignedIn, compared: Compared): Promise<Earlier | undefined>;
  ring(): Promise<void>;
  rows(owner: string): Promise<readonly ListedRow[]>;
  /** How many documents did not leave yet, whoever sent them. */
  waiting(): Promise<number>;
  room(): Promise<Room>;
  today(): string;
  now(): Date;
  defaultType: DocumentType | undefined;
}
