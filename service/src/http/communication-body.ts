/** What is read of a posted Communication: a message (R166) or a report (R186). */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { isInsSystem } from "@carnet/sdk/identity";
import * as v from "valibot";
import { decodeBase64 } from "../admission/index.ts";
import type { RecordLocator } from "../store/records.ts";
import { isUuid } from "./ids.ts";
import { WireError } from "./outcome.ts";
import { parseInsToken } from "./parameters.ts";
import { type SenderNumber, senderNumber } from "./sender-number.ts";

export const CATEGORY_SYSTEM = "https://carnet.example/fhir/CodeSystem/communication-category";
export const categories = ["notice", "message", "report"] as const;
export type CommunicationCategory = (typeof categories)[number];

const MAX_TEXT = 10_000;
const MAX_ATTACHMENTS = 5;
/** The same as for a document of a patient (R123). */
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;

const identifier = v.looseObject({ system: v.optional(v.string()), value: v.optional(v.string()) });
const reference = v.looseObject({
  reference: v.optional(v.pipe(v.string(), v.maxLength(300))),
  identifier: v.optional(identifier),
});
const concept = v.looseObject({
  coding: v.optional(v.array(v.looseObject({ code: v.optional(v.string()) }))),
  text: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const attachment = v.looseObject({
  contentType: v.pipe(v.string(), v.maxLength(100)),
  data: v.string(),
  title: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const communication = v.looseObject({
  resourceType: v.literal("Communication"),
  identifier: senderNumber,
  category: v.optional(v.array(concept)),
  subject: reference,
  recipient: v.optional(v.pipe(v.array(reference), v.maxLength(1))),
  inResponseTo: v.optional(v.pipe(v.array(reference), v.maxLength(1))),
  about: v.optional(v.pipe(v.array(reference), v.maxLength(1))),
  topic: v.optional(concept),
  payload: v.optional(
    v.array(
      v.looseObject({
        contentString: v.optional(v.pipe(v.string(), v.maxLength(MAX_TEXT))),
        contentAttachment: v.optional(attachment),
      }),
    ),
    [],
  ),
});

/** A file of a message, decoded and checked. */
export interface IncomingAttachment {
  readonly contentType: string;
  readonly title: string;
  readonly bytes: Buffer;
  readonly sha1: string;
}

export interface IncomingCommunication {
  readonly number: SenderNumber;
  readonly category: CommunicationCategory;
  readonly locator: RecordLocator;
  /** National id of the one professional it is for. */
  readonly recipientId?: string | undefined;
  /** Id of the first message of the exchange. */
  readonly inResponseTo?: string | undefined;
  /** `Type/id` of what a report is about. */
  readonly about?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly IncomingAttachment[];
}

/** @throws WireError 422 naming the place */
export function readCommunication(body: unknown, acceptsWrongTestKeys: boolean): IncomingCommunication {
  const parsed = v.safeParse(communication, body);
  if (!parsed.success) throw malformed(v.getDotPath(parsed.issues[0]) ?? "");
  const { identifier: number, category, subject, recipient, inResponseTo, about, topic, payload } = parsed.output;
  const code = category?.[0]?.coding?.[0]?.code ?? "message";
  const known = categories.find((one) => one === code);
  if (!known || known === "notice") throw malformed("category");
  const files = payload.flatMap((part) => part.contentAttachment ?? []);
  if (files.length > MAX_ATTACHMENTS) throw malformed("payload");
  const texts = payload.flatMap((part) => part.contentString ?? []);
  const text = texts.join("\n\n").trim();
  if (text.length > MAX_TEXT || (known === "message" && text === "" && files.length === 0)) throw malformed("payload");
  return {
    number,
    category: known,
    locator: locatorOf(subject, acceptsWrongTestKeys),
    recipientId: recipient?.[0]?.identifier?.value,
    inResponseTo: idOf(inResponseTo?.[0]?.reference),
    about: about?.[0]?.reference,
    subject: topic?.text ?? "",
    text,
    attachments: files.map((file, index) => readAttachment(file, `payload[${texts.length + index}].contentAttachment`)),
  };
}

const idOf = (text: string | undefined) => (text === undefined ? undefined : text.slice(text.lastIndexOf("/") + 1));

function locatorOf(subject: v.InferOutput<typeof reference>, acceptsWrongTestKeys: boolean): RecordLocator {
  const { system, value } = subject.identifier ?? {};
  if (system && isInsSystem(system))
    return { ins: parseInsToken(`${system}|${value}`, "Communication.subject.identifier", acceptsWrongTestKeys) };
  const id = subject.reference?.replace(/^.*Patient\//, "") ?? "";
  if (!isUuid(id)) throw malformed("subject");
  return { id };
}

/** First bytes of the formats that are let in; a text must be text. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  "application/pdf": ["25504446"],
  "image/jpeg": ["ffd8ff"],
  "image/png": ["89504e470d0a1a0a"],
  "image/tiff": ["49492a00", "4d4d002a"],
  "text/rtf": ["7b5c727466"],
  "application/rtf": ["7b5c727466"],
};

function readAttachment(file: v.InferOutput<typeof attachment>, place: string): IncomingAttachment {
  // Not by a pattern: a regular expression over megabytes exhausts the stack.
  const decoded = decodeBase64(file.data);
  if (!decoded) throw refusedFile(`${place}.data`);
  const bytes = Buffer.from(decoded);
  const contentType = (file.contentType.split(";")[0] ?? "").trim().toLowerCase();
  const begins = signatures[contentType];
  const isSound = begins
    ? begins.some((hex) => bytes.subarray(0, hex.length / 2).toString("hex") === hex)
    : contentType === "text/plain" && isUtf8(bytes) && !bytes.includes(0);
  if (!isSound || bytes.length === 0) throw refusedFile(`${place}.contentType`);
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw refusedFile(`${place}.data`);
  return { contentType, title: file.title ?? "", bytes, sha1: createHash("sha1").update(bytes).digest("base64") };
}

function refusedFile(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Pièce jointe non acceptée : PDF, image (JPEG, PNG, TIFF), RTF ou texte, 5 Mo au plus, et de ce format.",
      en: "Attachment not accepted: PDF, image (JPEG, PNG, TIFF), RTF or text, at most 5 MB, and really of that format.",
      expression: `Communication.${place}`,
    },
  ]);
}

function malformed(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Message non compris : subject (INS), un texte de 10 000 caractères au plus, cinq pièces jointes au plus.",
      en: "Message not understood: subject (INS), a text of at most 10 000 characters, at most five attachments.",
      expression: place ? `Communication.${place}` : "Communication",
    },
  ]);
}
