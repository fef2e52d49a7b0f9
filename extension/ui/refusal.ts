import type { OutboxRow } from "../outbox/row.ts";
import type { StringKey, Texts } from "./strings.ts";
import { french } from "./strings-fr.ts";

/**
 * Why the record refused, in the person's words, with the rule number when the service gave one. Without a rule it is the file
 * itself that it does not take: protected, cut short, or acting by itself.
 */
export function refusalText(texts: Texts, { lastError, rule }: Pick<OutboxRow, "lastError" | "rule">): string {
  const isFile = lastError === "document-rejected" && rule === undefined;
  const key = isFile ? "refusal.file-rejected" : `refusal.${lastError}`;
  const text = key in french ? texts(key as StringKey) : texts("refusal.other", { code: lastError ?? "?" });
  return rule === undefined ? text : `${text} (${rule})`;
}

/** Whether the record said so: what a proxy let not through, or was lost or found damaged on this workstation, it never saw. */
export function isOfRecord({ lastError = "" }: Pick<OutboxRow, "lastError">): boolean {
  return !/^(?:too-large-on-the-way|content-lost|content-unreadable|cda-.*|ins-.*)$/.test(lastError);
}
