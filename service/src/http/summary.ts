/** `$summary`: the facts of the visible documents as one IPS document. Composed once per version of the record and view. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Bundle, Patient } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import { type SummariseOptions, summarise, summariseInSteps } from "@carnet/sdk/summary";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sql } from "kysely";
import { traceConsultation } from "../log/notice.ts";
import { factsOfRow, type RuleRow } from "../store/documents.ts";
import type { RecordLocator } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { isUuid } from "./ids.ts";
import { badRequest, notFound } from "./outcome.ts";
import { parametersOf, parseInsToken } from "./parameters.ts";
import { identityResource } from "./patient-resource.ts";
import { FHIR_JSON } from "./respond.ts";
import type { Services } from "./services.ts";

export function registerSummary(fhir: FastifyInstance, services: Services): void {
  const byIdentifier = async (request: FastifyRequest, reply: FastifyReply) => {
    const token = parametersOf(request).get("identifier");
    if (!token)
      throw badRequest("Le paramètre identifier est exigé.", "The parameter identifier is required.", "identifier");
    const ins = parseInsToken(token, "identifier", services.config.rules.acceptsWrongTestKeys);
    return answer(services, request, reply, { ins });
  };
  const byId = async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    if (!isUuid(request.params.id)) throw notFound();
    return answer(services, request, reply, { id: request.params.id });
  };
  fhir.get("/Patient/$summary", byIdentifier);
  fhir.get<{ Params: { id: string } }>("/Patient/:id/$summary", byId);
}

async function answer(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  locator: RecordLocator,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const trace = { transaction: "SUMMARY", action: "R", objectType: "Composition" } as const;
  const record = await openRecord(services, caller, locator, "summary", trace);
  const locale = request.headers["accept-language"]?.toLowerCase().startsWith("en") ? "en" : "fr";
  const { etag, summary } = await summaryOf(services, record, locale);
  const isSame = request.headers["if-none-match"]?.split(",").some((one) => one.trim() === etag) ?? false;
  await traceConsultation(services, {
    ...trace,
    recordId: record.id,
    caller,
    recorded: record.now,
    outcome: "granted",
    rule: "R80",
  });
  reply.header("etag", etag).header("vary", "accept-language");
  if (isSame) return reply.code(304).send();
  return reply.code(200).headers({ "content-type": FHIR_JSON, "cache-control": "private, no-cache" }).send(summary);
}

/** Summaries being composed now, so that two callers do not compose the same one. */
const composing = new Map<string, Promise<Buffer>>();

async function summaryOf(
  services: Services,
  record: OpenRecord,
  locale: "fr" | "en",
): Promise<{ etag: string; summary: Buffer }> {
  const rows = await withFacts(services, record);
  const visible = rows
    .filter((row) => record.decideOn("summary", factsOfRow(row)).permit)
    .map((row) => row.document_id);
  const view = createHash("sha256").update(visible.join(" ")).digest("base64url");
  const patient = { ...identityResource(record.row), id: record.id };
  const identity = createHash("sha256").update(JSON.stringify(patient)).digest("base64url");
  // The record's version is no part of the key: it grows with what this reader may not see, and must not show (R145).
  // The day is: "current" treatments end with time.
  const key = `${record.id} ${identity} ${locale} ${record.now.toISOString().slice(0, 10)} ${view}`;
  const etag = `W/"${createHash("sha256").update(key).digest("base64url").slice(0, 27)}"`;
  const known = services.summaries.get(key);
  if (known !== undefined) return { etag, summary: known };
  const running = composing.get(key) ?? compose(services, record, visible, { locale, patient });
  composing.set(key, running);
  try {
    const summary = await running;
    services.summaries.put(key, summary);
    return { etag, summary };
  } finally {
    composing.delete(key);
  }
}

/** The documents with facts of one version of a record: decided again for each caller, read once. */
const factRows = new Map<string, readonly RuleRow[]>();
const MAX_RECORDS = 200;

async function withFacts(services: Services, record: OpenRecord): Promise<readonly RuleRow[]> {
  const key = `${record.id} ${record.row.version}`;
  const known = factRows.get(key);
  if (known) return known;
  // Only documents with facts matter: letters that are pictures add nothing.
  const { rows } = await sql<RuleRow>`
    select d.document_id, d.status, d.type_code, d.is_hidden, d.is_invisible_to_patient, d.is_invisible_to_representatives,
      d.is_archived, d.received_at, d.author_kind, d.author_ids, d.author_structure_ids, d.depositor_kind, d.depositor_id,
      d.depositor_structure_id
    from document d join document_fact f on f.record_id = d.record_id and f.document_id = d.document_id
    where d.record_id = ${record.id} and d.status = 'current' and not d.is_archived and f.state = 'read'
    order by d.date desc, d.document_id`.execute(services.store.database);
  for (const oldest of factRows.keys()) {
    if (factRows.size < MAX_RECORDS) break;
    factRows.delete(oldest);
  }
  factRows.set(key, rows);
  return rows;
}

const READ_AT_ONCE = 50;
/** Twenty years of dialysis hold 450 values of each analyte: a screen shows the newest, and says how many there are. */
const KEPT = { valuesPerAnalyte: 24, pastTreatments: 60 } as const;

async function compose(
  services: Services,
  record: OpenRecord,
  documentIds: readonly string[],
  view: { readonly locale: "fr" | "en"; readonly patient: Patient },
): Promise<Buffer> {
  const bundles: Bundle[] = [];
  // A record of thousands of documents takes a while to read: others are answered meanwhile.
  for (let at = 0; at < documentIds.length; at += READ_AT_ONCE) {
    const { rows } = await sql<{ facts: string; unique_id: string }>`
      select f.facts, d.unique_id
      from document_fact f join document d on d.record_id = f.record_id and d.document_id = f.document_id
      where f.record_id = ${record.id} and f.document_id = any(${documentIds.slice(at, at + READ_AT_ONCE)}::uuid[])`.execute(
      services.store.database,
    );
    for (const { facts, unique_id } of rows) {
      // A fact's source is the document as the record names it, whatever the content calls itself.
      bundles.push({ ...JSON.parse(facts), identifier: { system: identifierSystem.uri, value: unique_id } });
    }
    await setImmediate();
  }
  const options = { ...KEPT, ...view, now: record.now.toISOString() };
  return Buffer.from(JSON.stringify(await summariseSound(services, bundles, options)));
}

/** A document that cannot be summarised must not take the others' facts away: it alone is left out. */
async function summariseSound(
  services: Services,
  bundles: readonly Bundle[],
  options: SummariseOptions,
): Promise<Bundle> {
  try {
    return await summariseInSteps(bundles, options, setImmediate);
  } catch (error) {
    const sound = bundles.filter((bundle) => {
      try {
        summarise([bundle], options);
        return true;
      } catch {
        return false;
      }
    });
    if (sound.length === bundles.length) throw error;
    services.log.warn({ leftOut: bundles.length - sound.length }, "documents that no summary can hold were left out");
    return summariseInSteps(sound, options, setImmediate);
  }
}
