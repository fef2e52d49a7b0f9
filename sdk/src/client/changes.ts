import type { Bundle, List } from "fhir/r4.js";
import { type CallOptions, InvalidAnswer, isNotSupported } from "../fhir/http/index.ts";
import { pages } from "../fhir/pages.ts";
import { isFields, resourcesOf } from "../fhir/parse.ts";
import { insToken, type RecordContext } from "./context.ts";
import { toDocumentEntry } from "./document-entry.ts";
import { listDocuments } from "./documents.ts";
import type { ChangesOptions, DocumentEntry, RecordChanges } from "./types.ts";

/** Documents asked for at once (R132). */
const BATCH = 20;
/** Vaccination history and note: read without a date limit at the first opening (R131). */
const VACCINATION_TYPES = ["11369-6", "87273-9", "82593-5"];
/** Clocks and commits are not exact: each opening reads a little again, and `seen` drops what was told. */
const OVERLAP_MS = 5_000;

interface Cursor {
  readonly v: 1;
  readonly since: string;
  /** `id/versionId` of what was told and may come again within the overlap. */
  readonly seen: readonly string[];
}

/**
 * The guide's way to consult a record twice without reading it twice (R130–R133).
 * Without a cursor: current documents whose act is within two years, and all vaccinations. With one: the lots submitted
 * since, their documents at the end of their chain of replacements, and documents whose confidentiality changed.
 *
 * @throws InvalidAnswer when the cursor is not one of ours
 */
export async function changes(
  context: RecordContext,
  cursor?: string,
  options: ChangesOptions = {},
): Promise<RecordChanges> {
  const { firstYears = 2, isKnown = () => false, ...call } = options;
  const clock = createClock();
  const from = cursor ? decodeCursor(cursor) : undefined;
  const found = from
    ? await readSince(context, from, clock, call)
    : { added: await readFirst(context, firstYears, clock, call), replaced: [], changed: [] };
  const told = [...found.added, ...found.changed, ...found.replaced.map((one) => one.document)];
  return {
    added: found.added.filter((document) => !isKnown(document.uniqueId)),
    replaced: found.replaced,
    changed: found.changed,
    cursor: encodeCursor(clock.next(from, told)),
  };
}

async function readFirst(
  context: RecordContext,
  firstYears: number,
  clock: Clock,
  call: CallOptions,
): Promise<DocumentEntry[]> {
  const limit = new Date();
  limit.setUTCFullYear(limit.getUTCFullYear() - firstYears);
  const all = new Map<string, DocumentEntry>();
  for (const filter of [{ actFrom: limit.toISOString().slice(0, 10) }, { type: VACCINATION_TYPES }]) {
    for await (const document of listDocuments(context, filter, call)) all.set(document.id, document);
  }
  for (const document of all.values()) clock.see(document.resource.meta?.lastUpdated);
  return newestFirst([...all.values()]);
}

async function readSince(
  context: RecordContext,
  from: Cursor,
  clock: Clock,
  call: CallOptions,
): Promise<Omit<RecordChanges, "cursor">> {
  const seen = new Set(from.seen);
  const told = new Set(from.seen.map((one) => one.slice(0, one.lastIndexOf("/"))));
  const isFresh = (document: DocumentEntry) => !seen.has(`${document.id}/${document.versionId}`);
  const submitted = new Set(await submittedSince(context, from.since, clock, call));
  const byId = new Map<string, DocumentEntry>();
  // Archived documents are out of the default list; that one was archived is a change to tell.
  for (const filter of [{}, { isArchived: true }]) {
    const list = listDocuments(context, { ...filter, status: "all", changedSince: from.since }, call);
    for await (const document of list) byId.set(document.id, document);
  }
  const missing = [...submitted].filter((id) => !byId.has(id));
  const touched = [...byId.values(), ...(await readByIds(context, missing, call))];
  for (const document of touched) clock.see(document.resource.meta?.lastUpdated);

  const current = touched.filter((document) => document.status === "current" && isFresh(document));
  const replaced: { previousId: string; document: DocumentEntry }[] = [];
  const added: DocumentEntry[] = [];
  const changed: DocumentEntry[] = [];
  for (const document of current) {
    if (told.has(document.id) || !isNew(document, submitted, from)) {
      changed.push(document);
      continue;
    }
    const previousId = firstOfChain(document, touched);
    // A chain that began after the cursor is simply new: its former versions were never told (R132).
    const wasTold = previousId !== undefined && (told.has(previousId) || !submitted.has(previousId));
    if (wasTold) replaced.push({ previousId, document });
    else added.push(document);
  }
  return { added: newestFirst(added), replaced, changed: newestFirst(changed) };
}

/** Known through its lot; a server without lots tells it by the first version of the metadata. */
function isNew(document: DocumentEntry, submitted: ReadonlySet<string>, from: Cursor): boolean {
  if (submitted.has(document.id)) return true;
  return document.versionId === "1" && (document.resource.meta?.lastUpdated ?? "") >= from.since;
}

function firstOfChain(document: DocumentEntry, among: readonly DocumentEntry[]): string | undefined {
  let previous = replacedBy(document);
  for (let step = 0; previous !== undefined && step < among.length; step++) {
    const id = previous;
    const older = among.find((one) => one.id === id);
    const next = older ? replacedBy(older) : undefined;
    if (next === undefined) return id;
    previous = next;
  }
  return previous;
}

function replacedBy(document: DocumentEntry): string | undefined {
  const target = document.resource.relatesTo?.find((one) => one.code === "replaces")?.target.reference;
  return target ? /DocumentReference\/([^/]+)/.exec(target)?.[1] : undefined;
}

/** Ids of the documents in the lots submitted since (ITI-66). */
async function submittedSince(
  context: RecordContext,
  since: string,
  clock: Clock,
  call: CallOptions,
): Promise<string[]> {
  const query = {
    "patient.identifier": insToken(context.ins),
    code: "submissionset",
    status: "current",
    date: `ge${since}`,
    _count: "100",
  };
  const ids: string[] = [];
  try {
    for await (const page of pages(context.http, "List", query, call)) {
      clock.see(page.meta?.lastUpdated);
      for (const list of resourcesOf(page, "List")) {
        clock.see(list.date);
        ids.push(...membersOf(list));
      }
    }
  } catch (error) {
    if (!isNotSupported(error)) throw error;
    // A server without lots: `_lastUpdated` of the documents alone tells what changed.
  }
  return ids;
}

function membersOf(list: List): string[] {
  return (list.entry ?? []).flatMap(
    (entry) => /DocumentReference\/([^/]+)/.exec(entry.item.reference ?? "")?.[1] ?? [],
  );
}

async function readByIds(context: RecordContext, ids: readonly string[], call: CallOptions): Promise<DocumentEntry[]> {
  const found: DocumentEntry[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    const query = {
      "patient.identifier": insToken(context.ins),
      status: "current,superseded",
      _id: ids.slice(start, start + BATCH).join(","),
    };
    for await (const page of pages(context.http, "DocumentReference", query, call)) {
      found.push(...entriesOf(page));
    }
  }
  return found;
}

function entriesOf(page: Bundle): DocumentEntry[] {
  return resourcesOf(page, "DocumentReference").map((one) => toDocumentEntry(one, "GET DocumentReference"));
}

function newestFirst(documents: readonly DocumentEntry[]): DocumentEntry[] {
  return [...documents].sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.id < b.id ? -1 : 1));
}

interface Clock {
  see(instant: string | undefined): void;
  next(from: Cursor | undefined, told: readonly DocumentEntry[]): Cursor;
}

/** The service's time, read in its answers: the vendor's clock may be wrong. */
function createClock(): Clock {
  let latest = 0;
  return {
    see(instant) {
      const time = instant ? Date.parse(instant) : Number.NaN;
      if (time > latest) latest = time;
    },
    next(from, told) {
      const before = from ? Date.parse(from.since) + OVERLAP_MS : 0;
      const until = Math.max(before, latest) || Date.now();
      const since = new Date(until - OVERLAP_MS).toISOString();
      const isRecent = (document: DocumentEntry) => (document.resource.meta?.lastUpdated ?? since) >= since;
      const recent = told.filter(isRecent).map((document) => `${document.id}/${document.versionId}`);
      const kept = latest > before ? [] : (from?.seen ?? []);
      return { v: 1, since, seen: [...new Set([...kept, ...recent])] };
    },
  };
}

function encodeCursor(cursor: Cursor): string {
  return btoa(JSON.stringify(cursor)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decodeCursor(text: string): Cursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    // Neither base64 nor JSON: said below.
  }
  if (!isCursor(parsed)) {
    throw new InvalidAnswer("changes", "the cursor is not one that changes() gave; start again without it");
  }
  return parsed;
}

function isCursor(value: unknown): value is Cursor {
  if (!isFields(value) || value.v !== 1 || typeof value.since !== "string" || !Array.isArray(value.seen)) return false;
  return !Number.isNaN(Date.parse(value.since)) && value.seen.every((one) => typeof one === "string");
}
