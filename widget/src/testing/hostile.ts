import type { Bundle } from "@carnet/sdk/fhir";

/** Markup and address payloads: each must be read as text, and none may run. `__ran` counts those that did. */
export const payloads = [
  '<img src=x onerror="globalThis.__ran=(globalThis.__ran??0)+1">',
  "<script>globalThis.__ran=(globalThis.__ran??0)+1</script>",
  '"><svg onload="globalThis.__ran=(globalThis.__ran??0)+1">',
  "javascript:globalThis.__ran=(globalThis.__ran??0)+1",
  "{{constructor.constructor('globalThis.__ran=1')()}}",
] as const;

/** Keys whose value decides what an entry is, rather than what it says: changed, the entry would not be shown at all. */
const structural = new Set([
  "resourceType",
  "reference",
  "fullUrl",
  "id",
  "system",
  "url",
  "status",
  "use",
  "type",
  "div",
  "gender",
  "birthDate",
  "source",
  "valueUri",
  "periodUnit",
  "when",
  "criticality",
  "effectiveDateTime",
  "occurrenceDateTime",
  "performedDateTime",
  "onsetDateTime",
  "abatementDateTime",
  "date",
  "start",
  "end",
  "timestamp",
  "language",
  "code",
  "value",
]);

/** The same Bundle with a payload in every free string. */
export function fillWithHostile(bundle: Bundle, payload: string): Bundle {
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return structural.has(key) ? value : payload;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name)]));
    return value;
  };
  return visit(bundle, "") as Bundle;
}

export const ran = (): number => (globalThis as { __ran?: number }).__ran ?? 0;
