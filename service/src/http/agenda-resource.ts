/** Appointments on the wire (R167), read from what was posted and written from what is kept. */
import type { Appointment } from "@carnet/sdk/fhir";
import { isInsSystem } from "@carnet/sdk/identity";
import type { Selectable } from "kysely";
import * as v from "valibot";
import type { RecommendedExamination } from "../rules/index.ts";
import type { Ins, RecordLocator } from "../store/records.ts";
import { openJson } from "../store/sealed-text.ts";
import type { AppointmentTable } from "../store/tables.ts";
import { isUuid, wireId } from "./ids.ts";
import { WireError } from "./outcome.ts";
import { parseInsToken } from "./parameters.ts";
import { numberOf, senderNumber } from "./sender-number.ts";

export type AppointmentRow = Selectable<AppointmentTable>;

export const APPOINTMENT_KIND = "https://carnet.example/fhir/CodeSystem/appointment-kind";
/** When the person wants to be reminded: an instant. */
export const REMIND_AT = "https://carnet.example/fhir/StructureDefinition/remind-at";

const instant = v.pipe(v.string(), v.isoTimestamp());
const shape = v.looseObject({
  resourceType: v.literal("Appointment"),
  identifier: senderNumber,
  status: v.picklist(["booked", "cancelled"]),
  start: instant,
  end: v.optional(instant),
  description: v.optional(v.pipe(v.string(), v.maxLength(200)), ""),
  comment: v.optional(v.pipe(v.string(), v.maxLength(2000)), ""),
  appointmentType: v.optional(
    v.looseObject({
      coding: v.tupleWithRest(
        [v.looseObject({ code: v.picklist(["appointment", "reminder", "examination"]) })],
        v.unknown(),
      ),
    }),
  ),
  extension: v.optional(v.array(v.looseObject({ url: v.string(), valueInstant: v.optional(instant) })), []),
  participant: v.pipe(
    v.array(
      v.looseObject({
        actor: v.looseObject({
          reference: v.optional(v.string()),
          identifier: v.optional(v.looseObject({ system: v.string(), value: v.string() })),
        }),
      }),
    ),
    v.minLength(1),
    v.maxLength(10),
  ),
});

/** What an appointment is about; sealed. */
export const appointmentContent = v.object({
  description: v.string(),
  comment: v.string(),
  number: senderNumber,
});
export type AppointmentContent = v.InferOutput<typeof appointmentContent>;

export interface IncomingAppointment {
  readonly locator: RecordLocator;
  readonly kind: AppointmentRow["kind"];
  readonly status: AppointmentRow["status"];
  readonly start: Date;
  readonly end?: Date | undefined;
  readonly remindAt?: Date | undefined;
  readonly content: AppointmentContent;
}

/** @throws WireError 422 naming the place */
export function readAppointment(body: unknown, acceptsWrongTestKeys: boolean): IncomingAppointment {
  const parsed = v.safeParse(shape, body);
  if (!parsed.success) throw malformedAppointment(v.getDotPath(parsed.issues[0]) ?? "");
  const {
    identifier: number,
    status,
    start,
    end,
    description,
    comment,
    appointmentType,
    extension,
    participant,
  } = parsed.output;
  const remindAt = extension.find((one) => one.url === REMIND_AT)?.valueInstant;
  if (end !== undefined && Date.parse(end) < Date.parse(start)) throw malformedAppointment("end");
  return {
    locator: locatorOf(participant, acceptsWrongTestKeys),
    kind: appointmentType?.coding[0].code ?? "appointment",
    status,
    start: new Date(start),
    end: end === undefined ? undefined : new Date(end),
    remindAt: remindAt === undefined ? undefined : new Date(remindAt),
    content: { description, comment, number },
  };
}

function locatorOf(
  participants: v.InferOutput<typeof shape>["participant"],
  acceptsWrongTestKeys: boolean,
): RecordLocator {
  for (const { actor } of participants) {
    const { identifier, reference } = actor;
    if (identifier && isInsSystem(identifier.system)) {
      const token = `${identifier.system}|${identifier.value}`;
      return { ins: parseInsToken(token, "Appointment.participant.actor.identifier", acceptsWrongTestKeys) };
    }
    const id = /(?:^|\/)Patient\/([0-9a-f-]{36})$/.exec(reference ?? "")?.[1];
    if (id && isUuid(id)) return { id };
  }
  throw malformedAppointment("participant");
}

export function malformedAppointment(place: string): WireError {
  return new WireError(422, [
    {
      code: "value",
      fr: "Rendez-vous non compris : status (booked, cancelled), start, participant (le patient, par son INS).",
      en: "Appointment not understood: status (booked, cancelled), start, participant (the patient, by INS).",
      expression: place ? `Appointment.${place}` : "Appointment",
    },
  ]);
}

export const contextOfAppointment = (recordId: string, id: string) => `appointment ${recordId} ${id}`;

const participantOf = (recordId: string, holder: Ins): Appointment["participant"] => [
  { actor: { reference: `Patient/${recordId}`, type: "Patient", identifier: { ...holder } }, status: "accepted" },
];

export function appointmentResource(key: Buffer, row: AppointmentRow, holder: Ins): Appointment {
  const context = contextOfAppointment(row.record_id, row.appointment_id);
  const { description, comment, number } = v.parse(appointmentContent, openJson(key, context, row.sealed));
  return {
    resourceType: "Appointment",
    id: wireId(row.record_id, row.appointment_id),
    meta: { versionId: String(row.version) },
    ...numberOf(number),
    ...(row.remind_at ? { extension: [{ url: REMIND_AT, valueInstant: row.remind_at.toISOString() }] } : {}),
    status: row.status,
    appointmentType: { coding: [{ system: APPOINTMENT_KIND, code: row.kind }] },
    ...(description ? { description } : {}),
    start: row.starts_at.toISOString(),
    // FHIR wants both for what is booked: an end that nobody gave is the beginning.
    end: (row.ends_at ?? row.starts_at).toISOString(),
    created: row.created_at.toISOString(),
    ...(comment ? { comment } : {}),
    participant: participantOf(row.record_id, holder),
  };
}

/** A recommended examination: proposed, without a date. */
export function recommendationResource(
  recordId: string,
  holder: Ins,
  examination: RecommendedExamination,
  locale: "fr" | "en",
): Appointment {
  return {
    resourceType: "Appointment",
    status: "proposed",
    appointmentType: { coding: [{ system: APPOINTMENT_KIND, code: "examination" }] },
    reasonCode: [{ coding: [{ system: APPOINTMENT_KIND, code: examination.code }], text: examination[locale] }],
    description: examination[locale],
    participant: participantOf(recordId, holder).map((one) => ({ ...one, status: "needs-action" })),
  };
}
