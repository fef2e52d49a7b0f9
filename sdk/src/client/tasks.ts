/**
 * Every verb as a function, for bundlers that do not split code: only what is imported weighs. The functions take the
 * record first and are otherwise the verbs of `RecordHandle`, where each is described.
 *
 * @example
 * const record = ofRecord(createContext({ baseUrl, accessToken }), ins);
 * for await (const document of documents(record)) console.log((await read(record, document)).bytes.length);
 */

export * from "./across.ts";
export * from "./agenda.ts";
export * from "./applications.ts";
export * from "./attributes.ts";
export { changes } from "./changes.ts";
export * from "./consents.ts";
export { type ClientContext, type ConnectOptions, createContext, ofRecord, type RecordContext } from "./context.ts";
export { deposit, replace } from "./deposit/deposit.ts";
export { listDocuments as documents } from "./documents.ts";
export { export } from "./export.ts";
export * from "./folders.ts";
export * from "./life-cycle.ts";
export * from "./messages.ts";
export * from "./preferences.ts";
export { readDocument as read } from "./read.ts";
export * from "./relatives.ts";
export { rights } from "./rights.ts";
export { status } from "./status.ts";
export * from "./stream.ts";
export { summary } from "./summary.ts";
