/**
 * States of a document in the outbox:
 *
 * ```
 * queued → sending → sent      receipt kept, content destroyed
 *   ↑         ├────→ queued    network, service or sign-in: tried again later, same uniqueId
 *   └─────────┘      refused   the service said no for good: kept sealed until the person decides
 * ```
 * A row found `sending` when nobody holds the lock was interrupted: it returns to `queued`. The record knows the uniqueId,
 * so a deposit that had reached it answers with the same receipt.
 */
export type OutboxState = "queued" | "sending" | "sent" | "refused";

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

/** What may stand in the clear: nothing that says who or what. */
export interface OutboxRow {
  readonly id: string;
  /** Account that sent it: only the same person's session delivers it. */
  readonly owner: string;
  readonly serviceUrl: string;
  readonly state: OutboxState;
  readonly uniqueId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly tries: number;
  readonly nextAttemptAt: number;
  /** Until then the document may be called back, and does not leave. Milliseconds since the epoch. */
  readonly graceUntil?: number;
  readonly needsSignIn: boolean;
  /** Why the last attempt failed: a stable code of the SDK or of this extension, never a sentence of the service. */
  readonly lastError: string | undefined;
  /** An attempt was not answered, or was interrupted: the record may hold it, whatever it says to a later one. */
  readonly mayBeThere?: boolean;
  /** Rule number given by the service (R…), for the explanation. */
  readonly rule: string | undefined;
  /** Sealed {@link Label}; gone with the sealed {@link Parcel}, which stands apart: the queue is looked at without its contents. */
  readonly label: Sealed | undefined;
  readonly receipt: StoredReceipt | undefined;
  /** Sealed {@link Trace}; stays with the receipt, so that the document's next version is recognised. */
  readonly trace?: Sealed;
  /** The person confirmed, after the record asked, that the patient wants this sensitive document in it. */
  readonly isAcknowledged?: boolean;
}

/** What is sent: complete and fixed when it enters the queue, so that every attempt sends the same bytes. */
export interface Parcel {
  readonly ins: { readonly system: string; readonly value: string };
  /** CDA document: written by us around a PDF or image, or the page's own, untouched. */
  readonly xml: string;
  readonly visibility: { readonly hiddenFromProfessionals: boolean; readonly invisibleToPatient: boolean };
  readonly submissionSetId: string;
  /** Logical id of the document in the record that this one replaces (R117). */
  readonly replaces?: string;
}

/** What a document leaves behind to be recognised by: numbers, no words. Sealed all the same. */
export interface Trace {
  /** INS of the patient, without its system. */
  readonly patient: string;
  /** SHA-256 of the file. */
  readonly content: string;
  readonly sketch: readonly number[];
  /** Shared by all versions of the document, and which one this is. */
  readonly setId: string;
  readonly version: number;
}

/** What the person sees of a waiting or refused document. */
export interface Label {
  readonly title: string;
  readonly typeDisplay: string;
  readonly patientName: string;
  /** Its CDA was written here around a file: the file can be taken out again and described anew. */
  readonly isOwn?: boolean;
}

/** Receipt kept in the history: no medical content. */
export interface StoredReceipt {
  readonly documentId: string;
  readonly submissionSetId: string;
  readonly receivedAt: string;
  readonly alreadyInRecord: boolean;
}
