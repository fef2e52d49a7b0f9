/** Messages as the person reads them: one exchange per first message, with its answers. R166. */
import { type AuditEvent, type Communication, identifierSystem } from "@carnet/sdk/fhir";

export interface Exchange {
  readonly id: string;
  /** The first message: it stands for the exchange. */
  readonly root: Communication;
  /** All of them, oldest first. */
  readonly messages: readonly Communication[];
  /** The professional at the other end. */
  readonly with: string;
  readonly topic: string | undefined;
  /** Ended by the professional: nobody writes in it any more. */
  readonly isEnded: boolean;
  readonly unread: readonly Communication[];
  /** When somebody last wrote (ISO). */
  readonly newest: string;
}

export const isFromProfessional = ({ sender }: Communication) => sender?.type === "Practitioner";

/** Newest exchange first. An answer whose first message is not there is left out. */
export function exchangesOf(all: readonly Communication[]): readonly Exchange[] {
  const byRoot = new Map<string, Communication[]>();
  for (const one of all) {
    const rootId = one.inResponseTo?.[0]?.reference?.split("/").pop() ?? one.id ?? "";
    byRoot.set(rootId, [...(byRoot.get(rootId) ?? []), one]);
  }
  return [...byRoot]
    .flatMap(([id, messages]) => exchangeOf(id, messages))
    .sort((a, b) => b.newest.localeCompare(a.newest));
}

function exchangeOf(id: string, messages: readonly Communication[]): readonly Exchange[] {
  const root = messages.find((one) => one.id === id);
  if (!root) return [];
  const ordered = [...messages].sort((a, b) => (a.sent ?? "").localeCompare(b.sent ?? ""));
  const professional = isFromProfessional(root) ? root.sender : root.recipient?.[0];
  return [
    {
      id,
      root,
      messages: ordered,
      with: professional?.display ?? "",
      topic: root.topic?.text,
      isEnded: root.status === "stopped",
      unread: ordered.filter((one) => isFromProfessional(one) && !one.received),
      newest: ordered.at(-1)?.sent ?? "",
    },
  ];
}

const pharmacist = "21";

/** Pharmacists who have acted in the record: the only ones to whom the person writes first. */
export function pharmacistsOf(
  events: readonly AuditEvent[],
): readonly { readonly id: string; readonly name: string }[] {
  const found = new Map<string, string>();
  for (const { who, role } of events.flatMap(({ agent }) => agent)) {
    const isPharmacist = role?.some(({ coding }) => coding?.some(({ code }) => code === pharmacist));
    const { system, value } = who?.identifier ?? {};
    if (isPharmacist && system === identifierSystem.professional && value && who?.display)
      found.set(value, who.display);
  }
  return [...found].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, "fr"));
}
