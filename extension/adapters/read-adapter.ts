import * as v from "valibot";
import { type Adapter, adapterSchema } from "./adapter.ts";

/** What is wrong, and where in the JSON: `identity.birthName`, `match.0`, or `2:14` (line and column) when it is no JSON. */
export interface AdapterError {
  readonly place: string;
  readonly reason: "json" | "missing" | "unknown" | "id" | "too-long" | "empty" | "kind";
}

export type AdapterReading =
  | { readonly ok: true; readonly adapter: Adapter }
  | { readonly ok: false; readonly errors: readonly AdapterError[] };

/** An adapter as a person wrote it: stricter than what is applied, where an unknown key is passed over in silence. */
export function readAdapter(text: string): AdapterReading {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, errors: [{ place: placeInText(text, String(error)), reason: "json" }] };
  }
  const parsed = v.safeParse(adapterSchema, raw);
  const errors = [...(parsed.issues ?? []).map(errorOf), ...unknownKeys(raw)];
  return parsed.success && errors.length === 0 ? { ok: true, adapter: parsed.output } : { ok: false, errors };
}

function errorOf(issue: v.BaseIssue<unknown>): AdapterError {
  const place = v.getDotPath(issue) ?? "";
  if (issue.received === "undefined") return { place, reason: "missing" };
  if (issue.type === "max_length") return { place, reason: "too-long" };
  if (issue.type === "non_empty") return { place, reason: "empty" };
  return { place, reason: issue.type === "regex" ? "id" : "kind" };
}

function unknownKeys(raw: unknown): readonly AdapterError[] {
  const strangers = (value: unknown, known: object, before: string) =>
    typeof value === "object" && value !== null
      ? Object.keys(value).flatMap((key): AdapterError[] =>
          Object.hasOwn(known, key) ? [] : [{ place: `${before}${key}`, reason: "unknown" }],
        )
      : [];
  const identity = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>).identity : undefined;
  return [
    ...strangers(raw, { ...adapterSchema.entries, $schema: true }, ""),
    ...strangers(identity, adapterSchema.entries.identity.entries, "identity."),
  ];
}

/** Line and column where the browser stopped reading: each says it in its own words. */
function placeInText(text: string, message: string): string {
  const said = /line (\d+) column (\d+)/.exec(message);
  if (said !== null) return `${said[1]}:${said[2]}`;
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}
