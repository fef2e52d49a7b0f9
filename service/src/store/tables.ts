/** The rows of the record service, one interface per table, as the migrations create them. */
import type { Generated } from "kysely";

export interface RecordTable {
  record_id: string;
  ins_system: string;
  ins_value: string;
  state: "open" | "suspended" | "closed";
  birth_name: string;
  used_name: string | null;
  /** JSON array of strings. */
  birth_given_names: string;
  first_given_name: string;
  used_given_name: string | null;
  sex: "male" | "female" | "unknown";
  /** YYYY-MM-DD. */
  birth_date: string;
  birth_place_code: string | null;
  is_attached_to_mes: boolean;
  allows_dispatch: boolean;
  allows_break_glass: boolean;
  allows_masked_in_emergency: boolean;
  /** R146: what comes in is hidden from professionals. */
  hides_new_documents: Generated<boolean>;
  opened_at: Date;
  closed_at: Date | null;
  closure_motive: string | null;
  closure_reason: string | null;
  /** Grows with every change of a document or of its metadata. */
  version: Generated<number>;
  updated_at: Date;
  wrapped_key: Buffer;
  identity_status: Generated<"provisional" | "retrieved" | "validated" | "qualified">;
  /** R2, R7: how it was opened. */
  opened_through: Generated<"opt-out" | "person" | "operator">;
  /** R10: the parent to whom a child is attached. */
  attached_to_system: Generated<string | null>;
  attached_to_value: Generated<string | null>;
  suspended_at: Generated<Date | null>;
  suspension_reason: Generated<string | null>;
  objected_at: Generated<Date | null>;
  deletion_requested_at: Generated<Date | null>;
  /** YYYY-MM-DD. */
  died_on: Generated<string | null>;
}

/** The one act that waits for a record: its closure after a suspension (R18), its destruction (R19, R20). */
export interface RecordDueTable {
  record_id: string;
  act: "close" | "destroy";
  due_at: Date;
}

/** What stays of a destroyed record. R19, R20. */
export interface DestroyedRecordTable {
  record_id: string;
  destroyed_at: Date;
  cause: "archive-over" | "request";
  log_until: Date;
  log_removed_at: Date | null;
}

/** A person for whom a record will open unless opposed. R2. */
export interface InsuredPersonTable {
  ins_system: string;
  ins_value: string;
  /** JSON of what to open. */
  record: string;
  announced_at: Date;
  opens_at: Date;
}

/** Folded names and birth date of a record's holder, for the dispatch centre. R43. */
export interface PersonLookupTable {
  birth_date: string;
  family: string;
  given: string;
  record_id: string;
}

export interface RecordIdentityTable {
  ins_system: string;
  ins_value: string;
  record_id: string;
}

export interface OppositionTable {
  ins_system: string;
  ins_value: string;
  opposed_at: Date;
}

export interface RepresentativeTable {
  record_id: string;
  representative_id: string;
  ins_system: string;
  ins_value: string;
  name: string;
  kind: "parent" | "tutor" | "curator" | "mandatary" | "heir";
  started_at: Date;
  ended_at: Date | null;
  is_opener: Generated<boolean>;
  attested_at: Generated<Date | null>;
  added_by: Generated<string>;
}

/** R14. */
export interface CarerTable {
  record_id: string;
  carer_id: string;
  ins_system: string;
  ins_value: string;
  name: string;
  starts_at: Date;
  ends_at: Date;
  ended_at: Date | null;
  attested_at: Date;
  added_by: string;
}

export interface CarerOfTable {
  ins_system: string;
  ins_value: string;
  record_id: string;
  carer_id: string;
  ends_at: Date;
}

export interface RepresentativeOfTable {
  ins_system: string;
  ins_value: string;
  record_id: string;
}

export interface AuthorisationTable {
  record_id: string;
  authorisation_id: string;
  kind: "access" | "referring" | "block";
  subject_kind: "professional" | "structure";
  subject_id: string;
  subject_name: string;
  granted_at: Date;
  granted_by: string;
  expires_at: Date | null;
  ended_at: Date | null;
  last_action_at: Date;
  /** Professional who collected the agreement, when it is not the subject's own declaration (R53). */
  collected_by_name: Generated<string | null>;
  /** How the agreement was given, in the words of who collected it (R54). */
  proof: Generated<string | null>;
  care_role: Generated<CareRole | null>;
  /** R12: declared in a secret connection. */
  is_secret: Generated<boolean>;
}

/** R69: roles that are shown and open nothing by themselves. */
export type CareRole = "treating-doctor" | "referring-midwife" | "corresponding-pharmacist";

export interface DocumentRestrictionTable {
  record_id: string;
  restriction_id: string;
  document_id: string;
  kind: "withheld" | "never-in-emergency";
  /** Null for `never-in-emergency`. */
  subject_kind: "professional" | "structure" | null;
  subject_id: string | null;
  subject_name: string | null;
  created_at: Date;
  created_by: string;
  ended_at: Date | null;
}

export interface SubmissionSetTable {
  record_id: string;
  submission_set_id: string;
  unique_id: string;
  received_at: Date;
  date: Date;
  designation_type: string | null;
  source_family: string | null;
  source_given: string | null;
  source_id: string | null;
  resource: string;
  /** The version of the record that came with it. */
  record_version: Generated<number>;
}

export type DocumentStatus = "current" | "superseded" | "entered-in-error";

export interface DocumentTable {
  record_id: string;
  document_id: string;
  submission_set_id: string;
  version: number;
  received_at: Date;
  updated_at: Date;
  unique_id: string;
  set_id: string | null;
  set_version: number | null;
  status: DocumentStatus;
  type_code: string;
  type_system: string;
  class_code: string;
  class_system: string;
  format_code: string | null;
  format_system: string | null;
  facility_code: string | null;
  practice_code: string | null;
  event_codes: string[];
  related_ids: string[];
  date: Date;
  creation: Date | null;
  act_start: Date;
  act_end: Date | null;
  confidentiality: string;
  is_hidden: boolean;
  is_invisible_to_patient: boolean;
  is_invisible_to_representatives: boolean;
  is_archived: boolean;
  /** RPPS and structure ids. */
  withheld_from: string[];
  is_never_in_emergency: boolean;
  patient_sees_from: Date | null;
  author_kind: "professional" | "patient" | "structure" | "device" | "insurance";
  author_ids: string[];
  author_structure_ids: string[];
  author_families: string[];
  author_givens: string[];
  depositor_kind: "professional" | "patient" | "establishment";
  depositor_id: string;
  depositor_structure_id: string | null;
  replaces: string | null;
  content_type: string;
  size: number;
  /** SHA-1 of the content in base64, as FHIR's `Attachment.hash`. */
  sha1: string;
  blob_id: string;
  /** The DocumentReference as it is sent, JSON text. */
  resource: string;
  /** The version that its last change gave to the record: the order of changes, whatever clocks show. */
  record_version: Generated<number>;
}

/** R148: what is due for a result that waits for its announcement. */
export interface AnnouncementTable {
  record_id: string;
  document_id: string;
  step: "notice" | "show";
  due_at: Date;
}

export interface DocumentFactTable {
  record_id: string;
  document_id: string;
  reader_version: number;
  state: "read" | "none" | "failed";
  /** Error code of the reader, never a value of the document. */
  failure: string | null;
  facts: string | null;
}

/** Further columns of `document_fact`, written by the job that reads texts for searching. */
export interface DocumentTextColumns {
  /** 0: not read yet. */
  text_version: number;
  /** Code of the reader, never a value of the document. */
  text_failure: string | null;
  /** What was read, for excerpts. */
  body: string | null;
  /** tsvector: title, authors, body; French stems without accents. */
  words: string | null;
}

export interface FolderTable {
  record_id: string;
  folder_id: string;
  unique_id: string;
  kind: "folder" | "pinned";
  owner_kind: "professional" | "patient" | "establishment";
  owner_id: string;
  version: number;
  received_at: Date;
  /** When the title and the founding members were given. */
  titled_at: Date;
  date: Date;
  designation_type: string | null;
  title: string;
  /** The List as it was sent, without its entries. JSON text. */
  resource: string;
}

export interface FolderMemberTable {
  record_id: string;
  folder_id: string;
  document_id: string;
  position: number;
  is_founding: boolean;
  added_at: Date;
}

export interface AccessLogHeadTable {
  record_id: string;
  sequence: number;
  hash: Buffer;
}

export interface AccessLogTable {
  record_id: string;
  sequence: number;
  event_id: string;
  recorded: Date;
  transaction: string;
  action: "C" | "R" | "U" | "D" | "E";
  outcome: "granted" | "refused" | "failed";
  rule: string;
  /** The caller was answered as if nothing were there: only the patient may read the reason. */
  is_concealed: boolean;
  actor_kind: "professional" | "patient" | "establishment" | "system";
  actor_id: string;
  actor_name: string;
  actor_profession: string | null;
  structure_id: string | null;
  structure_name: string | null;
  purpose_of_use: string;
  reason: string | null;
  object_type: string;
  object_id: string | null;
  query: string | null;
  detail: string | null;
  hash: Buffer;
  /** Version of the text that was hashed (log/access-log.ts). */
  form: Generated<number>;
  /** R184: not shown to the legal representatives. */
  is_secret: Generated<boolean>;
  /** Categories of the documents shown (rules/data-category.ts), separated by spaces. */
  data_categories: string | null;
  /** The application through which somebody acted. R168. */
  application_id: string | null;
  application_name: string | null;
}

/** A signed checkpoint of the access log (log/seal-log.ts). */
export interface LogCheckpointTable {
  checkpoint_number: number;
  /** Leaves of the tree; the driver gives a bigint as text. */
  tree_size: string;
  sealed_at: Date;
  note: string;
  subtrees: Buffer;
}

/** One leaf: where the log of a record stood when it was sealed. */
export interface LogLeafTable {
  record_id: string;
  leaf_index: string;
  sequence: number;
  head_hash: Buffer;
}

export interface LogSealTable {
  record_id: string;
  sequence: number;
}

export type NoticeKind =
  | "first-access"
  | "emergency-access"
  | "consultation"
  | "new-document"
  | "deferred-result"
  | PersonalNoticeKind
  | LifeCycleNoticeKind;

/** What happens in the person's space beside the documents; `alert` and `patient-message` are for professionals. */
export type PersonalNoticeKind = "message" | "patient-message" | "appointment" | "service" | "examination" | "alert";

/** What happens to the record itself. R2, R10, R14, R15, R18, R20, R21. */
export type LifeCycleNoticeKind =
  | "opened"
  | "closed"
  | "suspended"
  | "reactivated"
  | "deletion-requested"
  | "representative-added"
  | "carer-added";

export interface NoticeTable {
  record_id: string;
  notice_id: string;
  dedupe_key: string;
  kind: NoticeKind;
  occurred_at: Date;
  actor_name: string | null;
  structure_name: string | null;
  purpose_of_use: string | null;
  status: Generated<"pending" | "sent" | "failed" | "skipped">;
  attempts: Generated<number>;
  next_attempt_at: Date;
  sent_at: Date | null;
  /** R166, R194: for this professional, and not for the patient. */
  professional_id: string | null;
}

/** An application of the catalogue. R168. */
export interface ApplicationTable {
  application_id: string;
  name: string;
  publisher: string;
  description_fr: string;
  description_en: string;
  purposes: string[];
  referenced_at: Date | null;
  updated_at: Date;
}

export interface ApplicationConsentTable {
  record_id: string;
  consent_id: string;
  application_id: string;
  purposes: string[];
  granted_at: Date;
  granted_by: string;
  ended_at: Date | null;
}

/** Messages between one professional and the holder. R166. */
export interface ExchangeTable {
  record_id: string;
  exchange_id: string;
  professional_id: string;
  professional_name: string;
  structure_name: string | null;
  opened_by: "professional" | "patient";
  opened_at: Date;
  ended_at: Date | null;
}

export interface MessageTable {
  record_id: string;
  message_id: string;
  exchange_id: string;
  sender_kind: "professional" | "patient";
  sender_id: string;
  sender_name: string;
  sent_at: Date;
  read_at: Date | null;
  /** Subject, text and names of attachments: JSON sealed by the record's key. */
  sealed: Buffer;
}

export interface MessageAttachmentTable {
  record_id: string;
  attachment_id: string;
  message_id: string;
  position: number;
  content_type: string;
  size: number;
  sha1: string;
  blob_id: string;
}

/** R186. */
export interface ReportTable {
  record_id: string;
  report_id: string;
  reported_at: Date;
  reporter_id: string;
  reporter_name: string;
  about_type: "AuditEvent" | "DocumentReference" | "HealthcareService";
  about_id: string;
  sealed: Buffer;
  told_at: Date | null;
  closed_at: Date | null;
}

/** R167. */
export interface AppointmentTable {
  record_id: string;
  appointment_id: string;
  kind: "appointment" | "reminder" | "examination";
  status: "booked" | "cancelled";
  starts_at: Date;
  ends_at: Date | null;
  remind_at: Date | null;
  reminded_at: Date | null;
  created_at: Date;
  created_by: string;
  application_id: string | null;
  version: Generated<number>;
  /** What it is about: JSON sealed by the record's key. */
  sealed: Buffer;
}

/** R193. */
export interface NoticePreferenceTable {
  record_id: string;
  kind: string;
  is_wanted: boolean;
  updated_at: Date;
}

/** R194. */
export interface ProfessionalAlertTable {
  professional_id: string;
  type_code: string;
  since: Date;
}

/** R68. Of a professional, not of a record. */
export interface ProfessionalInformationTable {
  rpps: string;
  acknowledged_at: Date;
}

/** When a periodic job runs next. */
export interface JobTurnTable {
  name: string;
  next_at: Date;
}

/** How far one version of the reader has gone through the records, in the order of their ids. */
export interface ReadingTable {
  reader_version: number;
  last_record_id: string | null;
  finished_at: Date | null;
}

/** One count that spans records, as it was counted. */
export interface IndicatorCellTable {
  indicator: string;
  cell: string;
  count: number;
}

export interface IndicatorRunTable {
  name: string;
  counted_at: Date;
}

export interface Tables {
  record: RecordTable;
  record_identity: RecordIdentityTable;
  opposition: OppositionTable;
  representative: RepresentativeTable;
  representative_of: RepresentativeOfTable;
  record_due: RecordDueTable;
  destroyed_record: DestroyedRecordTable;
  insured_person: InsuredPersonTable;
  carer: CarerTable;
  carer_of: CarerOfTable;
  person_lookup: PersonLookupTable;
  authorisation: AuthorisationTable;
  submission_set: SubmissionSetTable;
  document: DocumentTable;
  document_restriction: DocumentRestrictionTable;
  announcement: AnnouncementTable;
  document_fact: DocumentFactTable;
  folder: FolderTable;
  folder_member: FolderMemberTable;
  access_log_head: AccessLogHeadTable;
  access_log: AccessLogTable;
  log_checkpoint: LogCheckpointTable;
  log_leaf: LogLeafTable;
  log_seal: LogSealTable;
  notice: NoticeTable;
  application: ApplicationTable;
  application_consent: ApplicationConsentTable;
  exchange: ExchangeTable;
  message: MessageTable;
  message_attachment: MessageAttachmentTable;
  report: ReportTable;
  appointment: AppointmentTable;
  notice_preference: NoticePreferenceTable;
  professional_alert: ProfessionalAlertTable;
  professional_information: ProfessionalInformationTable;
  job_turn: JobTurnTable;
  indicator_cell: IndicatorCellTable;
  indicator_run: IndicatorRunTable;
  reading: ReadingTable;
}
