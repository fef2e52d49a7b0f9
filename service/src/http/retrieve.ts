/** ITI-68: the content of a document (TD3.2): raw bytes, a Binary in JSON, ranges, and "not modified". */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { appendAccess } from "../log/access-log.ts";
import { traceConsultation } from "../log/notice.ts";
import { dataCategoryOf } from "../rules/index.ts";
import { factsOfRow, findDocument } from "../store/documents.ts";
import { openRecord } from "./access.ts";
import { callerOf } from "./caller.ts";
import { parseWireId } from "./ids.ts";
import { isJsonAskedFor, requireNoFhirXml } from "./negotiate.ts";
import { notFound, refusalError, WireError } from "./outcome.ts";
import type { Services } from "./services.ts";

export function registerRetrieve(fhir: FastifyInstance, services: Services): void {
  const handle =
    (kind: "Binary" | "Bundle") => async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) =>
      retrieve(services, request, reply, kind);
  const contents = { config: { answersContents: true } };
  fhir.get<{ Params: { id: string } }>("/Binary/:id", contents, handle("Binary"));
  fhir.get<{ Params: { id: string } }>("/Bundle/:id", contents, handle("Bundle"));
}

async function retrieve(
  services: Services,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  kind: "Binary" | "Bundle",
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const { id } = request.params;
  const member = parseWireId(id);
  if (!member) throw notFound();
  const trace = { transaction: "TD3.2", action: "R", objectType: kind, objectId: id } as const;
  const record = await openRecord(services, caller, { id: member.recordId }, "read", trace);
  const row = await findDocument(services.store.database, record.id, member.memberId);
  const isOfKind = row && (kind === "Bundle") === (row.content_type === "application/fhir+json");
  const verdict = row && isOfKind ? record.decideOn("read", factsOfRow(row)) : undefined;
  const access = {
    ...trace,
    recordId: record.id,
    caller,
    recorded: record.now,
    dataCategories: row && verdict?.permit ? [dataCategoryOf(row.type_code, row.class_code)] : undefined,
  };
  if (!row || !verdict?.permit) {
    await appendAccess(services.store.database, {
      ...access,
      outcome: "refused",
      rule: verdict?.rule ?? "none",
      isConcealed: true,
    });
    throw verdict && !verdict.permit ? refusalError(verdict) : notFound();
  }

  requireNoFhirXml(request, row.content_type);
  // The content never changes (R115): its hash names it.
  const etag = `"${Buffer.from(row.sha1, "base64").toString("hex")}"`;
  reply.headers({
    etag,
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    vary: "accept",
  });
  const isJson =
    kind === "Binary" && (isJsonAskedFor(request) || wantsBinaryJson(request.headers.accept, row.content_type));
  if (isSame(request.headers["if-none-match"], etag)) {
    await traceConsultation(services, {
      ...access,
      outcome: "granted",
      rule: verdict.rule,
      detail: "not-modified",
    });
    return reply.code(304).send();
  }
  const address = { recordId: record.id, blobId: row.blob_id, key: services.store.keys.unwrap(record.row.wrapped_key) };
  const range = isJson ? undefined : readRange(request.headers.range, request.headers["if-range"], etag, row.size);
  if (range === "unsatisfiable") {
    throw new WireError(
      416,
      [{ code: "value", fr: "Intervalle hors du document.", en: "The range is outside the document." }],
      { "content-range": `bytes */${row.size}` },
    );
  }
  const { start, end } = range ?? { start: 0, end: row.size };
  const bytes = await services.store.blobs.get(address, { size: row.size, start, end });
  await traceConsultation(services, { ...access, outcome: "granted", rule: verdict.rule });
  if (isJson) {
    reply.header("content-type", "application/fhir+json; charset=utf-8");
    return reply.send(
      `{"resourceType":"Binary","id":"${id}","meta":{"versionId":"1","lastUpdated":"${row.received_at.toISOString()}"},` +
        `"contentType":${JSON.stringify(row.content_type)},"securityContext":{"reference":"DocumentReference/${id}"},` +
        `"data":"${bytes.toString("base64")}"}`,
    );
  }
  // Untrusted content: opened in a page of its own, it runs nothing.
  reply.header("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  reply.header("content-type", row.content_type);
  if (range) reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${row.size}`);
  return reply.send(bytes);
}

/** FHIR JSON is wanted, and rather than the bytes themselves. */
function wantsBinaryJson(accept: string | undefined, contentType: string): boolean {
  if (!accept) return false;
  const qualities = new Map<string, number>();
  for (const part of accept.split(",")) {
    const [type = "", ...parameters] = part.trim().split(";");
    const quality = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((q) => q !== undefined);
    qualities.set(type.trim().toLowerCase(), quality === undefined ? 1 : Number(quality));
  }
  const json = Math.max(qualities.get("application/fhir+json") ?? 0, qualities.get("application/json") ?? 0);
  const [family] = contentType.split("/");
  const raw = qualities.get(contentType) ?? qualities.get(`${family}/*`) ?? qualities.get("*/*") ?? 0;
  return json > raw;
}

function isSame(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}

interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A single range; several, or a malformed header, are answered with the whole, as RFC 9110 allows. */
function readRange(
  header: string | undefined,
  ifRange: string | string[] | undefined,
  etag: string,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(size, Number(last));
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= size) return "unsatisfiable";
  return end <= start ? undefined : { start, end };
}
