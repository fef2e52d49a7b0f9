/** The access log by day, one line per person: "who looked", not a list of requests. */
import type { AuditEvent } from "@carnet/sdk/fhir";

/** What somebody did, in the words a patient would use. */
export type Act =
  | "read-summary"
  | "read-document"
  | "list"
  | "deposit"
  | "change"
  | "authorise"
  | "log"
  | "check"
  | "other";

/** Everything that one person did in one day, under one condition. */
export interface AccessLine {
  readonly who: string;
  /** TRE_G15 code, for example `10`. */
  readonly profession?: string;
  readonly structure?: string;
  /** What they did and how many times, most telling first. */
  readonly acts: readonly { readonly act: Act; readonly count: number }[];
  readonly isRefused: boolean;
  readonly isEmergency: boolean;
  /** The person, or who represents them. */
  readonly isSelf: boolean;
  /** First and last time (ISO). */
  readonly from: string;
  readonly to: string;
  /** Reason given for an emergency access. */
  readonly reason?: string;
}

export interface AccessDay {
  /** YYYY-MM-DD in Paris. */
  readonly day: string;
  readonly lines: readonly AccessLine[];
}

const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" });

/** Groups the log: one line per person, refusals and emergencies apart. Newest day first. */
export function accessDays(events: readonly AuditEvent[]): readonly AccessDay[] {
  const days = new Map<string, Map<string, AuditEvent[]>>();
  for (const event of [...events].sort((a, b) => b.recorded.localeCompare(a.recorded))) {
    const day = dayFormat.format(new Date(event.recorded));
    const people = days.get(day) ?? new Map<string, AuditEvent[]>();
    const key = JSON.stringify([requestorOf(event)?.who, isRefusal(event), isEmergency(event)]);
    people.set(key, [...(people.get(key) ?? []), event]);
    days.set(day, people);
  }
  return [...days].map(([day, people]) => ({ day, lines: [...people.values()].flatMap(accessLine) }));
}

/** One line from the events of one person, newest first. */
function accessLine(events: readonly AuditEvent[]): readonly AccessLine[] {
  const [newest] = events;
  const oldest = events.at(-1);
  if (!newest || !oldest) return [];
  const agent = requestorOf(newest);
  const structure = agent?.role?.find(({ text }) => text)?.text;
  const profession = agent?.role?.flatMap(({ coding }) => coding ?? []).find(({ code }) => code)?.code;
  const reason = events.flatMap(({ purposeOfEvent }) => purposeOfEvent ?? []).find(({ text }) => text)?.text;
  return [
    {
      who: agent?.who?.display ?? agent?.name ?? "",
      ...(profession && { profession }),
      ...(structure && { structure }),
      acts: countActs(events),
      isRefused: isRefusal(newest),
      isEmergency: isEmergency(newest),
      isSelf: agent?.who?.type === "Patient" || agent?.who?.type === "RelatedPerson",
      from: oldest.recorded,
      to: newest.recorded,
      ...(reason && isEmergency(newest) && { reason }),
    },
  ];
}

const requestorOf = (event: AuditEvent) => event.agent.find(({ requestor }) => requestor) ?? event.agent[0];
const isRefusal = (event: AuditEvent) => event.outcome !== undefined && event.outcome !== "0";
const isEmergency = (event: AuditEvent) =>
  (event.purposeOfEvent ?? []).some(({ coding }) => coding?.some(({ code }) => code === "BTG" || code === "ETREAT"));

/** Acts from the one that tells most. That a software asked whether the record exists matters only alone. */
const order: readonly Act[] = [
  "read-summary",
  "read-document",
  "deposit",
  "change",
  "authorise",
  "list",
  "log",
  "other",
  "check",
];

function countActs(events: readonly AuditEvent[]): AccessLine["acts"] {
  const counts = new Map<Act, number>();
  for (const event of events) counts.set(actOf(event), (counts.get(actOf(event)) ?? 0) + 1);
  if (counts.size > 1) counts.delete("check");
  return order.flatMap((act) => {
    const count = counts.get(act);
    return count ? [{ act, count }] : [];
  });
}

const byTransaction: Readonly<Record<string, Act>> = {
  SUMMARY: "read-summary",
  "TD0.2": "check",
  "TD0.3": "authorise",
  "TD1.6": "authorise",
  "TD2.1": "deposit",
  "TD3.1a": "list",
  "TD3.1b": "list",
  "ITI-66": "list",
  "TD3.2": "read-document",
  "TD3.3": "change",
  TRACES: "log",
};

function actOf(event: AuditEvent): Act {
  for (const { code } of event.subtype ?? []) {
    const act = code ? byTransaction[code] : undefined;
    if (act) return act;
  }
  return "other";
}
