import type { Dosage, FhirResource } from "fhir/r4.js";
import { detailOf } from "./narrative.ts";
import { dosagesOf } from "./treatment-forms.ts";

/** A dose in words: the document's own, else its structure. */
export function doseText(resource: FhirResource): string {
  const text = detailOf(resource, "fr");
  if (text) return text;
  return (dosagesOf(resource) ?? []).map(structureText).filter(Boolean).join(" ; ");
}

function structureText({ doseAndRate, timing }: Dosage): string {
  const quantity = doseAndRate?.[0]?.doseQuantity;
  const { frequency, period, periodUnit } = timing?.repeat ?? {};
  return [
    quantity?.value === undefined ? "" : `${quantity.value} ${quantity.unit ?? quantity.code ?? ""}`.trim(),
    frequency === undefined || !periodUnit ? "" : `${frequency}×/${period === 1 ? "" : `${period} `}${periodUnit}`,
  ]
    .filter(Boolean)
    .join(" ");
}
