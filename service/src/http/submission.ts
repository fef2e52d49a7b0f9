/** What a deposit asks for, and what its depositor is told: the words that its steps share. */
import type { List } from "@carnet/sdk/fhir";
import type { AdmittedDocument, PatientReference, StatusPatch } from "../admission/index.ts";
import type { FolderReceipt, SubmittedFolder } from "./keep-folders.ts";
import type { Acknowledged } from "./sensitive-deposit.ts";

/** One submission, of one lot. */
export interface Submission {
  readonly transaction: "TD2.1";
  readonly subject: PatientReference;
  readonly documents: readonly AdmittedDocument[];
  readonly patches: readonly StatusPatch[];
  readonly folders: readonly SubmittedFolder[];
  /** The lot as it will be kept, without its entries. */
  readonly lot: { readonly uniqueId: string; readonly date: string; readonly resource: List };
}

/** What the depositor is told about one document. */
export interface DocumentReceipt {
  readonly documentId: string;
  /** Id on the wire. */
  readonly id: string;
  readonly contentType: string;
  readonly receivedAt: Date;
  readonly alreadyInRecord: boolean;
}

export interface SubmissionReceipt {
  readonly recordId: string;
  readonly submissionSetId: string;
  readonly documents: readonly DocumentReceipt[];
  /** The folders, in the order of the submission. */
  readonly folders: readonly FolderReceipt[];
}

export interface DepositOptions {
  /** No notice and no line in the log: for seeding fictitious histories only. */
  readonly isSilent?: boolean;
  /** Instant of reception; the clock's when absent. */
  readonly receivedAt?: Date;
  /** What the depositor was warned of; nothing when absent. */
  readonly acknowledged?: Acknowledged;
}
