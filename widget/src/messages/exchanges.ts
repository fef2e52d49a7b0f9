import type { Communication } from "@carnet/sdk/fhir";

/** A first message and its answers (R166). */
export interface Exchange {
  readonly id: string;
  readonly topic: string | undefined;
  /** Oldest first. */
  readonly messages: readonly Communication[];
  /** Nobody writes in it any more. */
  readonly isEnded: boolean;
  /** Written by the patient's side, and not read yet. */
  readonly fresh: readonly Communication[];
}

export const isFromProfessional = ({ sender }: Communication) => sender?.type === "Practitioner";

const newestOf = ({ messages }: Exchange) => messages.at(-1)?.sent ?? "";

/** Newest exchange first. An answer whose first message is not there stands for itself: nothing written is left out. */
export function exchangesOf(all: readonly Communication[]): readonly Exchange[] {
  const byRoot = new Map<string, Communication[]>();
  for (const one of all) {
    const root = one.inResponseTo?.[0]?.reference?.split("/").at(-1) ?? one.id ?? "";
    byRoot.set(root, [...(byRoot.get(root) ?? []), one]);
  }
  return [...byRoot]
    .map(([id, found]) => {
      const messages = found.sort((a, b) => (a.sent ?? "").localeCompare(b.sent ?? ""));
      const root = messages.find((one) => one.id === id);
      return {
        id,
        messages,
        topic: root?.topic?.text,
        isEnded: root === undefined || root.status === "stopped",
        fresh: messages.filter((one) => !isFromProfessional(one) && one.received === undefined),
      };
    })
    .sort((a, b) => newestOf(b).localeCompare(newestOf(a)));
}
