import type { ListedRow } from "./outbox.ts";

/** A receipt as a file to keep or to hand to somebody: who sent what to which record is not in it, only that it arrived. */
export interface ReceiptFile {
  readonly name: string;
  readonly text: string;
}

/** JSON of one receipt; undefined while there is none. Nothing in it is medical, nor names the patient. */
export function receiptFileOf(row: ListedRow): ReceiptFile | undefined {
  const { receipt } = row;
  if (receipt === undefined) return undefined;
  const content = {
    kind: "carnet-receipt",
    service: row.serviceUrl,
    documentId: receipt.documentId,
    uniqueId: row.uniqueId,
    submissionSetId: receipt.submissionSetId,
    sentAt: new Date(row.createdAt).toISOString(),
    receivedAt: receipt.receivedAt,
    alreadyInRecord: receipt.alreadyInRecord,
  };
  return {
    name: `accuse-${receipt.receivedAt.slice(0, 10)}-${receipt.documentId}.json`,
    text: `${JSON.stringify(content, null, 2)}\n`,
  };
}
