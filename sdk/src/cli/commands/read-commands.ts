/** Commands that read a record. */
import { createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import type { AuditEvent } from "fhir/r4.js";
import type { DocumentEntry } from "../../client/types.ts";
import { isInvalidAnswer } from "../../fhir/http/index.ts";
import { isMissing, writeDurably } from "../feed/durable.ts";
import { give, written } from "../give.ts";
import { UsageError } from "../io.ts";
import { asJson } from "../output.ts";
import { placeOf } from "../place.ts";
import { createProgress } from "../progress.ts";
import { type CommandContext, dayOf, numberOf } from "./context.ts";

export async function statusCommand(context: CommandContext, ins: string): Promise<void> {
  const { strings, output, io } = context;
  const status = await (await context.record(ins)).status({ signal: io.signal });
  // Traits are held to compare, never to display (R41).
  const { traits: _traits, ...shown } = status;
  output.facts(shown, [
    [strings.facts.record, strings.state[status.state]],
    [strings.facts.access, strings.authorisation[status.authorisation]],
    ...(status.neverConsults ? [[strings.facts.rule, status.neverConsults] as const] : []),
    ...(status.isReferringDoctor ? [[strings.facts.referringDoctor, strings.yes] as const] : []),
    ...(status.closure?.date ? [[strings.facts.closure, status.closure.date] as const] : []),
  ]);
}

export interface ListOptions {
  readonly type?: string;
  readonly category?: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly limit?: string;
}

export async function listCommand(context: CommandContext, ins: string, options: ListOptions): Promise<void> {
  const { strings, output, io } = context;
  const { type, category, from, to, all } = options;
  const limit = numberOf(options.limit, "--limit", strings);
  const filter = {
    ...(type ? { type } : {}),
    ...(category ? { category } : {}),
    ...(from ? { createdFrom: dayOf(from, "--from", strings) } : {}),
    ...(to ? { createdTo: dayOf(to, "--to", strings) } : {}),
    ...(all ? { status: "all" as const } : {}),
  };
  const record = await context.record(ins);
  const found = await record.documents(filter, { signal: io.signal }).toArray(limit === undefined ? {} : { limit });
  const { date, type: typeColumn, author, id, title } = strings.columns;
  const rows = found.map((document) => ({ json: jsonOf(document), cells: cellsOf(document) }));
  output.list([date, typeColumn, author, id, title], rows, strings.nothing);
}

/** What a program reads of a document; the FHIR resource is one `read` away. */
function jsonOf({ resource: _resource, ...document }: DocumentEntry) {
  return document;
}

const cellsOf = ({ date, type, authors, id, title }: DocumentEntry) => [
  date.slice(0, 10),
  shortened(type.display ?? type.code ?? ""),
  authors[0]?.name ?? "",
  id,
  title,
];

export async function readCommand(context: CommandContext, ins: string, document: string, file?: string) {
  const { io } = context;
  const progress = createProgress(io);
  const record = await context.record(ins);
  const { bytes } = await record
    .read(document, {
      signal: io.signal,
      onProgress: ({ doneBytes, totalBytes }) => progress.at(doneBytes, totalBytes),
    })
    .finally(() => progress.end());
  await give(context, bytes, file);
}

export async function summaryCommand(context: CommandContext, ins: string, file?: string): Promise<void> {
  const summary = await (await context.record(ins)).summary({ signal: context.io.signal });
  await give(context, `${asJson(summary)}\n`, file);
}

export async function changesCommand(context: CommandContext, ins: string, cursorFile?: string): Promise<void> {
  const { strings, output, io } = context;
  const stored = cursorFile ? await readCursor(cursorFile) : undefined;
  const record = await context.record(ins);
  const changes = await record.changes(stored, { signal: io.signal }).catch((error: unknown) => {
    if (!cursorFile || !isInvalidAnswer(error) || error.place !== "cursor") throw error;
    throw new UsageError(strings.badCursor(cursorFile));
  });
  const { added, replaced, changed, gone, cursor } = changes;
  const row = (event: keyof typeof strings.changed, document: DocumentEntry, previousId?: string) => ({
    json: { event, ...(previousId ? { previousId } : {}), document: jsonOf(document) },
    cells: [strings.changed[event], ...cellsOf(document)],
  });
  const rows = [
    ...gone.map((id) => ({ json: { event: "gone", id }, cells: [strings.changed.gone, "", "", "", id, ""] })),
    ...replaced.map(({ document, previousId }) => row("replaced", document, previousId)),
    ...added.map((document) => row("added", document)),
    ...changed.map((document) => row("changed", document)),
  ];
  const { state, date, type, author, id, title } = strings.columns;
  output.list([state, date, type, author, id, title], rows, strings.nothing);
  // After the lines have left: a command that is stopped before, or whose reader has gone, tells the same again.
  if (cursorFile) {
    await written(io.stdout, "");
    await writeDurably(cursorFile, `${cursor}\n`);
  } else if (output.isJson) io.stdout.write(`${JSON.stringify({ event: "cursor", cursor })}\n`);
}

async function readCursor(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim() || undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function exportCommand(context: CommandContext, ins: string, file?: string): Promise<void> {
  const { io } = context;
  const progress = createProgress(io);
  const archive = await (await context.record(ins)).export({
    signal: io.signal,
    onProgress: ({ doneBytes, totalBytes }) => progress.at(doneBytes, totalBytes),
  });
  try {
    if (file === undefined && io.stdout.isTTY !== true) {
      await pipeline(readableOf(archive.body), io.stdout, { end: false });
      return;
    }
    const target = file ?? archive.fileName;
    const place = await placeOf(target);
    if (place === undefined) {
      await pipeline(readableOf(archive.body), createWriteStream(target));
      return;
    }
    const beside = `${place}.${process.pid}.part`;
    try {
      await pipeline(readableOf(archive.body), createWriteStream(beside, { mode: 0o600 }));
      await rename(beside, place);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    progress.end();
    context.output.facts({ event: "saved", file: target }, [[context.strings.facts.saved, target]]);
  } finally {
    progress.end();
  }
}

/** The two worlds' stream types disagree. Given up, for want of room or of a reader, it lets go of the line. */
const readableOf = (stream: ReadableStream<Uint8Array>) => Readable.fromWeb(stream as WebStream);

export async function logCommand(
  context: CommandContext,
  ins: string,
  { from, to }: { readonly from?: string; readonly to?: string },
): Promise<void> {
  const { strings, output, io } = context;
  const between = {
    ...(from ? { from: dayOf(from, "--from", strings) } : {}),
    ...(to ? { to: dayOf(to, "--to", strings) } : {}),
  };
  const events = await (await context.record(ins)).accessLog({ ...between, signal: io.signal });
  const { date, who, what, outcome } = strings.columns;
  const rows = events.map((event) => ({ json: event, cells: cellsOfEvent(event) }));
  output.list([date, outcome, who, what], rows, strings.nothing);
}

function cellsOfEvent({ recorded, outcome, agent, subtype, type }: AuditEvent): string[] {
  const who = agent.find((one) => one.requestor) ?? agent[0];
  return [
    recorded.slice(0, 16).replace("T", " "),
    outcome ?? "",
    who?.name ?? who?.who?.display ?? "",
    subtype?.map((one) => one.display ?? one.code ?? "").join(", ") || (type.display ?? type.code ?? ""),
  ];
}

/** Half a word must not read as a whole one. */
const shortened = (name: string) => (name.length > 32 ? `${name.slice(0, 31)}…` : name);
