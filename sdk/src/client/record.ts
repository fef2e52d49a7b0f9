import type { RecordContext } from "./context.ts";
import { listDocuments } from "./documents.ts";
import { readDocument } from "./read.ts";
import type { RecordHandle } from "./types.ts";

/**
 * Every DMP task as one verb on one person's record. Searching and reading are loaded with the client;
 * the other tasks are fetched at their first use, so that a page that only reads stays small.
 */
export function createRecordHandle(context: RecordContext): RecordHandle {
  const attributes = () => import("./attributes.ts");
  const consents = () => import("./consents.ts");
  const deposits = () => import("./deposit/deposit.ts");
  return {
    ins: context.ins,
    status: async (options) => (await import("./status.ts")).readStatus(context, options),
    documents: (filter, options) => listDocuments(context, filter, options),
    read: (document, options) => readDocument(context, document, options),
    authorise: async (options) => (await consents()).authorise(context, options),
    renounce: async (options) => (await consents()).renounce(context, options),
    consents: async (options) => (await consents()).listConsents(context, options),
    accessLog: async (options) => (await consents()).readAccessLog(context, options),
    deposit: async (input, options) => (await deposits()).deposit(context, input, options),
    replace: async (previous, input, options) => (await deposits()).replace(context, previous, input, options),
    hide: async (document, options) => (await attributes()).hide(context, document, options),
    show: async (document, options) => (await attributes()).show(context, document, options),
    setPatientVisibility: async (document, visibility, options) =>
      (await attributes()).setPatientVisibility(context, document, visibility, options),
    archive: async (document, options) => (await attributes()).setArchived(context, document, true, options),
    unarchive: async (document, options) => (await attributes()).setArchived(context, document, false, options),
    remove: async (document, options) => (await attributes()).remove(context, document, options),
    rights: async (document, options) => (await import("./rights.ts")).readRights(context, document, options),
    summary: async (options) => (await import("./summary.ts")).readSummary(context, options),
    changes: async (cursor, options) => (await import("./changes.ts")).readChanges(context, cursor, options),
  };
}
