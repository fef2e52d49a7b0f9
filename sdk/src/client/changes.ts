import { sha1 } from "@noble/hashes/legacy.js";
import type { List, Meta } from "fhir/r4.js";
import { toBase64 } from "../fhir/base64.ts";
import * as extensionUrl from "../fhir/extension-urls.ts";
import { type CallOptions, InvalidAnswer, isCarnetError } from "../fhir/http/index.ts";
import { pages } from "../fhir/pages.ts";
import { isFields } from "../fhir/parse.ts";
import { resourcesOf } from "../fhir/resources.ts";
import type { RecordContext } from "./context.ts";
import { toDocumentEntry } from "./document-entry.ts";
import { listDocuments } from "./documents.ts";
import { isRefusedAsking } from "./plain-server.ts";
import type { ChangesOptions, DocumentEntry, DocumentFilter, RecordChanges } from "./types.ts";

/** Documents asked for at once (R132). */
const BATCH = 20;
/** Vaccination history and note: read without a date limit at the first opening (R131). */
const VACCINATION_TYPES = ["11369-6", "87273-9", "82593-5"];
/** Clocks and commits are not exact: each opening reads a little again, and `seen` drops what was told. */
const OVERLAP_MS = 30_000;
/** How far is read again when a server's clock, all that it goes by, turns out to have been set back. */
const LOOK_BACK_MS = 86_400_000;

interface Cursor {
  readonly v: 1;
  /** Whose record: {@link markOfRecord}. Absent in the cursors of former versions. */
  readonly of?: string;
  /** Time of the service, ISO 8601, with the overlap taken off. */
  readonly since: string;
  /** Where the record stood, for a service that says it: no clock moves it. Absent in the cursors of former versions. */
  readonly at?: string;
  /** What was told and may come again within the overlap: `id/version/second`, short. */
  readonly seen: readonly string[];
}

type Found = Omit<RecordChanges, "cursor" | "gone">;

/**
 * The guide's way to consult a record twice without reading it twice (R130–R133).
 * Without a cursor: current documents whose act is within two years, and all vaccinations. With one: the lots submitted
 * since, their documents at the end of their chain of replacements, and documents whose confidentiality changed.
 *
 * @throws InvalidAnswer when the cursor is not one of this record's
 */
export async function changes(
  context: RecordContext,
  cursor?: string,
  options: ChangesOptions = {},
): Promise<RecordChanges> {
  const { firstYears = 2, isKnown = () => false, held, ...call } = options;
  const clock = createClock();
  const of = markOfRecord(context);
  const from = cursor ? decodeCursor(cursor, of) : undefined;
  const found = from
    ? await readLater(context, from, clock, call)
    : { added: await readFirst(context, firstYears, clock, call), replaced: [], changed: [] };
  const told = [...found.added, ...found.changed, ...found.replaced.map((one) => one.document)];
  const { added, changed, gone } = held ? await compare(context, found, new Set(held), call) : { ...found, gone: [] };
  return {
    added: newestFirst(added.filter((document) => !isKnown(document.uniqueId))),
    replaced: found.replaced,
    changed: newestFirst(changed),
    gone,
    cursor: encodeCursor({ ...clock.next(from, told), of }),
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
  // A service tells its position to whoever asks by the date of changes.
  const recent = { actFrom: limit.toISOString().slice(0, 10), changedSince: "1900-01-01T00:00:00Z" };
  const lists = [
    await readAll(context, recent, clock, call),
    await readAll(context, { type: VACCINATION_TYPES }, clock, call),
  ];
  return [...new Map(lists.flat().map((document) => [document.id, document])).values()];
}

async function readAll(
  context: RecordContext,
  filter: DocumentFilter,
  clock: Clock,
  call: CallOptions,
): Promise<DocumentEntry[]> {
  const found: DocumentEntry[] = [];
  const list = listDocuments(context, { pageSize: 200, ...filter }, call);
  for await (const { documents, meta } of list.pages()) {
    clock.answered(meta);
    found.push(...documents);
  }
  return found;
}

/**
 * By the record's position, which no clock moves, and by dates beside it: a database restored from a backup counts anew. A
 * server that knows no position, or no longer this one, is asked by dates alone.
 */
async function readLater(context: RecordContext, from: Cursor, clock: Clock, call: CallOptions): Promise<Found> {
  if (from.at !== undefined) {
    try {
      const found = await readSince(context, from, clock, call);
      // Whoever gives none passed over the one that was asked for, and answered with everything.
      if (clock.position() !== undefined) return found;
    } catch (error) {
      if (!isCarnetError(error) || !isRefusedAsking(error)) throw error;
    }
  }
  const byDate = { ...from, at: undefined };
  const found = await readSince(context, byDate, clock, call);
  const setBack = clock.first();
  if (setBack >= Date.parse(from.since)) return found;
  // What came since bears dates before the cursor's: rather told again than missed.
  return await readSince(context, { ...byDate, since: new Date(setBack - LOOK_BACK_MS).toISOString() }, clock, call);
}

async function readSince(context: RecordContext, from: Cursor, clock: Clock, call: CallOptions): Promise<Found> {
  const seen = new Set(from.seen.map((one) => one.slice(0, one.lastIndexOf("/"))));
  const told = new Set(from.seen.map((one) => one.slice(0, one.indexOf("/"))));
  const wasTold = (id: string) => told.has(shortOf(id));
  // Archived documents are out of the default list; that one was archived is a change to tell.
  const filters = [{}, { isArchived: true }].map(
    (filter) =>
      ({
        ...filter,
        status: "all",
        ...(from.at ? { changed: toChanged(from) } : { changedSince: from.since }),
      }) as const,
  );
  // The lists first: they find out how this server names the person.
  const [first = {}, ...others] = filters;
  const lists = [await readAll(context, first, clock, call)];
  for (const filter of others) lists.push(await readAll(context, filter, clock, call));
  const ids = await submittedSince(context, from, clock, call);
  const submitted = new Set(ids);
  const byId = new Map(lists.flat().map((document) => [document.id, document]));
  const missing = ids.filter((id) => !byId.has(id));
  for (const document of await readByIds(context, missing, call)) {
    // An old document in a lot that was only touched is not new.
    if ((document.resource.meta?.lastUpdated ?? from.since) >= from.since) byId.set(document.id, document);
  }

  const replaced: { previousId: string; document: DocumentEntry }[] = [];
  const added: DocumentEntry[] = [];
  const changed: DocumentEntry[] = [];
  for (const document of byId.values()) {
    if (document.status !== "current" || seen.has(markOf(document))) continue;
    if (wasTold(document.id) || !isNew(document, submitted, from)) {
      changed.push(document);
      continue;
    }
    // A chain that began after the cursor is simply new: its former versions were never told (R132).
    const previousId = lastTold(document, byId, (id) => wasTold(id) || !submitted.has(id));
    // Archived from the start, it is out of the list (R119).
    if (previousId === undefined && !document.isArchived) added.push(document);
    else if (previousId !== undefined) replaced.push({ previousId, document });
  }
  return { added, replaced, changed };
}

/** After the position, or since the date: the latter finds what came into a database that was restored from a backup. */
const toChanged = ({ at, since }: Cursor) => [at, `ge${since}`].filter(Boolean).join();

/** Where the record stood when it gave this answer. */
function positionIn(meta: Meta | undefined): string | undefined {
  return meta?.extension?.find(({ url }) => url === extensionUrl.position)?.valueString;
}

/** Known through its lot; a server without lots tells it by the first version of the metadata. */
function isNew(document: DocumentEntry, submitted: ReadonlySet<string>, from: Cursor): boolean {
  if (submitted.has(document.id)) return true;
  return document.versionId === "1" && (!!from.at || (document.resource.meta?.lastUpdated ?? "") >= from.since);
}

/** Back along the chain of replacements, to the version that a former opening told. */
function lastTold(
  document: DocumentEntry,
  byId: ReadonlyMap<string, DocumentEntry>,
  isFormer: (id: string) => boolean,
): string | undefined {
  let previous = replacedBy(document);
  for (let step = 0; previous !== undefined && step <= byId.size; step++) {
    if (isFormer(previous)) return previous;
    const older = byId.get(previous);
    previous = older && replacedBy(older);
  }
  return undefined;
}

function replacedBy(document: DocumentEntry): string | undefined {
  const target = document.resource.relatesTo?.find((one) => one.code === "replaces")?.target.reference;
  return target ? /DocumentReference\/([^/]+)/.exec(target)?.[1] : undefined;
}

/**
 * With what the vendor holds, nothing is guessed: a document that appears (shown again, un-archived) is new, and what can be
 * seen no more, or is superseded by what cannot be seen, is gone.
 */
async function compare(context: RecordContext, found: Found, held: ReadonlySet<string>, call: CallOptions) {
  const visible = new Map((await readByIds(context, [...held], call)).map((document) => [document.id, document]));
  const replaced = new Set(found.replaced.map(({ previousId }) => previousId));
  const isGone = (id: string) => visible.get(id)?.status !== "current" && !replaced.has(id);
  return {
    added: [...found.added, ...found.changed.filter(({ id, isArchived }) => !held.has(id) && !isArchived)],
    changed: found.changed.filter(({ id }) => held.has(id)),
    gone: [...held].filter(isGone),
  };
}

/** Ids of the documents in the lots submitted since (ITI-66). */
async function submittedSince(
  context: RecordContext,
  from: Cursor,
  clock: Clock,
  call: CallOptions,
): Promise<string[]> {
  const query = {
    ...context.subject.query,
    code: "submissionset",
    status: "current",
    // When the record took it: `date` is the depositor's clock.
    [from.at ? "changed" : "_lastUpdated"]: toChanged(from),
    _count: "100",
  };
  const ids = new Set<string>();
  try {
    for await (const page of pages(context.http, "List", query, call)) {
      clock.answered(page.meta);
      for (const list of resourcesOf(page, "List")) for (const id of membersOf(list)) ids.add(id);
    }
  } catch (error) {
    // A server without lots: `_lastUpdated` of the documents alone tells what changed.
    if (
      !isCarnetError(error) ||
      !isRefusedAsking(error) ||
      (await context.capabilities(call).catch(() => undefined))?.hasLots
    ) {
      throw error;
    }
  }
  return [...ids];
}

function membersOf(list: List): string[] {
  return (list.entry ?? []).flatMap(
    (entry) => /DocumentReference\/([^/]+)/.exec(entry.item.reference ?? "")?.[1] ?? [],
  );
}

async function readByIds(context: RecordContext, ids: readonly string[], call: CallOptions): Promise<DocumentEntry[]> {
  const batches: Promise<DocumentEntry[]>[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    batches.push(readBatch(context, ids.slice(start, start + BATCH), call));
  }
  return (await Promise.all(batches)).flat();
}

async function readBatch(context: RecordContext, ids: readonly string[], call: CallOptions): Promise<DocumentEntry[]> {
  const query = {
    ...context.subject.query,
    status: "current,superseded",
    _id: ids.join(","),
    _count: String(BATCH),
  };
  const found: DocumentEntry[] = [];
  for await (const page of pages(context.http, "DocumentReference", query, call)) {
    found.push(...resourcesOf(page, "DocumentReference").map((one) => toDocumentEntry(one, "GET DocumentReference")));
  }
  return found;
}

function newestFirst(documents: readonly DocumentEntry[]): DocumentEntry[] {
  return [...documents].sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.id < b.id ? -1 : 1));
}

/** The end of an id tells documents of one record apart; whole ids would make the cursor of a large import huge. */
const shortOf = (id: string) => id.slice(-12);
const markOf = (document: DocumentEntry) => `${shortOf(document.id)}/${document.versionId}`;

interface Clock {
  answered(meta: Meta | undefined): void;
  /** The earliest answer, in milliseconds. */
  first(): number;
  /** Where the record stood at the first answer. */
  position(): string | undefined;
  next(from: Cursor | undefined, told: readonly DocumentEntry[]): Cursor;
}

/**
 * The service's time, read in its answers: the vendor's clock may be wrong. The first answer counts: what is deposited while
 * the rest is read belongs to the next opening.
 */
function createClock(): Clock {
  let first = Number.POSITIVE_INFINITY;
  let at: string | null | undefined;
  return {
    first: () => first,
    position: () => at ?? undefined,
    answered(meta) {
      if (at === undefined) at = positionIn(meta) ?? null;
      const instant = meta?.lastUpdated;
      const time = instant ? Date.parse(instant) : Number.NaN;
      if (time < first) first = time;
    },
    next(from, told) {
      const updated = told.map(({ resource }) => Date.parse(resource.meta?.lastUpdated ?? ""));
      const latest = Math.max(...updated.filter((time) => !Number.isNaN(time)), 0);
      // A server that does not say when it answered is taken at its newest document.
      const until = first < Number.POSITIVE_INFINITY ? first : latest || (from ? 0 : Date.now());
      const formerMs = from ? Date.parse(from.since) : 0;
      // By dates alone, a clock that was set back is followed: what comes next bears its dates.
      const isFollowed = !at && first < formerMs;
      const sinceMs = Math.max(until - OVERLAP_MS, isFollowed ? 0 : formerMs);
      // Whatever came in while this was read is within the overlap, also when the clock is before the cursor.
      const againMs = Math.min(sinceMs, first - OVERLAP_MS);
      const timeOf = ({ resource }: DocumentEntry) => Date.parse(resource.meta?.lastUpdated ?? "") || until;
      const secondOf = (time: number) => Math.floor(time / 1000).toString(36);
      const marks = told.map((document) => `${markOf(document)}/${secondOf(timeOf(document))}`);
      // What lies before the overlap cannot come again: it leaves, and the cursor stays small.
      const mayComeAgain = (one: string) =>
        (Number.parseInt(one.slice(one.lastIndexOf("/") + 1), 36) + 1) * 1000 >= againMs;
      const seen = new Set([...(from?.seen ?? []), ...marks].filter(mayComeAgain));
      return { v: 1, since: new Date(sinceMs).toISOString(), ...(at && { at }), seen: [...seen] };
    },
  };
}

function encodeCursor(cursor: Cursor): string {
  return btoa(JSON.stringify(cursor)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decodeCursor(text: string, of: string): Cursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    // Neither base64 nor JSON: said below.
  }
  if (!isCursor(parsed) || (parsed.of ?? of) !== of) {
    const reason = "the cursor is not one that changes() gave here; start again without it";
    throw new InvalidAnswer("changes", reason, { place: "cursor" });
  }
  return parsed;
}

/**
 * By a cursor kept under another person's name, all that is older than it would be missed without a word. Three characters
 * tell records apart, and fit some hundreds of people each: they name nobody.
 */
function markOfRecord({ insToken }: RecordContext): string {
  return toBase64(sha1(new TextEncoder().encode(insToken))).slice(0, 3);
}

function isCursor(value: unknown): value is Cursor {
  if (!isFields(value) || value.v !== 1 || typeof value.since !== "string" || !Array.isArray(value.seen)) return false;
  if (value.at !== undefined && typeof value.at !== "string") return false;
  return !Number.isNaN(Date.parse(value.since)) && value.seen.every((one) => typeof one === "string");
}
