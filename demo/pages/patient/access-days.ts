/** The access log by day, one line per person and kind of act: "who looked", not a list of requests. */
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

export interface AccessLine {
  readonly who: string;
  readonly structure?: string;
  readonly act: Act;
  readonly isRefused: boolean;
  readonly isEmergency: boolean;
  /** The person, or who represents them. */
  readonly isSelf: boolean;
  /** Times (ISO), newest first. */
  readonly times: readonly string[];
  /** Reason given for an emergency access. */
  readonly reason?: string;
}

export interface AccessDay {
  /** YYYY-MM-DD in Paris. */
  readonly day: string;
  readonly lines: readonly AccessLine[];
}

const dayFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" });

/** Groups the log. Newest day first. */
export function accessDays(events: readonly AuditEvent[]): readonly AccessDay[] {
  const days = new Map<string, Map<string, AccessLine>>();
  const sorted = [...events].sort((a, b) => b.recorded.localeCompare(a.recorded));
  for (const event of sorted) {
    const line = accessLine(event);
    const day = dayFormat.format(new Date(event.recorded));
    const key = [line.who, line.structure, line.act, line.isRefused, line.isEmergency].join("|");
    const lines = days.get(day) ?? new Map<string, AccessLine>();
    const before = lines.get(key);
    lines.set(key, before ? { ...before, times: [...before.times, ...line.times] } : line);
    days.set(day, lines);
  }
  return [...days].map(([day, lines]) => ({ day, lines: [...lines.values()] }));
}

function accessLine(event: AuditEvent): AccessLine {
  const agent = event.agent.find(({ requestor }) => requestor) ?? event.agent[0];
  const structure = event.agent.find(({ who }) => who?.type === "Organization")?.who?.display;
  const purposes = [...(event.purposeOfEvent ?? []), ...(agent?.purposeOfUse ?? [])].flatMap(
    ({ coding }) => coding ?? [],
  );
  const reason = purposes.length > 0 ? event.outcomeDesc : undefined;
  const isEmergency = purposes.some(({ code }) => code === "BTG" || code === "ETREAT");
  return {
    who: agent?.who?.display ?? agent?.name ?? "",
    ...(structure && { structure }),
    act: actOf(event),
    isRefused: event.outcome !== undefined && event.outcome !== "0",
    isEmergency,
    isSelf: agent?.who?.type === "Patient" || agent?.who?.type === "RelatedPerson",
    times: [event.recorded],
    ...(reason && isEmergency && { reason }),
  };
}

const byTransaction: Readonly<Record<string, Act>> = {
  "TD0.2": "check",
  "TD0.3": "authorise",
  "TD1.6": "authorise",
  TD2: "deposit",
  "TD2.1": "deposit",
  "TD3.1": "list",
  "TD3.1a": "list",
  "TD3.1b": "list",
  "TD3.2": "read-document",
  "TD3.3": "change",
  "TD3.3a": "change",
  "TD3.3b": "change",
  "TD3.3c": "change",
  "TD3.3d": "change",
  $summary: "read-summary",
  summary: "read-summary",
  log: "log",
};

function actOf(event: AuditEvent): Act {
  const codes = (event.subtype ?? []).map(({ code }) => code ?? "");
  for (const code of codes) {
    const act = byTransaction[code];
    if (act) return act;
  }
  return "other";
}
