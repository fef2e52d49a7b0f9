import type { Duration, Element, MedicationRequestDispenseRequest, Period } from "fhir/r4.js";
import { renewalPeriod } from "./extension-urls.ts";

/** `dispenseRequest` as JSON has it: FHIR's types leave out what stands beside a number. */
export interface DispenseRequest extends MedicationRequestDispenseRequest {
  _numberOfRepeatsAllowed?: Element;
}

/** How often, and until when, a prescription may be delivered again after its first delivery. */
export interface Renewals {
  readonly count?: number;
  /** In place of the count, as `data-absent-reason` code: `positive-infinity` when their number is not limited. */
  readonly noCount?: string;
  /** First and last day on which the prescription may be delivered again. */
  readonly within?: Period;
  /** For how long it may be: from the start of `within`, else from the start of the prescription. */
  readonly lasting?: Duration;
}

const dataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/** The renewals that a prescription states; an empty object when it says nothing of them. */
export function renewalsOf(request: DispenseRequest | undefined): Renewals {
  const count = request?.numberOfRepeatsAllowed;
  const noCount = request?._numberOfRepeatsAllowed?.extension?.find(({ url }) => url === dataAbsentReason)?.valueCode;
  const periods = request?.extension?.filter(({ url }) => url === renewalPeriod) ?? [];
  const within = periods.find(({ valuePeriod }) => valuePeriod)?.valuePeriod;
  const lasting = periods.find(({ valueDuration }) => valueDuration)?.valueDuration;
  return {
    ...(count === undefined ? (noCount === undefined ? {} : { noCount }) : { count }),
    ...(within ? { within } : {}),
    ...(lasting ? { lasting } : {}),
  };
}
