import type { List } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { codeSystem } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import { toIdentifier } from "./numbered.ts";
import type { DocumentHandle } from "./types.ts";
import { erase, given, idOf, searchRecord, toMembers, toSubject, write } from "./wire.ts";

const LIST_TYPE = "https://carnet.example/fhir/CodeSystem/list-type";

/** R169: see `RecordHandle.folders`. */
export function folders(context: RecordContext, options: CallOptions = {}): Promise<List[]> {
  return searchRecord(context, "List", { code: "folder", status: "current" }, options);
}

/** R114: see `RecordHandle.submissions`. */
export function submissions(
  context: RecordContext,
  options: CallOptions & { readonly from?: string } = {},
): Promise<List[]> {
  const { from, ...call } = options;
  const date = from === undefined ? undefined : `ge${from}`;
  return searchRecord(context, "List", { code: "submissionset", status: "current", date }, call);
}

/** R169: see `RecordHandle.createFolder`. */
export function createFolder(
  context: RecordContext,
  title: string,
  documents: readonly DocumentHandle[],
  options: CallOptions = {},
): Promise<List> {
  const list = { identifier: toIdentifier(), ...toList(context, title, documents, "folder") };
  return write(context, "List", list, { isIdempotent: true, ...options });
}

/** R169: see `RecordHandle.changeFolder`. */
export function changeFolder(
  context: RecordContext,
  folder: List,
  change: { readonly title?: string; readonly documents?: readonly DocumentHandle[] },
  options: CallOptions = {},
): Promise<List> {
  given(change, "change: { title, documents }");
  // By its id alone nothing is known of its documents: they would leave it.
  given(folder, "folder: as the record gave it");
  const list = toList(context, change.title ?? folder.title ?? "", change.documents ?? [], "folder");
  const entry = change.documents === undefined ? folder.entry : list.entry;
  const version = folder.meta?.versionId;
  return write(
    context,
    "List",
    { ...list, ...(entry ? { entry } : {}) },
    { id: idOf(folder, "folder"), ...(version ? { headers: { "if-match": `W/"${version}"` } } : {}), ...options },
  );
}

/** R169: see `RecordHandle.removeFolder`. */
export function removeFolder(context: RecordContext, folder: List | string, options: CallOptions = {}): Promise<void> {
  return erase(context, "List", idOf(folder, "folder"), options);
}

/** R169: see `RecordHandle.pinned`. */
export async function pinned(context: RecordContext, options: CallOptions = {}): Promise<string[]> {
  const lists = await searchRecord(context, "List", { code: "pinned", status: "current" }, options);
  return lists.flatMap(({ entry }) => entry ?? []).flatMap(({ item }) => item.reference?.split("/").pop() ?? []);
}

/** R169: see `RecordHandle.pin`. */
export async function pin(
  context: RecordContext,
  documents: readonly DocumentHandle[],
  options: CallOptions = {},
): Promise<void> {
  // The list is set as a whole: sent twice, it is the same.
  const list = toList(context, "Épinglés", documents, "pinned");
  await write(context, "List", list, { isIdempotent: true, ...options });
}

function toList(
  context: RecordContext,
  title: string,
  documents: readonly DocumentHandle[],
  code: "folder" | "pinned",
): Omit<List, "resourceType"> {
  const entry = toMembers(documents);
  return {
    status: "current",
    mode: "working",
    title,
    code: { coding: [{ system: code === "folder" ? codeSystem.mhdListType : LIST_TYPE, code }] },
    subject: toSubject(context.ins),
    ...(entry.length > 0 ? { entry } : {}),
  };
}
