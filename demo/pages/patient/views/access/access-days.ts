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
  | "message"
  | "manage"
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
  /** Categories of the data that was shown (Regulation 2025/327, article 9), as codes. */
  readonly categories: readonly string[];
  /** The newest trace behind the line: what a report is about. */
  readonly eventId?: string;
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
  const profession = agent?.role
    ?.flatMap(({ coding }) => coding ?? [])
    .find(({ system, code }) => code && system !== actorKind)?.code;
  const categories = new Set(
    events
      .flatMap(({ entity }) => entity ?? [])
      .flatMap(({ detail }) => detail ?? [])
      .flatMap(({ type, valueString }) => (type === dataCategory && valueString ? [valueString] : [])),
  );
  const reason = events.flatMap(({ purposeOfEvent }) => purposeOfEvent ?? []).find(({ text }) => text)?.text;
  return [
    {
      who: agent?.who?.display ?? agent?.name ?? "",
      ...(profession && { profession }),
      ...(structure && { structure }),
      acts: countActs(events),
      categories: [...categories],
      ...(newest.id && { eventId: newest.id }),
      isRefused: isRefusal(newest),
      isEmergency: isEmergency(newest),
      isSelf: agent?.who?.type === "Patient" || agent?.who?.type === "RelatedPerson",
      from: oldest.recorded,
      to: newest.recorded,
      ...(reason && isEmergency(newest) && { reason }),
    },
  ];
}

/** Beside the profession stands the kind of actor. */
const actorKind = "https://carnet.example/fhir/CodeSystem/actor-kind";
const dataCategory = "https://carnet.example/fhir/CodeSystem/data-category";

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
  "message",
  "manage",
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
  MESSAGES: "message",
  NOTICES: "manage",
  AGENDA: "manage",
  CATALOGUE: "manage",
  "TD1.2": "manage",
  "TD1.4": "manage",
};

function actOf(event: AuditEvent): Act {
  for (const { code } of event.subtype ?? []) {
    const act = code ? byTransaction[code] : undefined;
    if (act) return act;
  }
  return "other";
}

/** What the person looks for in the log. */
export interface AccessFilter {
  /** Name of a person or a structure, as it stands in the lines; empty: everybody. */
  readonly who: string;
  readonly what: "all" | "read" | "deposit" | "change" | "emergency" | "refused";
  readonly withoutSelf: boolean;
}

const readings: ReadonlySet<Act> = new Set(["read-summary", "read-document", "list"]);

const isWanted = (line: AccessLine, { who, what, withoutSelf }: AccessFilter): boolean => {
  if (withoutSelf && line.isSelf) return false;
  if (who && line.who !== who && line.structure !== who) return false;
  const does = (test: (act: Act) => boolean) => !line.isRefused && line.acts.some(({ act }) => test(act));
  switch (what) {
    case "all":
      return true;
    case "read":
      return does((act) => readings.has(act));
    case "deposit":
      return does((act) => act === "deposit");
    case "change":
      return does((act) => act === "change" || act === "authorise" || act === "manage");
    case "emergency":
      return line.isEmergency;
    case "refused":
      return line.isRefused;
  }
};

/** The days that have such lines. */
export function filtered(days: readonly AccessDay[], filter: AccessFilter): readonly AccessDay[] {
  return days
    .map(({ day, lines }) => ({ day, lines: lines.filter((line) => isWanted(line, filter)) }))
    .filter(({ lines }) => lines.length > 0);
}

/** Everybody who stands in the log, persons and structures, each once. */
export function whoLooked(days: readonly AccessDay[]): { readonly persons: string[]; readonly structures: string[] } {
  const lines = days.flatMap((day) => day.lines).filter(({ isSelf }) => !isSelf);
  const names = (all: readonly (string | undefined)[]) =>
    [...new Set(all)].filter((name): name is string => Boolean(name)).sort((a, b) => a.localeCompare(b, "fr"));
  return { persons: names(lines.map(({ who }) => who)), structures: names(lines.map(({ structure }) => structure)) };
}
