/**
 * The whole log of a record as one file: a table for people (CSV, French or English) or a Bundle of AuditEvents. For the
 * holder and those who represent them. R171, R183; Regulation 2025/327, article 9.
 */
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type RawBuilder, sql } from "kysely";
import { appendAccess, type LogLine } from "../log/access-log.ts";
import { actorKindOf } from "../log/actor-kind.ts";
import { csvRow } from "../log/csv.ts";
import {
  actWords,
  categoryWords,
  kindWords,
  type LogLocale,
  modeWords,
  outcomeWords,
  professionWords,
} from "../log/words.ts";
import { dayOf, type Rule, ruleTexts } from "../rules/index.ts";
import type { Ins } from "../store/records.ts";
import type { Database } from "../store/store.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { type AuditView, auditViewOf } from "./audit-view.ts";
import { callerOf } from "./caller.ts";
import { badRequest } from "./outcome.ts";
import { localeOf, PATIENT_PARAMETERS, parametersOf, patientOf, requireKnown } from "./parameters.ts";
import { FHIR_JSON } from "./respond.ts";
import type { Services } from "./services.ts";

const LINES_AT_ONCE = 500;

export function registerAuditDownload(fhir: FastifyInstance, services: Services): void {
  fhir.get("/AuditEvent/$download", { config: { answersContents: true } }, async (request, reply) => {
    const caller = callerOf(request);
    const parameters = parametersOf(request);
    const format = formatOf(parameters.get("_format"));
    requireKnown(parameters, [], PATIENT_PARAMETERS);
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const trace = { transaction: "TRACES", action: "R", objectType: "AuditEvent", detail: format } as const;
    const record = await openRecord(services, caller, locator, "download-log", trace);
    const view = await auditViewOf(services, record);
    const access = { ...trace, recordId: record.id, caller, recorded: record.now } as const;
    await appendAccess(services.store.database, { ...access, outcome: "granted", rule: "R171" });
    const lines = linesOf(services.store.database, record.id, view);
    const locale = localeOf(request);
    const isCsv = format === "csv";
    const base = `${services.config.publicUrl}/fhir`;
    const parts = isCsv ? asCsv(lines, record.facts.ins, locale) : asBundle(lines, view, base, record.now);
    const name = `${locale === "fr" ? "acces" : "accesses"}-${dayOf(record.now)}`;
    return reply
      .headers({
        "content-type": isCsv ? "text/csv; charset=utf-8" : FHIR_JSON,
        "content-disposition": `attachment; filename="${name}.${isCsv ? "csv" : "json"}"`,
        "cache-control": "no-store",
        vary: "accept-language",
      })
      .send(Readable.from(parts));
  });
}

/** The log as a table, for whoever may read this view of it. */
export function logTable(
  services: Services,
  record: OpenRecord,
  view: AuditView,
  locale: LogLocale,
): AsyncGenerator<string> {
  return asCsv(linesOf(services.store.database, record.id, view), record.facts.ins, locale);
}

function formatOf(written: string | null): "csv" | "json" {
  switch (written) {
    case null:
    case "csv":
    case "text/csv":
      return "csv";
    case "json":
    case "application/json":
    case "application/fhir+json":
      return "json";
    default:
      throw badRequest("_format vaut csv ou json.", "_format is csv or json.", "_format");
  }
}

/** Every line that the caller reads, newest first, some hundreds at a time: a log of years is not held in memory. */
async function* linesOf(database: Database, recordId: string, view: AuditView): AsyncGenerator<readonly LogLine[]> {
  let before: number | undefined;
  for (;;) {
    const conditions: RawBuilder<unknown>[] = [
      sql`record_id = ${recordId}`,
      ...view.conditions,
      ...(before === undefined ? [] : [sql`sequence < ${before}`]),
    ];
    const { rows } = await sql<LogLine>`
      select * from access_log where ${sql.join(conditions, sql` and `)}
      order by sequence desc limit ${LINES_AT_ONCE}`.execute(database);
    yield rows.map((row) => view.shown(row));
    before = rows.at(-1)?.sequence;
    if (rows.length < LINES_AT_ONCE) return;
  }
}

const headings: Readonly<Record<LogLocale, readonly string[]>> = {
  fr: [
    "Date et heure",
    "Genre",
    "Nom",
    "Profession",
    "Structure",
    "Application",
    "Action",
    "Catégories de données",
    "Mode d’accès",
    "Raison donnée",
    "Résultat",
    "Règle",
  ],
  en: [
    "Date and time",
    "Kind",
    "Name",
    "Profession",
    "Organisation",
    "Application",
    "Action",
    "Categories of data",
    "Access mode",
    "Reason given",
    "Result",
    "Rule",
  ],
};

/** French spreadsheets expect semicolons; the mark at the beginning tells them that this is UTF-8. */
const separators = { fr: ";", en: "," } as const;

async function* asCsv(
  batches: AsyncIterable<readonly LogLine[]>,
  holder: Ins,
  locale: LogLocale,
): AsyncGenerator<string> {
  const separator = separators[locale];
  const when = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "short",
    timeStyle: "medium",
    timeZone: "Europe/Paris",
  });
  const rowOf = (line: LogLine): string => {
    // To the patient in person too, why they were refused their own document would tell what is hidden from them.
    const isSecret = line.is_concealed && line.actor_kind === "patient";
    const rule = line.outcome === "refused" && !isSecret && isRule(line.rule) ? ruleTexts[line.rule][locale] : "";
    const cells = [
      when.format(line.recorded),
      kindWords(actorKindOf(line, holder), locale),
      line.actor_name,
      professionWords(line.actor_profession),
      line.structure_name ?? "",
      line.application_name ?? "",
      actWords(line, locale),
      categoryWords(line.data_categories, locale),
      modeWords(line.purpose_of_use, locale),
      line.reason ?? "",
      outcomeWords(isSecret ? "failed" : line.outcome, locale),
      rule,
    ];
    return csvRow(cells, separator);
  };
  yield `\ufeff${csvRow(headings[locale], separator)}`;
  for await (const lines of batches) yield lines.map(rowOf).join("");
}

const isRule = (rule: string): rule is Rule => rule in ruleTexts;

async function* asBundle(
  batches: AsyncIterable<readonly LogLine[]>,
  view: AuditView,
  base: string,
  now: Date,
): AsyncGenerator<string> {
  yield `{"resourceType":"Bundle","type":"collection","timestamp":"${now.toISOString()}"`;
  let before = ',"entry":[';
  for await (const lines of batches) {
    if (lines.length === 0) continue;
    const entries = lines.map((line) => {
      const event = view.event(line);
      return `{"fullUrl":"${base}/AuditEvent/${event.id}","resource":${JSON.stringify(event)}}`;
    });
    yield before + entries.join(",");
    before = ",";
  }
  yield before === "," ? "]}" : "}";
}
