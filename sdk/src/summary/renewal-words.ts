import type { MedicationRequestDispenseRequest } from "fhir/r4.js";
import { dateInWords } from "../fhir/date-words.ts";
import { renewalsOf } from "../fhir/renewals.ts";
import { lengthInWords } from "./dosage-words.ts";

/** How often, and until when, a prescription may be delivered again; empty when it says nothing of that. */
export function renewalsInWords(request: MedicationRequestDispenseRequest | undefined, locale: "fr" | "en"): string {
  const { count, noCount, within, lasting } = renewalsOf(request);
  const say = words[locale];
  const often = count === undefined ? noCount && (say.reasons[noCount] ?? say.unknown) : say.times(count);
  const parts = [
    often,
    within?.start && say.from(dateInWords(within.start, locale)),
    within?.end && say.until(dateInWords(within.end, locale)),
    lasting && lengthInWords(lasting, locale),
  ].filter(Boolean);
  return often || parts.length === 0 ? parts.join(", ") : `${say.renewable}, ${parts.join(", ")}`;
}

const words = {
  fr: {
    renewable: "renouvelable",
    times: (count: number) => (count === 0 ? "non renouvelable" : `renouvelable ${count} fois`),
    unknown: "nombre de renouvellements non renseigné",
    reasons: {
      "positive-infinity": "renouvelable sans limite de nombre",
      masked: "nombre de renouvellements masqué",
    } as Readonly<Record<string, string>>,
    from: (day: string) => `à partir de : ${day}`,
    until: (day: string) => `jusqu'à : ${day}`,
  },
  en: {
    renewable: "renewable",
    times: (count: number) =>
      count === 0 ? "not renewable" : count === 1 ? "renewable once" : `renewable ${count} times`,
    unknown: "number of renewals not recorded",
    reasons: {
      "positive-infinity": "renewable without limit of number",
      masked: "number of renewals withheld",
    } as Readonly<Record<string, string>>,
    from: (day: string) => `from ${day}`,
    until: (day: string) => `until ${day}`,
  },
};
