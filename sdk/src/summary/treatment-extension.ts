import type { Extension } from "fhir/r4.js";
import * as extensionUrl from "../fhir/extension-urls.ts";
import { labelOf } from "./narrative.ts";
import type { Treatment, TreatmentEvent } from "./treatments.ts";

/** The story of a treatment as `extensionUrl.treatment`. @param isPast it has run its course at the summary's date */
export function toTreatmentExtension({ status, events }: Treatment, isPast: boolean, maxEvents: number): Extension {
  const told = events.slice(0, maxEvents);
  const earlier = events.length - told.length;
  return {
    url: extensionUrl.treatment,
    extension: [
      { url: "status", valueCode: status },
      { url: "over", valueBoolean: isPast },
      ...told.map((event) => ({ url: "event", extension: partsOf(event) })),
      ...(earlier > 0 ? [{ url: "earlierEvents", valueInteger: earlier }] : []),
    ],
  };
}

function partsOf({ kind, date, start, end, product, dosage, source, member }: TreatmentEvent): Extension[] {
  const parts: Extension[] = [{ url: "kind", valueCode: kind }];
  if (isDateTime(date)) parts.push({ url: "date", valueDateTime: date });
  if (start && isDateTime(start)) parts.push({ url: "start", valueDateTime: start });
  if (end && isDateTime(end)) parts.push({ url: "end", valueDateTime: end });
  if (product && labelOf(product)) parts.push({ url: "product", valueCodeableConcept: product });
  if (dosage) parts.push({ url: "dosage", valueString: dosage });
  const { resource } = member.base.fact;
  for (const one of ("extension" in resource ? resource.extension : undefined) ?? []) {
    if (one.url === extensionUrl.disagreement && one.valueString) {
      parts.push({ url: "remark", valueString: one.valueString });
    }
  }
  const sources = new Set([source, ...member.tellings.map(({ document }) => document.id)]);
  for (const id of sources) parts.push({ url: "source", valueUri: id });
  return parts;
}

function isDateTime(date: string): boolean {
  return /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?)?$/.test(date);
}
