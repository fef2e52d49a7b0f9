import type { Appointment, AuditEvent, Bundle, Communication, Consent, List, Patient, RelatedPerson } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import type { Ins } from "../identity/index.ts";
import type { AccessMode } from "./context.ts";
import type {
  AccessLogOptions,
  AccessPreferences,
  AppointmentInput,
  AuthoriseOptions,
  BulkChange,
  ChangesOptions,
  DepositInput,
  DepositOptions,
  DocumentContent,
  DocumentEntry,
  DocumentFilter,
  DocumentHandle,
  DocumentList,
  DocumentRight,
  DocumentStream,
  ExportOptions,
  MessageInput,
  Numbered,
  ReadOptions,
  Receipt,
  RecordArchive,
  RecordChanges,
  RecordStatus,
  RelativeInput,
  WhoOptions,
} from "./types.ts";

/**
 * One person's record: every DMP task is one verb. Each may throw the common errors (`Offline`, `Timeout`, `Unauthorised`,
 * `TooManyRequests`, `Unavailable`, `InvalidAnswer`), all but `status` also `RecordNotFound` and `RecordClosed`, and, on
 * another FHIR server, `NotSupported`; those beside are named.
 */
export interface RecordHandle {
  readonly ins: Ins;

  /**
   * The same record in another mode (R70), through the same connection. Nothing is asked yet: an emergency refused
   * (R71 to R77) is told by the first verb. In an emergency nothing is declared or masked (R75), and the patient is told (R76).
   * Throws nothing by itself.
   *
   * @example
   * const urgent = record.inMode({ purposeOfUse: "BTG", reason: "Unconscious, no relative to ask" });
   * const summary = await urgent.summary();
   */
  inMode(mode: AccessMode): RecordHandle;

  /** TD0.2: exists? open? may I read it? R25, R55. Throws nothing for "no record" or "closed". */
  status(options?: CallOptions): Promise<RecordStatus>;

  /**
   * TD0.3: declares the patient's consent, given by any means (R53, R54), for the caller or a colleague. It opens
   * consultation only; depositing needs none (R57). A colleague's `rpps` or `structure` that holds nothing is a `TypeError`:
   * the agreement would be the caller's own.
   * @throws AccessRefused blocked (R59), emergency mode (R75), referring doctor (R64); RecordClosed, RecordNotFound
   */
  authorise(options?: AuthoriseOptions): Promise<void>;
  /** TD0.3: the caller gives up their own authorisation (R61). Nothing to give up is no error; nobody else's ends. Throws nothing but the common errors. */
  renounce(options?: CallOptions): Promise<void>;
  /** TD1.6: authorisations and blocks: a professional sees their own, the patient and the referring doctor all (R60). @throws AccessRefused (R79) */
  consents(options?: CallOptions): Promise<Consent[]>;
  /** TD0.3: ends one authorisation, block or choice about a document (R54). Gone already is no error. @throws AccessRefused */
  withdraw(consent: Consent | string, options?: CallOptions): Promise<void>;
  /** When an authorisation ends (R56); `undefined` gives the usual length again. Patient only. @throws AccessRefused, DocumentRejected */
  endAuthorisation(consent: Consent | string, until: string | undefined, options?: CallOptions): Promise<void>;
  /** TD0.3: makes somebody DMP referring doctor (R62). The patient alone gives the role (R64). @throws AccessRefused */
  setReferringDoctor(who: WhoOptions, options?: CallOptions): Promise<void>;
  /** Shows somebody as referring midwife or corresponding pharmacist (R69); opens nothing. @throws AccessRefused */
  setCareRole(
    who: WhoOptions,
    role: "referring-midwife" | "corresponding-pharmacist",
    options?: CallOptions,
  ): Promise<void>;
  /** TD0.3: blocks somebody, who may still deposit (R59). The patient, or the referring doctor for them. @throws AccessRefused */
  block(who: WhoOptions, options?: CallOptions): Promise<void>;
  /** TD0.3: lifts a block; reading needs a new agreement (R59). @throws AccessRefused */
  unblock(who: WhoOptions, options?: CallOptions): Promise<void>;
  /**
   * Keeps one document, all its versions, from somebody, or from every emergency access for good. Patient's side only;
   * `withdraw` ends the first, nothing ends the second. R74, R145.
   * @throws AccessRefused, DocumentNotFound
   */
  withhold(document: DocumentHandle, from: WhoOptions | "emergencies", options?: CallOptions): Promise<void>;

  /** TD3.1: the documents, newest first, page after page (R125). @throws ConsentRequired, AccessRefused, RecordClosed, RecordNotFound */
  documents(filter?: DocumentFilter, options?: CallOptions): DocumentList;
  /**
   * TD3.2: the bytes, checked against their hash (R126).
   * @throws DocumentNotFound also for what is hidden (R145), ConsentRequired, AccessRefused, InvalidAnswer (damaged content)
   */
  read(document: DocumentHandle, options?: ReadOptions): Promise<DocumentContent>;
  /**
   * TD3.2: the same as it comes, never whole in memory; taken up where the line broke (`Range`). `body` ends with
   * InvalidAnswer when it does not match its hash: show nothing of it before its end. @throws as `read`
   */
  stream(document: DocumentHandle, options?: ReadOptions): Promise<DocumentStream>;
  /** TD3.2: many contents in the order given, a few read ahead (`parallel`, default 4). @throws as `read`, when its turn comes */
  readAll(
    documents: Iterable<DocumentEntry> | AsyncIterable<DocumentEntry>,
    options?: ReadOptions & { readonly parallel?: number },
  ): Promise<AsyncIterable<{ readonly document: DocumentEntry; readonly content: DocumentContent }>>;
  /** TD2: deposits one document (R114); the same uniqueId never twice (R116). @throws IdentityMismatch (R40), DocumentRejected, AcknowledgementRequired, Conflict, RecordClosed, RecordNotFound, AccessRefused */
  deposit(input: DepositInput, options?: DepositOptions): Promise<Receipt>;
  /** TD2.1: deposits a new version; the former one stays readable as superseded (R117, R118). @throws as `deposit` */
  replace(previous: DocumentHandle, input: DepositInput, options?: DepositOptions): Promise<Receipt>;
  /** TD3.3a: hides from professionals (masquer, R142). @throws AccessRefused, Conflict, DocumentNotFound */
  hide(document: DocumentHandle, options?: CallOptions): Promise<DocumentEntry>;
  /** TD3.3a: shows to professionals again (démasquer, R143). @throws AccessRefused, Conflict, DocumentNotFound */
  show(document: DocumentHandle, options?: CallOptions): Promise<DocumentEntry>;
  /** TD3.3b: visible to the patient, to the legal representatives (R148, R149); fields left out stay. @throws AccessRefused */
  setPatientVisibility(
    document: DocumentHandle,
    visibility: { readonly patient?: boolean; readonly representatives?: boolean },
    options?: CallOptions,
  ): Promise<DocumentEntry>;
  /** TD3.3d: out of the default list (archiver, R119). @throws AccessRefused, DocumentNotFound */
  archive(document: DocumentHandle, options?: CallOptions): Promise<DocumentEntry>;
  /** TD3.3d: back into the default list (R119). @throws AccessRefused, DocumentNotFound */
  unarchive(document: DocumentHandle, options?: CallOptions): Promise<DocumentEntry>;
  /** TD3.3c: deletes logically (supprimer): author, or the patient for their own (R120 to R122). @throws AccessRefused */
  remove(document: DocumentHandle, options?: CallOptions): Promise<void>;
  /** Several documents at once, all or none; ten at most for `delete` (R122, R147). Patient's side only. @throws AccessRefused */
  changeDocuments(change: BulkChange, documents: readonly DocumentHandle[], options?: CallOptions): Promise<void>;
  /** What the caller may change of a document now (R117 to R124, R142 to R152); `undefined` where the server does not say: try. @throws AccessRefused */
  rights(document: DocumentHandle, options?: CallOptions): Promise<readonly DocumentRight[] | undefined>;
  /** What changed since the cursor; without one, the first opening (R130 to R133). @throws InvalidAnswer (foreign cursor), ConsentRequired, AccessRefused */
  changes(cursor?: string, options?: ChangesOptions): Promise<RecordChanges>;
  /** HL7 IPS: the patient summary; composed here where the server has no `$summary`. @throws ConsentRequired, AccessRefused, RecordClosed, RecordNotFound */
  summary(options?: CallOptions): Promise<Bundle>;
  /** Who did what (R180): the patient's side and the referring doctor see all, others their own (R181, R182). @throws RecordNotFound, RecordClosed */
  accessLog(options?: AccessLogOptions): Promise<AuditEvent[]>;
  /** R171, R183: the whole log as one file, a table (`csv`) or AuditEvents (`json`). The patient's side only. @throws AccessRefused */
  downloadAccessLog(options?: CallOptions & { readonly format?: "csv" | "json" }): Promise<DocumentContent>;

  /**
   * R171: a copy of the whole record as one ZIP: every document as it came in, the summary, authorisations, messages, the
   * access log. The holder and those who represent them.
   * @throws AccessRefused, RecordClosed, RecordNotFound; `body` ends with InvalidAnswer when less came than was said
   */
  export(options?: ExportOptions): Promise<RecordArchive>;

  /** Lots deposited (ITI-66, R114), with the documents that the caller may see. @throws ConsentRequired, AccessRefused */
  submissions(options?: CallOptions & { readonly from?: string }): Promise<List[]>;
  /** Folders (classeurs, R169): the patient's own, and those that came with deposits. @throws ConsentRequired, AccessRefused */
  folders(options?: CallOptions): Promise<List[]>;
  /** R169: the patient's side makes a folder. @throws AccessRefused, DocumentRejected */
  createFolder(title: string, documents: readonly DocumentHandle[], options?: CallOptions): Promise<List>;
  /** R169: other title, other documents; on the version that was read. @throws AccessRefused, Conflict */
  changeFolder(
    folder: List,
    change: { readonly title?: string; readonly documents?: readonly DocumentHandle[] },
    options?: CallOptions,
  ): Promise<List>;
  /** R169: removes the folder, not its documents. @throws AccessRefused */
  removeFolder(folder: List | string, options?: CallOptions): Promise<void>;
  /** R169: ids of the documents that the patient pinned; professionals see none (R170). @throws ConsentRequired, AccessRefused */
  pinned(options?: CallOptions): Promise<string[]>;
  /** R169: pins these documents and no others. @throws AccessRefused */
  pin(documents: readonly DocumentHandle[], options?: CallOptions): Promise<void>;

  /** R166: messages, newest first: a professional sees their own exchanges, the patient's side all. @throws AccessRefused */
  messages(options?: CallOptions): Promise<Communication[]>;
  /** R166: opens an exchange, or answers; sent again under its number it is there once. @throws AccessRefused, DocumentRejected, Conflict */
  sendMessage(message: MessageInput, options?: CallOptions): Promise<Communication>;
  /** R166: one file of a message, counted from 0. @throws DocumentNotFound */
  readAttachment(message: Communication, index: number, options?: CallOptions): Promise<DocumentContent>;
  /** R166: tells the sender that it was read. @throws AccessRefused (the sender's own) */
  markMessageRead(message: Communication | string, options?: CallOptions): Promise<void>;
  /** R166: the professional ends the exchange of this first message. @throws AccessRefused */
  endExchange(message: Communication | string, options?: CallOptions): Promise<void>;
  /** R186: the patient reports an access, a document or an application to the operator (signaler). @throws AccessRefused */
  report(
    about: { readonly resourceType: "AuditEvent" | "DocumentReference" | "HealthcareService"; readonly id?: string },
    text: string,
    options?: CallOptions & Numbered,
  ): Promise<Communication>;
  /** R190 to R196: notices to the patient's side, newest first, without medical content. @throws AccessRefused */
  notices(options?: CallOptions): Promise<Communication[]>;
  /** R193: which notices come by mail; those named in `change` are set first. @throws AccessRefused, DocumentRejected */
  noticePreferences(
    change?: Readonly<Record<string, boolean>>,
    options?: CallOptions,
  ): Promise<Readonly<Record<string, boolean>>>;

  /** R167: appointments and reminders by their start; professionals have no access (R170). @throws AccessRefused */
  appointments(options?: CallOptions & { readonly from?: string; readonly before?: string }): Promise<Appointment[]>;
  /** R167: examinations recommended for the age and sex. @throws AccessRefused */
  recommendedExaminations(options?: CallOptions): Promise<Appointment[]>;
  /** R167: added again under its number it is there once. @throws AccessRefused, DocumentRejected, Conflict (the number of another one) */
  addAppointment(appointment: AppointmentInput, options?: CallOptions): Promise<Appointment>;
  /** R167: sets all of it anew. @throws AccessRefused, DocumentRejected */
  changeAppointment(
    former: Appointment | string,
    appointment: AppointmentInput,
    options?: CallOptions,
  ): Promise<Appointment>;
  /** R167. @throws AccessRefused */
  removeAppointment(appointment: Appointment | string, options?: CallOptions): Promise<void>;

  /** TD1.3a: representatives; to the holder's side carers and former ones too (R13, R14). @throws RecordNotFound, RecordClosed */
  relatives(options?: CallOptions): Promise<RelatedPerson[]>;
  /** The second parent (R10), or a carer (R14), attested. Patient's side only. @throws AccessRefused, Conflict (too many) */
  addRelative(relative: RelativeInput, options?: CallOptions): Promise<RelatedPerson>;
  /** R10, R14: ends the role. @throws AccessRefused */
  removeRelative(relative: RelatedPerson | string, options?: CallOptions): Promise<void>;

  /** R73, R74, R146: the switches of the whole record; those named in `change` are set first. Patient's side only. @throws AccessRefused */
  accessPreferences(change?: Partial<AccessPreferences>, options?: CallOptions): Promise<AccessPreferences>;
  /** TD1.4: closes the record (R15); a professional gives a `reason` (R16). @throws AccessRefused */
  close(options?: CallOptions & { readonly motive?: string; readonly reason?: string }): Promise<Patient>;
  /** TD1.2: re-activates; all comes back (R21). @throws AccessRefused */
  reactivate(options?: CallOptions): Promise<Patient>;
  /** R20: asks for the deletion of a closed record. @throws AccessRefused */
  requestDeletion(options?: CallOptions): Promise<Patient>;
  /** R18: objects to a suspension. @throws AccessRefused */
  objectToSuspension(options?: CallOptions): Promise<Patient>;
  /** R7, R10: opens at once the record that was announced; for a child `isAttested`. The person, never software. @throws AccessRefused, RecordNotFound */
  open(options?: CallOptions & { readonly isAttested?: boolean }): Promise<Patient>;
  /** R3: no record, now or later. @throws Conflict where a record is there, until `isConfirmed`; then it is closed */
  oppose(options?: CallOptions & { readonly isConfirmed?: boolean }): Promise<void>;

  /** R168: consents to these purposes of an application; what was consented to before is replaced. @throws AccessRefused, DocumentRejected */
  allowApplication(application: string, purposes: readonly string[], options?: CallOptions): Promise<Consent>;
  /** R168: withdraws: refused from the next request on. @throws AccessRefused */
  stopApplication(application: string, options?: CallOptions): Promise<void>;
}
