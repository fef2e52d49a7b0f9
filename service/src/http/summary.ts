/** `$summary`: the facts of the visible documents as one IPS document, checked. Composed once per version of the record and view. */
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { traceConsultation } from "../log/notice.ts";
import { careReaderOf } from "../rules/index.ts";
import { perStore } from "../store/per-store.ts";
import type { RecordLocator } from "../store/records.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { composeSummary } from "./compose-summary.ts";
import { isUuid } from "./ids.ts";
import { badRequest, notFound } from "./outcome.ts";
import { localeOf, parametersOf, parseInsToken, requireKnown } from "./parameters.ts";
import { identityResource } from "./patient-resource.ts";
import { FHIR_JSON } from "./respond.ts";
import type { Services } from "./services.ts";
import { visibleDocuments } from "./summary-documents.ts";

export function registerSummary(fhir: FastifyInstance, services: Services): void {
  const byIdentifier = async (request: FastifyRequest, reply: FastifyReply) => {
    const parameters = parametersOf(request);
    requireKnown(parameters, ["identifier"]);
    const token = parameters.get("identifier");
    if (!token)
      throw badRequest("Le paramètre identifier est exigé.", "The parameter identifier is required.", "identifier");
    const ins = parseInsToken(token, "identifier", services.config.rules.acceptsWrongTestKeys);
    return answer(services, request, reply, { ins });
  };
  const byId = async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    if (!isUuid(request.params.id)) throw notFound();
    requireKnown(parametersOf(request), []);
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
  const locale = localeOf(request);
  const { etag, summary } = await summaryOf(services, record, locale);
  const isSame = request.headers["if-none-match"]?.split(",").some((one) => one.trim() === etag) ?? false;
  await traceConsultation(services, {
    ...trace,
    recordId: record.id,
    caller,
    recorded: record.now,
    outcome: "granted",
    rule: "R80",
    dataCategories: ["patient-summary"],
  });
  reply.header("etag", etag).header("vary", "accept-language");
  if (isSame) return reply.code(304).send();
  return reply.code(200).headers({ "content-type": FHIR_JSON, "cache-control": "private, no-cache" }).send(summary);
}

/** Summaries being composed now, so that two callers do not compose the same one. */
const composingIn = perStore(() => new Map<string, Promise<Buffer>>());

/** The summary as the caller may read it, as JSON in UTF-8. */
export async function summaryFor(services: Services, record: OpenRecord, locale: "fr" | "en"): Promise<Buffer> {
  return (await summaryOf(services, record, locale)).summary;
}

async function summaryOf(
  services: Services,
  record: OpenRecord,
  locale: "fr" | "en",
): Promise<{ etag: string; summary: Buffer }> {
  const visible = await visibleDocuments(services, record);
  const { data: drugData, edition } = await services.drugData.current();
  const reader = careReaderOf(record.caller.actor, services.config.rules.prescribingProfessions);
  const patient = { ...identityResource(record.row), id: record.id };
  // The record's version is no part of the key: it grows with what this reader may not see, and must not show (R145).
  // The day is: "current" treatments end with time.
  const key = [
    record.id,
    digest(JSON.stringify(patient)),
    locale,
    reader,
    record.now.toISOString().slice(0, 10),
    digest(edition),
    digest(visible.map((row) => `${row.document_id} ${row.reader_version} ${row.type_code} ${+row.date}`).join(" ")),
  ].join(" ");
  const etag = `W/"${digest(key).slice(0, 27)}"`;
  const known = services.summaries.get(key);
  if (known !== undefined) return { etag, summary: known };
  const composing = composingIn(services.store);
  const running =
    composing.get(key) ?? composeSummary(services, record, visible, { locale, patient, reader, drugData });
  composing.set(key, running);
  try {
    const summary = await running;
    services.summaries.put(key, summary);
    return { etag, summary };
  } finally {
    composing.delete(key);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
