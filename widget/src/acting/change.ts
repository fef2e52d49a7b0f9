import type { CallOptions, DocumentEntry, DocumentRight, RecordHandle } from "@carnet/sdk";

/** A change that is one request; replacing needs a file first. */
export type Change = Exclude<DocumentRight, "replace">;

/** What takes a change back. A deletion, and what was shown to the patient (R149), stay. */
export const opposite: Readonly<Partial<Record<Change, Change>>> = {
  hide: "show",
  show: "hide",
  "show-to-representatives": "hide-from-representatives",
  "hide-from-representatives": "show-to-representatives",
  archive: "unarchive",
  unarchive: "archive",
};

/** Changes that ask first: others learn of them, or they cannot be taken back. */
export const asksFirst: ReadonlySet<DocumentRight> = new Set(["hide", "show-to-patient", "delete"]);

/**
 * Makes the change.
 * @returns the document as it is now; `undefined` when it is no longer in the record
 */
export async function makeChange(
  record: RecordHandle,
  entry: DocumentEntry,
  change: Change,
  options: CallOptions,
): Promise<DocumentEntry | undefined> {
  switch (change) {
    case "hide":
      return record.hide(entry, options);
    case "show":
      return record.show(entry, options);
    case "show-to-patient":
      return record.setPatientVisibility(entry, { patient: true }, options);
    case "show-to-representatives":
      return record.setPatientVisibility(entry, { representatives: true }, options);
    case "hide-from-representatives":
      return record.setPatientVisibility(entry, { representatives: false }, options);
    case "archive":
      return record.archive(entry, options);
    case "unarchive":
      return record.unarchive(entry, options);
    case "delete":
      await record.remove(entry, options);
      return undefined;
  }
}
