import type { MedicationRequest } from "../../../../fhir/index.ts";
import { type Renewals, renewalsOf } from "../../../../fhir/renewals.ts";
import { toFrenchDate } from "../../times.ts";
import { element, type XmlPiece } from "../../xml.ts";
import { decimalText, templates } from "../codes.ts";
import { describeLength, timeAttributes } from "./posology.ts";
import { template, writeInterval } from "./shared.ts";

interface WrittenRenewals {
  /** `repeatNumber`. */
  readonly number?: XmlPiece | undefined;
  /** FR-Periode-de-renouvellement. */
  readonly period?: XmlPiece | undefined;
  readonly words: string;
}

/** What a prescription says of its renewals: how many, and within which time. */
export function writeRenewals(request: MedicationRequest["dispenseRequest"], isPrescription: boolean): WrittenRenewals {
  const renewals = renewalsOf(request);
  const { within, lasting } = renewals;
  const length = timeAttributes(lasting);
  return {
    number: writeNumber(renewals, isPrescription),
    period:
      within?.end || length
        ? element(
            "entryRelationship",
            { typeCode: "COMP" },
            element(
              "supply",
              { classCode: "SPLY", moodCode: "RQO" },
              templates("1.3.6.1.4.1.19376.1.9.1.3.15", `${template.fr}.88`),
              element("independentInd", { value: "false" }),
              writeInterval("effectiveTime", within?.start, within?.end, "IVL_TS", length),
            ),
          )
        : undefined,
    words: wordsOf(renewals),
  };
}

/** A French prescription says "no information" of a number that is not limited. */
function writeNumber({ count, noCount }: Renewals, isPrescription: boolean): XmlPiece | undefined {
  if (count !== undefined) return element("repeatNumber", { value: decimalText(count) });
  if (noCount === undefined) return undefined;
  const nullFlavor =
    noCount === "positive-infinity" ? (isPrescription ? "NI" : "PINF") : noCount === "masked" ? "MSK" : "UNK";
  return element("repeatNumber", { nullFlavor });
}

function wordsOf({ count, noCount, within, lasting }: Renewals): string {
  const often =
    count === undefined ? (noCount === "positive-infinity" ? "sans limite de nombre" : "") : `${count} fois`;
  const from = within?.start ? `du ${toFrenchDate(within.start)}` : "";
  const until = within?.end ? `jusqu'au ${toFrenchDate(within.end)}` : "";
  return [often, from, until, describeLength(lasting)].filter(Boolean).join(", ");
}
