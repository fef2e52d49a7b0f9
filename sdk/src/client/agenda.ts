import type { Appointment } from "fhir/r4.js";
import type { CallOptions } from "../fhir/http/index.ts";
import { parseBundle } from "../fhir/parse.ts";
import { resourcesOf } from "../fhir/resources.ts";
import type { RecordContext } from "./context.ts";
import { toIdentifier } from "./numbered.ts";
import type { AppointmentInput } from "./types.ts";
import { erase, given, idOf, searchRecord, toSubject, write } from "./wire.ts";

const KIND = "https://carnet.example/fhir/CodeSystem/appointment-kind";
const REMIND_AT = "https://carnet.example/fhir/StructureDefinition/remind-at";

/** R167: see `RecordHandle.appointments`. */
export function appointments(
  context: RecordContext,
  options: CallOptions & { readonly from?: string; readonly before?: string } = {},
): Promise<Appointment[]> {
  const { from, before, ...call } = options;
  const date = [...(from ? [`ge${from}`] : []), ...(before ? [`lt${before}`] : [])];
  return searchRecord(context, "Appointment", { date }, call);
}

/** R167: see `RecordHandle.recommendedExaminations`. */
export async function recommendedExaminations(
  context: RecordContext,
  options: CallOptions = {},
): Promise<Appointment[]> {
  const query = { "patient.identifier": context.insToken };
  const path = "Appointment/$recommended";
  const { answer, body } = await context.http.json({ method: "GET", path, query, ...options });
  return resourcesOf(parseBundle(body, answer.request), "Appointment");
}

/** R167: see `RecordHandle.addAppointment`. */
export function addAppointment(
  context: RecordContext,
  appointment: AppointmentInput,
  options: CallOptions = {},
): Promise<Appointment> {
  const numbered = { ...toAppointment(context, appointment), identifier: toIdentifier(appointment.number) };
  return write(context, "Appointment", numbered, { isIdempotent: true, ...options });
}

/** R167: see `RecordHandle.changeAppointment`. */
export function changeAppointment(
  context: RecordContext,
  former: Appointment | string,
  appointment: AppointmentInput,
  options: CallOptions = {},
): Promise<Appointment> {
  return write(context, "Appointment", toAppointment(context, appointment), { id: idOf(former, "former"), ...options });
}

/** R167: see `RecordHandle.removeAppointment`. */
export function removeAppointment(
  context: RecordContext,
  appointment: Appointment | string,
  options: CallOptions = {},
): Promise<void> {
  return erase(context, "Appointment", idOf(appointment, "appointment"), options);
}

function toAppointment(context: RecordContext, input: AppointmentInput): Omit<Appointment, "resourceType"> {
  const {
    kind = "appointment",
    isCancelled,
    start,
    end,
    description,
    comment,
    remindAt,
  } = given(input, "appointment: { start, … }");
  return {
    ...(remindAt ? { extension: [{ url: REMIND_AT, valueInstant: remindAt }] } : {}),
    status: isCancelled ? "cancelled" : "booked",
    appointmentType: { coding: [{ system: KIND, code: kind }] },
    start,
    ...(end ? { end } : {}),
    ...(description ? { description } : {}),
    ...(comment ? { comment } : {}),
    participant: [{ actor: toSubject(context.ins), status: "accepted" }],
  };
}
