/**
 * Messages between one professional and the person (R166). The professional opens an exchange and may end it; the patient
 * answers, and writes first only to a pharmacist they have been to. Nobody else reads them; for a minor, who does not sign
 * in (R9), the representatives do as R78 says.
 */
import { randomUUID } from "node:crypto";
import type { Communication, Reference } from "@carnet/sdk/fhir";
import { identifierSystem } from "@carnet/sdk/fhir";
import * as v from "valibot";
import { appendAccess } from "../log/access-log.ts";
import { noticeOf } from "../log/notice.ts";
import { type Act, permit, refuse, relationOf, type Verdict } from "../rules/index.ts";
import {
  type AttachmentRow,
  type ExchangeRow,
  findExchange,
  listAttachments,
  listMessages,
  type MessagePosition,
  type MessageRow,
  pharmacistVisited,
} from "../store/messages.ts";
import { openJson, sealJson } from "../store/sealed-text.ts";
import { type OpenRecord, openRecord, type Trace } from "./access.ts";
import { actorKey, type Caller } from "./caller.ts";
import { CATEGORY_SYSTEM, type IncomingAttachment, type IncomingCommunication } from "./communication-body.ts";
import { parseWireId, wireId } from "./ids.ts";
import { notFound, refusalError } from "./outcome.ts";
import { idFor, type KeptOnce, keepOnce, numberOf, otherContent, senderNumber } from "./sender-number.ts";
import type { Services } from "./services.ts";

const content = v.object({
  subject: v.string(),
  text: v.string(),
  titles: v.array(v.string()),
  number: senderNumber,
});

const keyOf = (services: Services, record: OpenRecord) => services.store.keys.unwrap(record.row.wrapped_key);
const contextOf = (recordId: string, messageId: string) => `message ${recordId} ${messageId}`;

/** The professional whose exchanges the caller may see: their own; the person's side sees all. */
export function partyOf({ caller: { actor } }: OpenRecord): string | undefined {
  return actor.kind === "professional" ? actor.rpps : undefined;
}

/** Sends a message, once for each number of its sender's. @throws WireError 403, 404, 409 */
export async function sendMessage(
  services: Services,
  caller: Caller,
  incoming: IncomingCommunication,
): Promise<KeptOnce<Communication>> {
  const act: Act = incoming.inResponseTo === undefined ? "write-first" : "answer";
  const trace: Trace = { transaction: "MESSAGES", action: "C", objectType: "Communication" };
  const record = await openRecord(services, caller, incoming.locator, act, trace);
  const { database } = services.store;
  // What parents must not know of is refused as any other such message, sent before or not (R12).
  const number = caller.isSecret ? undefined : incoming.number;
  const messageId = idFor("message", record, number);
  const find = async (): Promise<Communication | undefined> => {
    const [row] = await listMessages(database, record.id, { limit: 1, id: messageId });
    const files = row && (await listAttachments(database, record.id, [messageId]));
    return row && messageResource(services, record, row, files ?? []);
  };
  const once = await keepOnce(number, find, async () => {
    await keepMessage(services, record, incoming, messageId, trace);
    const kept = await find();
    if (!kept) throw notFound();
    return kept;
  });
  if (!once.isNew) {
    if (!isSameMessage(once.kept, incoming)) throw otherContent();
    const access = { ...trace, objectId: once.kept.id, recordId: record.id, caller, recorded: record.now } as const;
    await appendAccess(database, { ...access, outcome: "granted", rule: "R166", detail: "replay" });
  }
  return once;
}

/** Whether the message that is kept says what is sent, in the same exchange and to the same reader. */
function isSameMessage(kept: Communication, incoming: IncomingCommunication): boolean {
  const parts = kept.payload ?? [];
  const files = parts.flatMap(({ contentAttachment }) => contentAttachment ?? []);
  const [answered] = kept.inResponseTo ?? [];
  const [recipient] = kept.recipient ?? [];
  const reader = incoming.inResponseTo === undefined ? incoming.recipientId : undefined;
  return (
    (parts.find(({ contentString }) => contentString !== undefined)?.contentString ?? "") === incoming.text &&
    (kept.topic?.text ?? "") === incoming.subject &&
    answered?.reference?.replace(/^Communication\//, "") === incoming.inResponseTo &&
    (reader === undefined || recipient?.type !== "Practitioner" || recipient.identifier?.value === reader) &&
    files.length === incoming.attachments.length &&
    files.every(({ hash, contentType }, at) => {
      const sent = incoming.attachments[at];
      return sent !== undefined && sent.sha1 === hash && sent.contentType === contentType;
    })
  );
}

async function keepMessage(
  services: Services,
  record: OpenRecord,
  incoming: IncomingCommunication,
  messageId: string,
  trace: Trace,
): Promise<void> {
  const { caller } = record;
  const { database } = services.store;
  const verdict = await exchangeFor(services, record, incoming, messageId);
  if (!("exchange" in verdict)) {
    const access = { ...trace, recordId: record.id, caller, recorded: record.now } as const;
    const isConcealed = verdict.refusal === "concealed";
    await appendAccess(database, { ...access, outcome: "refused", rule: verdict.rule, isConcealed });
    throw refusalError(verdict, "Communication");
  }
  const blobs = await keepAttachments(services, record, incoming.attachments);
  try {
    await writeMessage(services, record, { ...verdict, incoming, messageId, blobs, trace });
  } catch (error) {
    for (const blobId of blobs) await services.store.blobs.remove({ recordId: record.id, blobId });
    throw error;
  }
  services.onNotice();
}

/**
 * A minor does not sign in: what the representatives must not know cannot be written to anybody, in an exchange that is there
 * already neither, and a mark in it tells them of the access (R12, R184).
 */
const shownToRepresentatives = { permit: false, rule: "R12", refusal: "forbidden" } as const;

type ExchangeFound = { readonly exchange: ExchangeRow; readonly isNew: boolean };

/** The exchange that a message belongs to, or begins. */
async function exchangeFor(
  services: Services,
  record: OpenRecord,
  incoming: IncomingCommunication,
  messageId: string,
): Promise<ExchangeFound | Extract<Verdict, { permit: false }>> {
  const { database } = services.store;
  const { actor } = record.caller;
  const refusal = { permit: false, rule: "R166", refusal: "forbidden" } as const;
  if (record.caller.isSecret) return shownToRepresentatives;
  if (incoming.inResponseTo !== undefined) {
    const root = parseWireId(incoming.inResponseTo);
    const found = root?.recordId === record.id ? await findExchange(database, record.id, root.memberId) : undefined;
    const party = partyOf(record);
    if (!found || (party !== undefined && found.professional_id !== party)) return { ...refusal, refusal: "concealed" };
    return found.ended_at === null ? { exchange: found, isNew: false } : refusal;
  }
  const base = { record_id: record.id, exchange_id: messageId, opened_at: record.now, ended_at: null };
  if (actor.kind === "professional") {
    const structure = actor.structure?.name ?? null;
    const exchange = { ...base, professional_id: actor.rpps, professional_name: actor.name, structure_name: structure };
    return { exchange: { ...exchange, opened_by: "professional" }, isNew: true };
  }
  const visited = incoming.recipientId
    ? await pharmacistVisited(database, record.id, incoming.recipientId, isHolder(record))
    : undefined;
  if (!visited || !incoming.recipientId) return refusal;
  const pharmacist = { professional_id: incoming.recipientId, professional_name: visited.name, structure_name: null };
  return { exchange: { ...base, ...pharmacist, opened_by: "patient" }, isNew: true };
}

function isHolder({ caller: { actor }, facts, now, question }: OpenRecord): boolean {
  return actor.kind === "patient" && relationOf(actor, facts, now, question.parameters) === "self";
}

async function keepAttachments(
  services: Services,
  record: OpenRecord,
  attachments: readonly IncomingAttachment[],
): Promise<readonly string[]> {
  const blobs: string[] = [];
  for (const { bytes } of attachments) {
    const blobId = randomUUID();
    await services.store.blobs.put({ recordId: record.id, blobId, key: keyOf(services, record) }, bytes);
    blobs.push(blobId);
  }
  return blobs;
}

interface Written extends ExchangeFound {
  readonly incoming: IncomingCommunication;
  readonly messageId: string;
  readonly blobs: readonly string[];
  readonly trace: Trace;
}

async function writeMessage(services: Services, record: OpenRecord, written: Written): Promise<void> {
  const { exchange, isNew, incoming, messageId, blobs, trace } = written;
  const { caller, now } = record;
  const isByProfessional = caller.actor.kind === "professional";
  const { subject, text, attachments, number } = incoming;
  const sealed = sealJson(keyOf(services, record), contextOf(record.id, messageId), {
    subject,
    text,
    titles: attachments.map(({ title }) => title),
    number,
  });
  await services.store.transaction(async (transaction) => {
    if (isNew) await transaction.insertInto("exchange").values(exchange).execute();
    await transaction
      .insertInto("message")
      .values({
        record_id: record.id,
        message_id: messageId,
        exchange_id: exchange.exchange_id,
        sender_kind: isByProfessional ? "professional" : "patient",
        sender_id: actorKey(caller.actor),
        sender_name: caller.actor.name,
        sent_at: now,
        read_at: null,
        sealed,
      })
      .execute();
    for (const [position, file] of attachments.entries()) {
      await transaction
        .insertInto("message_attachment")
        .values({
          record_id: record.id,
          attachment_id: randomUUID(),
          message_id: messageId,
          position,
          content_type: file.contentType,
          size: file.bytes.length,
          sha1: file.sha1,
          blob_id: blobs[position] ?? "",
        })
        .execute();
    }
    const objectId = wireId(record.id, messageId);
    const access = { ...trace, objectId, recordId: record.id, caller, recorded: now } as const;
    await appendAccess(transaction, { ...access, outcome: "granted", rule: "R166" });
    const key = `message:${messageId}`;
    const about = { recordId: record.id, key, now } as const;
    const notice = isByProfessional
      ? noticeOf({ ...about, kind: "message", caller })
      : noticeOf({ ...about, kind: "patient-message", professionalId: exchange.professional_id });
    await transaction.insertInto("notice").values(notice).execute();
  });
}

/** A page of messages of the record that the caller takes part in. */
export async function messagePage(
  services: Services,
  record: OpenRecord,
  after: MessagePosition | undefined,
  limit: number,
): Promise<readonly { readonly at: Date; readonly id: string; readonly resource: Communication }[]> {
  const { database } = services.store;
  const rows = await listMessages(database, record.id, { professionalId: partyOf(record), after, limit });
  const files = await listAttachments(
    database,
    record.id,
    rows.map((row) => row.message_id),
  );
  return rows.map((row) => {
    const mine = files.filter((file) => file.message_id === row.message_id);
    return { at: row.sent_at, id: row.message_id, resource: messageResource(services, record, row, mine) };
  });
}

/** One message, when the caller takes part in its exchange. */
export async function findMessage(services: Services, record: OpenRecord, id: string): Promise<MessageRow | undefined> {
  const [row] = await listMessages(services.store.database, record.id, {
    professionalId: partyOf(record),
    limit: 1,
    id,
  });
  return row;
}

/** R166: read by the other side; ended by the professional. @returns the verdict on the change */
export async function changeMessage(
  services: Services,
  record: OpenRecord,
  row: MessageRow,
  change: "received" | "stopped",
): Promise<Verdict> {
  const { caller, now } = record;
  if (caller.isSecret) return shownToRepresentatives;
  const side = caller.actor.kind === "professional" ? "professional" : "patient";
  const mayReceive = row.sender_kind !== side;
  const mayStop = side === "professional" && row.message_id === row.exchange_id;
  if (change === "received" ? !mayReceive : !mayStop) return refuse("R166");
  await services.store.transaction(async (transaction) => {
    if (change === "received") {
      await transaction
        .updateTable("message")
        .set({ read_at: now })
        .where("record_id", "=", record.id)
        .where("message_id", "=", row.message_id)
        .where("read_at", "is", null)
        .execute();
    } else {
      await transaction
        .updateTable("exchange")
        .set({ ended_at: now })
        .where("record_id", "=", record.id)
        .where("exchange_id", "=", row.exchange_id)
        .where("ended_at", "is", null)
        .execute();
    }
    await appendAccess(transaction, {
      transaction: "MESSAGES",
      action: "U",
      objectType: "Communication",
      objectId: wireId(record.id, row.message_id),
      recordId: record.id,
      caller,
      recorded: now,
      outcome: "granted",
      rule: "R166",
      detail: change,
    });
  });
  return permit("R166");
}

export function messageResource(
  services: Services,
  record: OpenRecord,
  row: MessageRow,
  attachments: readonly AttachmentRow[],
): Communication {
  const id = wireId(record.id, row.message_id);
  const rootId = wireId(record.id, row.exchange_id);
  const isRoot = row.message_id === row.exchange_id;
  const context = contextOf(record.id, row.message_id);
  const { subject, text, titles, number } = v.parse(content, openJson(keyOf(services, record), context, row.sealed));
  const holder = { system: record.facts.ins.system, value: record.facts.ins.value };
  const patient: Reference = { reference: `Patient/${record.id}`, type: "Patient", identifier: holder };
  const professional: Reference = {
    type: "Practitioner",
    identifier: { system: identifierSystem.professional, value: row.professional_id },
    display: row.professional_name,
  };
  const isByProfessional = row.sender_kind === "professional";
  const base = `${services.config.publicUrl}/fhir`;
  const isByHolder = row.sender_id === record.facts.ins.value;
  const sender = isByHolder
    ? { ...patient, display: row.sender_name }
    : { type: "RelatedPerson", display: row.sender_name };
  return {
    resourceType: "Communication",
    id,
    ...numberOf(number),
    ...(isRoot ? {} : { inResponseTo: [{ reference: `Communication/${rootId}` }] }),
    // The first message stands for the exchange: it says whether one may still answer.
    status: !isRoot ? "completed" : row.ended_at ? "stopped" : "in-progress",
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: "message" }] }],
    subject: patient,
    ...(subject ? { topic: { text: subject } } : {}),
    sent: row.sent_at.toISOString(),
    ...(row.read_at ? { received: row.read_at.toISOString() } : {}),
    recipient: [isByProfessional ? patient : professional],
    sender: isByProfessional ? professional : sender,
    payload: [
      ...(text ? [{ contentString: text }] : []),
      ...attachments.map((file, index) => ({
        contentAttachment: {
          contentType: file.content_type,
          url: `${base}/Communication/${id}/attachment/${file.position}`,
          size: file.size,
          hash: file.sha1,
          ...(titles[index] ? { title: titles[index] } : {}),
        },
      })),
    ],
  };
}
