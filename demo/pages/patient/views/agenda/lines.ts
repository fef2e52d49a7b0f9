/** Lines of the agenda, from Appointments and back. R167. */
import type { AppointmentInput } from "@carnet/sdk";
import type { Appointment } from "@carnet/sdk/fhir";

const remindAtUrl = "https://carnet.example/fhir/StructureDefinition/remind-at";

export type AgendaKind = NonNullable<AppointmentInput["kind"]>;
const kinds: readonly AgendaKind[] = ["appointment", "reminder", "examination"];

export interface AgendaLine {
  readonly id: string;
  readonly kind: AgendaKind;
  readonly start: string;
  readonly description: string;
  readonly comment: string;
  readonly remindAt?: string;
  readonly isCancelled: boolean;
}

export function lineOf(appointment: Appointment): readonly AgendaLine[] {
  const { id, start, description = "", comment = "", extension = [], status } = appointment;
  if (!id || !start) return [];
  const code = appointment.appointmentType?.coding?.[0]?.code;
  const remindAt = extension.find(({ url }) => url === remindAtUrl)?.valueInstant;
  return [
    {
      id,
      kind: kinds.find((kind) => kind === code) ?? "appointment",
      start,
      description,
      comment,
      ...(remindAt && { remindAt }),
      isCancelled: status === "cancelled",
    },
  ];
}

/** As it stands, to be written again when its removal is undone. */
export const inputOf = ({ id: _id, ...line }: AgendaLine): AppointmentInput => line;

const hourMs = 3_600_000;
/** How long before its start a line is told, by the choice on the form. */
export const leads = { none: undefined, hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const;
export type Lead = keyof typeof leads;

export const isLead = (name: unknown): name is Lead => typeof name === "string" && Object.hasOwn(leads, name);

/** The choice that a line was made with; another distance is the nearest one. */
export function leadOf({ start, remindAt }: Pick<AgendaLine, "start" | "remindAt">): Lead {
  if (!remindAt) return "none";
  const distance = Date.parse(start) - Date.parse(remindAt);
  return distance <= 2 * hourMs ? "hour" : distance <= 48 * hourMs ? "day" : "week";
}

/** What the form says, or what is wrong with it. Day and hour are where the person is. */
export function readLine(data: FormData, now = Date.now()): AppointmentInput | "missing" | "past" {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const start = new Date(`${text("day")}T${text("time")}`);
  if (!text("description") || Number.isNaN(start.getTime())) return "missing";
  const chosen = data.get("remind");
  const lead = isLead(chosen) ? leads[chosen] : undefined;
  const remindAt = lead === undefined ? undefined : new Date(start.getTime() - lead);
  if (remindAt && remindAt.getTime() < now) return "past";
  return {
    kind: kinds.find((kind) => kind === data.get("kind")) ?? "appointment",
    start: start.toISOString(),
    description: text("description"),
    ...(text("comment") && { comment: text("comment") }),
    ...(remindAt && { remindAt: remindAt.toISOString() }),
  };
}
