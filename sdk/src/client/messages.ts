import type { Communication, CommunicationPayload } from "fhir/r4.js";
import { toBase64 } from "../fhir/base64.ts";
import { type CallOptions, DocumentNotFound } from "../fhir/http/index.ts";
import { identifierSystem } from "../fhir/systems.ts";
import type { RecordContext } from "./context.ts";
import { toIdentifier } from "./numbered.ts";
import type { DocumentContent, MessageInput, Numbered } from "./types.ts";
import { assertFile, given, idOf, listed, searchRecord, setValues, toSubject, write } from "./wire.ts";

/** R166: see `RecordHandle.messages`. */
export function messages(context: RecordContext, options: CallOptions = {}): Promise<Communication[]> {
  return searchRecord(context, "Communication", { category: "message" }, options);
}

/** R166: see `RecordHandle.sendMessage`. */
export function sendMessage(
  context: RecordContext,
  message: MessageInput,
  options: CallOptions = {},
): Promise<Communication> {
  const { text, topic, to, inResponseTo, attachments = [], number } = given(message, "message: { text, … }");
  const files = listed(attachments, "attachments").map(({ bytes, contentType, title }): CommunicationPayload => {
    // Of a bare ArrayBuffer nothing would be sent.
    if (!ArrayBuffer.isView(bytes)) throw new TypeError("attachments: { bytes } as a Uint8Array");
    return { contentAttachment: { contentType, data: toBase64(bytes), ...(title ? { title } : {}) } };
  });
  return write(
    context,
    "Communication",
    {
      identifier: toIdentifier(number),
      status: "completed",
      category: [{ coding: [{ code: "message" }] }],
      subject: toSubject(context.ins),
      ...(topic ? { topic: { text: topic } } : {}),
      ...(to
        ? {
            recipient: [{ type: "Practitioner", identifier: { system: identifierSystem.professional, value: to } }],
          }
        : {}),
      ...(inResponseTo ? { inResponseTo: [{ reference: `Communication/${idOf(inResponseTo, "inResponseTo")}` }] } : {}),
      payload: [{ contentString: text }, ...files],
    } satisfies Omit<Communication, "resourceType">,
    { isIdempotent: true, ...options },
  );
}

/** R166: see `RecordHandle.readAttachment`. */
export async function readAttachment(
  context: RecordContext,
  message: Communication,
  index: number,
  options: CallOptions = {},
): Promise<DocumentContent> {
  const files = (message?.payload ?? []).flatMap(({ contentAttachment }) => contentAttachment ?? []);
  const { url, contentType } = files[index] ?? {};
  if (!url) throw new DocumentNotFound("GET Communication/[id]/attachment");
  const answer = await context.http.send({ method: "GET", path: url, accept: "*/*", timeoutMs: 120_000, ...options });
  assertFile(answer);
  return { bytes: answer.bytes, contentType: contentType ?? "application/octet-stream" };
}

/** R166: see `RecordHandle.markMessageRead`. */
export function markMessageRead(
  context: RecordContext,
  message: Communication | string,
  options: CallOptions = {},
): Promise<void> {
  const step = { op: "add", path: "/received", value: new Date().toISOString() } as const;
  return setValues(context, "Communication", idOf(message, "message"), [step], options);
}

/** R166: see `RecordHandle.endExchange`. */
export function endExchange(
  context: RecordContext,
  message: Communication | string,
  options: CallOptions = {},
): Promise<void> {
  const step = { op: "replace", path: "/status", value: "stopped" } as const;
  return setValues(context, "Communication", idOf(message, "message"), [step], options);
}

/** R186: see `RecordHandle.report`. */
export function report(
  context: RecordContext,
  about: { readonly resourceType: "AuditEvent" | "DocumentReference" | "HealthcareService"; readonly id?: string },
  text: string,
  { number, ...options }: CallOptions & Numbered = {},
): Promise<Communication> {
  return write(
    context,
    "Communication",
    {
      identifier: toIdentifier(number),
      status: "completed",
      category: [{ coding: [{ code: "report" }] }],
      subject: toSubject(context.ins),
      about: [{ reference: `${given(about, "about: what is reported").resourceType}/${idOf(about, "about")}` }],
      payload: [{ contentString: text }],
    } satisfies Omit<Communication, "resourceType">,
    { isIdempotent: true, ...options },
  );
}
