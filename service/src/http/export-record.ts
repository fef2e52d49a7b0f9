/**
 * `POST Patient/[id]/$export-record`: a copy of the whole record as one ZIP, for the holder and those who represent them:
 * every document that they may see as it came in, the summary to print and as data, authorisations, messages, and the
 * whole access log. R171; Regulation 2025/327, articles 3 and 7.
 */
import type { FhirResource } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import { type ArchiveFile, makeArchive } from "../export/archive.ts";
import { createNaming } from "../export/file-names.ts";
import { type Files, indexPage, type Locale, summaryPage } from "../export/pages.ts";
import { traceConsultation } from "../log/notice.ts";
import { type DataCategory, dayOf } from "../rules/index.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { logTable } from "./audit-download.ts";
import { auditViewOf } from "./audit-view.ts";
import { callerOf } from "./caller.ts";
import { visibleConsents } from "./consent.ts";
import { exportedDocuments } from "./export-documents.ts";
import { exportedMessages } from "./export-messages.ts";
import { isUuid } from "./ids.ts";
import { notFound } from "./outcome.ts";
import { localeOf } from "./parameters.ts";
import type { Services } from "./services.ts";
import { summaryFor } from "./summary.ts";

export function registerExportRecord(fhir: FastifyInstance, services: Services): void {
  const contents = { config: { answersContents: true } };
  fhir.post<{ Params: { id: string } }>("/Patient/:id/$export-record", contents, async (request, reply) => {
    const caller = callerOf(request);
    if (!isUuid(request.params.id)) throw notFound();
    const trace = { transaction: "EXPORT", action: "R", objectType: "Patient", objectId: request.params.id } as const;
    const record = await openRecord(services, caller, { id: request.params.id }, "export", trace);
    const locale = localeOf(request);
    const { files, categories } = await filesOf(services, record, locale);
    // Before the first byte: a copy that breaks off in the middle was begun all the same.
    await traceConsultation(services, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R171",
      dataCategories: categories,
    });
    const { size, stream } = makeArchive(files);
    request.raw.once("close", () => {
      if (!reply.raw.writableFinished) stream.destroy();
    });
    const name = `${locale === "fr" ? "mon-carnet" : "my-record"}-${dayOf(record.now)}.zip`;
    return reply
      .headers({
        "content-type": "application/zip",
        "content-length": size,
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
        vary: "accept-language",
      })
      .send(stream);
  });
}

interface Exported {
  readonly files: readonly ArchiveFile[];
  readonly categories: readonly DataCategory[];
}

async function filesOf(services: Services, record: OpenRecord, locale: Locale): Promise<Exported> {
  const { now } = record;
  const who = { name: holderName(record), now, locale };
  const nameFile = createNaming();
  const { contents, listed, references, categories } = await exportedDocuments(services, record, locale, nameFile);
  const messages = await exportedMessages(services, record, locale, nameFile);
  const summary = await summaryFor(services, record, locale);
  const json = (path: string, value: unknown): ArchiveFile => ({
    path,
    at: now,
    bytes: Buffer.from(JSON.stringify(value)),
  });
  const names = paths[locale];
  const table: string[] = [];
  for await (const part of logTable(services, record, await auditViewOf(services, record), locale)) table.push(part);
  const files: Files = {
    summaryPage: names.summaryPage,
    summaryData: names.summaryData,
    log: names.log,
    consents: names.consents,
    index: names.index,
    ...(messages.communications.length > 0 ? { messages: names.messages } : {}),
  };
  return {
    categories: [...new Set(categories)],
    files: [
      { path: "index.html", at: now, bytes: indexPage(listed, files, who) },
      { path: names.summaryPage, at: now, bytes: summaryPage(JSON.parse(summary.toString()), who) },
      { path: names.summaryData, at: now, bytes: summary },
      ...contents,
      { path: names.log, at: now, bytes: Buffer.from(table.join("")) },
      json(names.consents, collection(await visibleConsents(services, record), now)),
      ...(messages.communications.length > 0 ? [json(names.messages, collection(messages.communications, now))] : []),
      ...messages.files,
      json(names.index, collection(references, now)),
    ],
  };
}

const paths = {
  fr: {
    summaryPage: "synthese.html",
    summaryData: "synthese.json",
    log: "acces.csv",
    consents: "autorisations.json",
    messages: "messages.json",
    index: "documents.json",
  },
  en: {
    summaryPage: "summary.html",
    summaryData: "summary.json",
    log: "accesses.csv",
    consents: "authorisations.json",
    messages: "messages.json",
    index: "documents.json",
  },
} as const;

function collection(resources: readonly FhirResource[], now: Date) {
  const entry = resources.map((resource) => ({ resource }));
  return {
    resourceType: "Bundle",
    type: "collection",
    timestamp: now.toISOString(),
    ...(entry.length > 0 ? { entry } : {}),
  };
}

function holderName({ row }: OpenRecord): string {
  return `${row.used_given_name ?? row.first_given_name} ${row.used_name ?? row.birth_name}`;
}
