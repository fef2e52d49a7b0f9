import type { Bundle, Coding, Communication, DocumentReference, Meta } from "fhir/r4.js";
import type { WrapInput } from "../cda/write/index.ts";
import type { CallOptions, Progress } from "../fhir/http/index.ts";
import type { IdentityTraits, Ins } from "../identity/index.ts";

/** State of a record and of the caller's right to read it (TD0.2; R25, R55). */
export interface RecordStatus {
  /** `none`: no record; `closed`: see `closure`. */
  readonly state: "none" | "open" | "closed";
  /** Date (ISO 8601), coded motive and free reason of the closure (R17). */
  readonly closure?: { readonly date?: string; readonly motive?: string; readonly reason?: string };
  /**
   * `none`: ask the patient, then `authorise()`; `forbidden`: the patient blocked the caller (R59), or the caller never
   * consults whatever the patient agrees to: `neverConsults` says by which rule.
   */
  readonly authorisation: "valid" | "none" | "expired" | "forbidden";
  /** Number of the rule that keeps this caller from ever consulting: `R79` (secretary), `R65`, `R50`. */
  readonly neverConsults?: string;
  /** The caller is the DMP referring doctor (médecin traitant DMP, R62). */
  readonly isReferringDoctor: boolean;
  /** The record is attached to Mon espace santé (R5). */
  readonly isAttachedToMes: boolean;
  /** Identity held by the record: to compare, never to display (R41). */
  readonly traits?: IdentityTraits;
  /** Logical id of the Patient resource. */
  readonly patientId?: string;
}

/** Who wrote a document. */
export interface DocumentAuthor {
  readonly name: string;
  /** National id: `8` and the 11 digits of the RPPS. */
  readonly rpps?: string;
  /** Code of the profession, as the document gives it. */
  readonly profession?: string;
  readonly organization?: string;
}

/** One document of the record as a list shows it (TD3.1). */
export interface DocumentEntry {
  /** Logical id of the DocumentReference. */
  readonly id: string;
  /** Unique id given by the producer: `urn:oid:…` or `urn:uuid:…` (R106). */
  readonly uniqueId: string;
  /** Counts the changes of metadata. */
  readonly versionId: string;
  readonly title: string;
  readonly type: Coding;
  readonly category: Coding;
  /** Creation by the producer, ISO 8601 (R105). */
  readonly date: string;
  /** Start of the act, ISO 8601. */
  readonly actStart?: string;
  readonly authors: readonly DocumentAuthor[];
  /** Media type of the content. */
  readonly contentType: string;
  /** Bytes. */
  readonly size?: number;
  readonly status: "current" | "superseded";
  /** Hidden from professionals (masqué, R140). */
  readonly isHidden: boolean;
  readonly isInvisibleToPatient: boolean;
  readonly isInvisibleToRepresentatives: boolean;
  readonly isArchived: boolean;
  /** The caller is the author, when the service says so. */
  readonly isOwn?: boolean;
  /** Where the words stand, when a text was searched for. */
  readonly excerpts?: readonly TextExcerpt[];
  readonly resource: DocumentReference;
}

/** A piece of a document's text, with the places of what was searched for: UTF-16 units, the end not included. */
export interface TextExcerpt {
  readonly text: string;
  readonly matches: readonly { readonly start: number; readonly end: number }[];
}

/** What to search for; every field narrows. Default: current documents, archived ones left out. */
export interface DocumentFilter {
  /** Default `current` (R125). */
  readonly status?: "current" | "superseded" | "all";
  /** Type codes, `code` or `system|code`. */
  readonly type?: string | readonly string[];
  /** Class codes, `code` or `system|code`. */
  readonly category?: string | readonly string[];
  /** Creation not before this ISO date. */
  readonly createdFrom?: string;
  /** Creation not after this ISO date. */
  readonly createdTo?: string;
  /** Act not before this ISO date. */
  readonly actFrom?: string;
  /** Act not after this ISO date. */
  readonly actTo?: string;
  readonly authorFamily?: string;
  readonly format?: string;
  readonly setting?: string;
  readonly facility?: string;
  readonly securityLabel?: string;
  /** Unique id (TD3.1b). */
  readonly uniqueId?: string;
  /** Logical ids, archived documents included; for example that of the version which a document replaces. */
  readonly id?: string | readonly string[];
  /** True: archived ones only. */
  readonly isArchived?: boolean;
  /**
   * Every word, in any form, in titles, authors and texts; `"as written"`, `begin*`; 1 to 20 words. Sent as a form, so
   * that the words stand in no address.
   */
  readonly text?: string;
  /** Metadata changed at or after this instant. */
  readonly changedSince?: string;
  /** FHIR `changed`, for services whose pages hold a position (docs/wire.md): what changed after it, whatever clocks showed. */
  readonly changed?: string;
  /** FHIR `_sort`. Default `-date`. */
  readonly sort?: string;
  /** Documents per page, 1 to 200. Default 50. */
  readonly pageSize?: number;
}

/** Lazy list: a page is asked for only when the loop reaches it. */
export interface DocumentList extends AsyncIterable<DocumentEntry> {
  /** One page after the other; `answeredAt` is the service's time, where it says it (ISO 8601), `meta` that of its answer. */
  pages(): AsyncIterable<{
    readonly documents: readonly DocumentEntry[];
    readonly total?: number | undefined;
    readonly answeredAt?: string | undefined;
    readonly meta?: Meta | undefined;
  }>;
  /** Every document, up to `limit` (default: all). */
  toArray(options?: { readonly limit?: number }): Promise<DocumentEntry[]>;
}

/** Bytes of a document as the record gives them, checked against the hash of the metadata when there is one (TD3.2). */
export interface DocumentContent {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly etag?: string;
}

/** What `read` accepts. */
export interface ReadOptions extends CallOptions {
  /** Told how much of the content has come. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A content that comes as it is read; it ends with InvalidAnswer when it is not the content of the metadata (hash). */
export interface DocumentStream {
  readonly contentType: string;
  /** Bytes, when the metadata say it. */
  readonly size?: number;
  readonly body: ReadableStream<Uint8Array>;
}

/** What `export` accepts. */
export interface ExportOptions extends CallOptions {
  /** Told how much of the copy has come, as `body` is read. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A copy of the whole record on its way (R171): a ZIP that opens on a page in plain words. */
export interface RecordArchive {
  /** `mon-carnet-2026-11-28.zip`. */
  readonly fileName: string;
  /** Bytes, when the server says it. */
  readonly size?: number;
  /** The bytes as they come: `new Response(archive.body).blob()` in a page, a file in Node.js. Cancel it to stop. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Whom a deposit is kept from (R140). */
export interface Visibility {
  readonly hiddenFromProfessionals?: boolean;
  readonly invisibleToPatient?: boolean;
  readonly invisibleToRepresentatives?: boolean;
}

/** A coded value with its FHIR system uri. */
export interface Code {
  readonly code: string;
  readonly system?: string;
  readonly display?: string;
}

/** Author of a document that has no CDA header. */
export interface AuthorMetadata {
  /** National id: `8` and the 11 digits of the RPPS; absent for a patient's own document. */
  readonly rpps?: string;
  readonly family?: string;
  readonly given?: string;
  /** Civility: M, MME. */
  readonly prefix?: string;
  /** Professional title: DR, PR. */
  readonly suffix?: string;
  /** TRE_G15 profession, `10` or `G15_10`. */
  readonly profession?: string;
  readonly specialty?: string;
  /** National structure id with its prefix (1 FINESS, 3 SIRET). */
  readonly organization?: { readonly id?: string; readonly name?: string };
  /** The patient is the author. */
  readonly isPatient?: boolean;
  /** A device or an automaton is the author. */
  readonly deviceName?: string;
}

/** Metadata of a document that does not carry its own (R104). */
export interface DocumentMetadata {
  readonly uniqueId: string;
  readonly title: string;
  readonly type: Code;
  /** Class (R101). Default: the one of the type. */
  readonly category?: Code;
  /** Creation, ISO 8601 with a time zone. */
  readonly date: string;
  readonly act: { readonly start: string; readonly end?: string; readonly code?: Code };
  readonly patient: IdentityTraits;
  readonly authors: readonly AuthorMetadata[];
  readonly custodian?: { readonly id?: string; readonly name?: string };
  readonly facilityType: Code;
  readonly practiceSetting: Code;
  /** Default: from the content type. */
  readonly format?: Code;
  /** `N` (default), `R` or `V`. */
  readonly confidentiality?: string;
  /** Default `fr-FR`. */
  readonly language?: string;
}

interface DepositCommon {
  readonly visibility?: Visibility;
  /** Unique id of the lot: `urn:oid:…` or `urn:uuid:…`. Default: derived from the document, so that a repeat is the same lot. */
  readonly submissionSetId?: string;
}

/** What to deposit (TD2). A CDA carries its metadata; the other kinds bring them. */
export type DepositInput =
  | (DepositCommon & {
      readonly kind: "cda";
      readonly xml: string;
      /** The file's own bytes. Default: `xml` in the encoding that it declares (UTF-8 or ISO-8859-1). */
      readonly content?: Uint8Array;
    })
  | (DepositCommon & { readonly kind: "wrap"; readonly input: WrapInput })
  | (DepositCommon & { readonly kind: "fhir"; readonly bundle: Bundle; readonly metadata: DocumentMetadata })
  | (DepositCommon & {
      readonly kind: "raw";
      readonly content: Uint8Array;
      readonly contentType: string;
      readonly metadata: DocumentMetadata;
    });

/** What `deposit` and `replace` accept beside the call options. */
export interface DepositOptions extends CallOptions {
  /**
   * The depositor has read the warning about a sensitive document and asked the patient: the subjects that
   * `AcknowledgementRequired` named, or `true` for software that asks beforehand. Default: none.
   */
  readonly acknowledgeSensitive?: true | readonly string[];
  /** Told how much of the request has left; begins again when it is sent again. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Proof that the record holds the document. It exists only after the record has stored it. */
export interface Receipt {
  readonly id: string;
  readonly uniqueId: string;
  readonly location: string;
  readonly submissionSetId: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** The same document was there already; nothing was added. */
  readonly alreadyInRecord: boolean;
}

/** A document by its entry, its receipt, or its logical id. */
export type DocumentHandle = DocumentEntry | Receipt | string;

/** What changed since the cursor (R130–R133). A document stands in one list only. */
export interface RecordChanges {
  /** New documents, newest first; the last version of each chain of replacements. */
  readonly added: readonly DocumentEntry[];
  /** A document of a former opening, now superseded, and what replaces it. */
  readonly replaced: readonly { readonly previousId: string; readonly document: DocumentEntry }[];
  /** Documents whose confidentiality or archive flag changed. Without `held`, one may be new to you: shown to you again. */
  readonly changed: readonly DocumentEntry[];
  /** Of `held`: ids that the caller sees no more, deleted or hidden (which of them is never told, R145). */
  readonly gone: readonly string[];
  /** Store it; give it to the next call. Opaque. */
  readonly cursor: string;
}

/** What `changes` accepts beside the call options. */
export interface ChangesOptions extends CallOptions {
  /** Years of acts read at the first opening. Default 2 (R130). */
  readonly firstYears?: number;
  /** Ids of the documents that you hold: with them, what is gone is told too, and what is shown again is `added`. */
  readonly held?: readonly string[];
  /** True for a uniqueId that already came another way (secure mail): it is left out (R133). */
  readonly isKnown?: (uniqueId: string) => boolean;
}

/** A change that the caller may make of one document (R117 to R124, R142 to R152). */
export type DocumentRight =
  | "hide"
  | "show"
  | "show-to-patient"
  | "show-to-representatives"
  | "hide-from-representatives"
  | "archive"
  | "unarchive"
  | "delete"
  | "replace";

/** A professional or a structure, by national identifier. */
export interface WhoOptions {
  /** National id of the professional: `8` and the 11 digits of the RPPS. */
  readonly rpps?: string | undefined;
  /** National id of the structure, with its prefix (1 FINESS, 3 SIRET). */
  readonly structure?: string | undefined;
  /** Shown in the patient's lists. */
  readonly name?: string | undefined;
}

/** Whom an authorisation is for and how it was obtained (TD0.3). Default: the caller. */
export interface AuthoriseOptions extends CallOptions, WhoOptions {
  /** Also declare the caller as DMP referring doctor (R62). Refused where only the patient gives that role (R64), the default. */
  readonly asReferringDoctor?: boolean;
  /** Ends at this ISO instant: earlier than the usual year, never later (R56). */
  readonly until?: string;
  /** How the patient agreed ("oral agreement at the consultation"); kept with the authorisation (R54). */
  readonly proof?: string;
}

export interface AccessLogOptions extends CallOptions {
  /** Not before, not after: ISO dates. */
  readonly from?: string;
  readonly to?: string;
  /** National id of one person or structure. */
  readonly agent?: string;
  /** `0` granted, `4` refused. */
  readonly outcome?: "0" | "4";
}

/** What is there once, however often it is sent under its number. */
export interface Numbered {
  /**
   * `urn:uuid:…` or `urn:oid:…`, to give again when it is sent again after an answer that was lost. Default: a new one for
   * each call, so that the call itself may try again.
   */
  readonly number?: string;
}

/** A message to send (R166). A professional opens the exchange; the patient answers, or writes to a pharmacist already seen. */
export interface MessageInput extends Numbered {
  /** At most 10 000 characters. */
  readonly text: string;
  readonly topic?: string;
  /** National id of the pharmacist, when the patient writes first. */
  readonly to?: string;
  /** First message of the exchange. */
  readonly inResponseTo?: Communication | string;
  /** At most five: PDF, JPEG, PNG, TIFF, RTF or text, 5 MB each. */
  readonly attachments?: readonly {
    readonly bytes: Uint8Array;
    readonly contentType: string;
    readonly title?: string;
  }[];
}

/** An appointment or a reminder (R167). */
export interface AppointmentInput extends Numbered {
  /** Default `appointment`. */
  readonly kind?: "appointment" | "reminder" | "examination";
  /** ISO instant. */
  readonly start: string;
  readonly end?: string;
  readonly description?: string;
  readonly comment?: string;
  /** ISO instant; at most ten reminders a day. */
  readonly remindAt?: string;
  readonly isCancelled?: boolean;
}

/** Somebody to act or read for the holder (R10, R14). */
export interface RelativeInput {
  readonly role: "parent" | "carer";
  readonly ins: Ins;
  readonly name: string;
  /** ISO date; a carer's end. */
  readonly until?: string;
  /** The holder's side attests the role: required. */
  readonly isAttested: boolean;
}

/** The switches of the whole record (R73, R74, R146). */
export interface AccessPreferences {
  readonly allowsDispatch: boolean;
  readonly allowsBreakGlass: boolean;
  readonly allowsHiddenInEmergency: boolean;
  /** True hides all that is there and all that comes. */
  readonly hidesDocuments: boolean;
}

/** What may be done to several documents at once (R122, R147). */
export type BulkChange =
  | "hide"
  | "show"
  | "archive"
  | "unarchive"
  | "hide-from-representatives"
  | "show-to-representatives"
  | "delete";

/** What a professional must have understood, and when it is to be shown again (R68). */
export interface ProfessionalInformation {
  readonly isDue: boolean;
  /** ISO instant. */
  readonly dueAt: string;
  readonly acknowledgedAt?: string;
  readonly text: string;
}

/** Published figures (R212); `null` for a cell under the threshold (R214). */
export interface Indicators {
  /** ISO instant. */
  readonly countedAt: string;
  readonly threshold: number;
  readonly tables: readonly {
    readonly id: string;
    readonly kind: "partition" | "overlapping";
    readonly cells: readonly { readonly id: string; readonly count: number | null }[];
    readonly total: number | null;
  }[];
}
