/** Communication: notices (R190 to R196), messages (R166), reports (R186). One list, three rooms behind it. */
import type { Communication } from "@carnet/sdk/fhir";
import type { FastifyInstance } from "fastify";
import * as v from "valibot";
import { appendAccess } from "../log/access-log.ts";
import { type Act, decide } from "../rules/index.ts";
import { listAttachments } from "../store/messages.ts";
import { type OpenRecord, openRecord } from "./access.ts";
import { searchSet } from "./bundle.ts";
import { callerOf } from "./caller.ts";
import { type CommunicationCategory, categories, readCommunication } from "./communication-body.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import { readCount } from "./document-query.ts";
import { parseWireId } from "./ids.ts";
import { changeMessage, findMessage, messagePage, messageResource, sendMessage } from "./messages.ts";
import { noticePage } from "./notice-list.ts";
import { badRequest, notFound, refusalError, WireError } from "./outcome.ts";
import { localeOf, PATIENT_PARAMETERS, parametersOf, patientOf, queryText, requireKnown } from "./parameters.ts";
import { reportPage, sendReport } from "./reports.ts";
import { sendFhir, sendFhirText } from "./respond.ts";
import type { Services } from "./services.ts";

const actOf: Readonly<Record<CommunicationCategory, Act>> = { message: "message", notice: "notices", report: "report" };

interface Entry {
  readonly at: Date;
  readonly id: string;
  readonly resource: Communication;
}

export function registerCommunication(fhir: FastifyInstance, services: Services): void {
  const base = `${services.config.publicUrl}/fhir`;

  fhir.get("/Communication", async (request, reply) => {
    const caller = callerOf(request);
    const parameters = parametersOf(request);
    requireKnown(parameters, ["category", "_cursor"], PATIENT_PARAMETERS);
    const wanted = categoriesOf(parameters, caller.actor.kind === "patient");
    const count = readCount(parameters);
    const cursor = parameters.has("_cursor") ? decodeCursor(parameters.get("_cursor") ?? "") : undefined;
    const locator = patientOf(parameters, services.config.rules.acceptsWrongTestKeys);
    const query = queryText(parameters);
    const trace = { transaction: "MESSAGES", action: "E", objectType: "Communication", query } as const;
    const record = await openRecord(services, caller, locator, actOf[wanted[0]], trace);
    const permitted = wanted.filter((one) => decide({ ...record.question, act: actOf[one] }).permit);
    const found = await entriesOf(services, record, permitted, cursor, count + 1, localeOf(request));
    const page = found.slice(0, count);
    const last = page.at(-1);
    await appendAccess(services.store.database, {
      ...trace,
      recordId: record.id,
      caller,
      recorded: record.now,
      outcome: "granted",
      rule: "R166",
    });
    const next = new URLSearchParams(parameters);
    if (last) next.set("_cursor", encodeCursor({ position: last.at, id: last.id }));
    const text = searchSet({
      lastUpdated: record.now,
      self: `${base}/Communication?${parameters.toString()}`,
      next: found.length > count ? `${base}/Communication?${next.toString()}` : undefined,
      entries: page.map(({ resource }) => ({
        fullUrl: `${base}/Communication/${resource.id}`,
        resource: JSON.stringify(resource),
        mode: "match",
      })),
    });
    return sendFhirText(reply, 200, text);
  });

  fhir.post("/Communication", async (request, reply) => {
    const caller = callerOf(request);
    const incoming = readCommunication(request.body, services.config.rules.acceptsWrongTestKeys);
    const send = incoming.category === "report" ? sendReport : sendMessage;
    const { kept, isNew } = await send(services, caller, incoming);
    reply.header("location", `${base}/Communication/${kept.id}`);
    return sendFhir(reply, isNew ? 201 : 200, kept);
  });

  fhir.get<{ Params: { id: string } }>("/Communication/:id", async (request, reply) => {
    const { record, row } = await openMessage(services, request, "R");
    const files = await listAttachments(services.store.database, record.id, [row.message_id]);
    return sendFhir(reply, 200, messageResource(services, record, row, files));
  });

  fhir.patch<{ Params: { id: string } }>("/Communication/:id", async (request, reply) => {
    const change = readChange(request.body);
    const { record, row } = await openMessage(services, request, "U");
    const verdict = await changeMessage(services, record, row, change);
    if (!verdict.permit) throw refusalError(verdict, "Communication");
    const changed = await findMessage(services, record, row.message_id);
    if (!changed) throw notFound();
    const files = await listAttachments(services.store.database, record.id, [row.message_id]);
    return sendFhir(reply, 200, messageResource(services, record, changed, files));
  });

  fhir.get<{ Params: { id: string; position: string } }>(
    "/Communication/:id/attachment/:position",
    { config: { answersContents: true } },
    async (request, reply) => {
      const { record, row } = await openMessage(services, request, "R");
      const files = await listAttachments(services.store.database, record.id, [row.message_id]);
      const file = files.find((one) => String(one.position) === request.params.position);
      if (!file) throw notFound();
      const key = services.store.keys.unwrap(record.row.wrapped_key);
      const address = { recordId: record.id, blobId: file.blob_id, key };
      const bytes = await services.store.blobs.get(address, { size: file.size, start: 0, end: file.size });
      // Untrusted content: opened in a page of its own, it runs nothing.
      reply.headers({
        "content-type": file.content_type,
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
      });
      return reply.send(bytes);
    },
  );
}

function categoriesOf(
  parameters: URLSearchParams,
  isPatient: boolean,
): readonly [CommunicationCategory, ...CommunicationCategory[]] {
  const written = parameters.get("category");
  if (written === null) return isPatient ? ["notice", "message", "report"] : ["message"];
  const wanted = written.split(",").map((token) => token.slice(token.lastIndexOf("|") + 1));
  const known = categories.filter((one) => wanted.includes(one));
  const [first, ...others] = known;
  if (!first || known.length !== wanted.length)
    throw badRequest("category vaut notice, message ou report.", "category is notice, message or report.", "category");
  return [first, ...others];
}

/** Newest first over the categories: each gives a page, and the newest of all make the page. */
async function entriesOf(
  services: Services,
  record: OpenRecord,
  wanted: readonly CommunicationCategory[],
  cursor: Cursor | undefined,
  limit: number,
  locale: "fr" | "en",
): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for (const category of wanted) {
    switch (category) {
      case "message":
        all.push(...(await messagePage(services, record, cursor, limit)));
        break;
      case "notice":
        all.push(...(await noticePage(services, record, cursor, limit, locale)));
        break;
      case "report":
        all.push(...(await reportPage(services, record, cursor, limit)));
        break;
    }
  }
  return all.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)).slice(0, limit);
}

const patch = v.tuple([
  v.looseObject({
    op: v.picklist(["add", "replace"]),
    path: v.picklist(["/received", "/status"]),
    value: v.string(),
  }),
]);

/** A message is read (`/received`), or its exchange ended (`/status` = `stopped`): nothing else of it changes. */
function readChange(body: unknown): "received" | "stopped" {
  const parsed = v.safeParse(patch, body);
  const [step] = parsed.success ? parsed.output : [];
  if (step?.path === "/received") return "received";
  if (step?.path === "/status" && step.value === "stopped") return "stopped";
  throw new WireError(405, [
    {
      code: "not-supported",
      fr: "D'un message, seuls /received et /status (stopped) changent.",
      en: "Of a message, only /received and /status (stopped) change.",
      expression: "Communication",
    },
  ]);
}

/** A message that the caller takes part in; anything else answers as what does not exist. */
async function openMessage(
  services: Services,
  request: { readonly params: { readonly id: string } } & Parameters<typeof callerOf>[0],
  action: "R" | "U",
) {
  const caller = callerOf(request);
  const { id } = request.params;
  const member = parseWireId(id);
  if (!member) throw notFound();
  const trace = { transaction: "MESSAGES", action, objectType: "Communication", objectId: id } as const;
  const record = await openRecord(services, caller, { id: member.recordId }, "message", trace);
  const row = await findMessage(services, record, member.memberId);
  const access = { ...trace, recordId: record.id, caller, recorded: record.now, rule: "R166" } as const;
  if (!row) {
    await appendAccess(services.store.database, { ...access, outcome: "refused", isConcealed: true });
    throw notFound();
  }
  if (action === "R") await appendAccess(services.store.database, { ...access, outcome: "granted" });
  return { record, row };
}
