/**
 * When a deposit says that it was made. What is dated ahead would stand before everything newer in each list and in the
 * summary until that day comes, and nobody can correct it: a kept document never changes. R105, R115.
 */
import type { CdaHeader } from "@carnet/sdk/cda";
import type { AdmittedDocument } from "../admission/index.ts";
import { unprocessable } from "./outcome.ts";

/** Clocks that run ahead, and times of another zone taken for ours, are no reason to refuse a document. */
const TOLERATED_MS = 86_400_000;

/** @throws WireError 422 when this time, at this place of the deposit, lies ahead */
export function requireMadeBefore(now: Date, written: string | undefined, expression: string): void {
  // A year alone begins with its first day, whatever the zone. What is no date says nothing.
  if (written === undefined || !(Date.parse(written) > now.getTime() + TOLERATED_MS)) return;
  throw unprocessable(undefined, expression, {
    fr: "Cette date de création n'est pas encore venue : vérifiez l'horloge du poste qui a fait le document.",
    en: "This date of creation has not come yet: check the clock of the machine that made the document.",
  });
}

/** @throws WireError 422 when the document, its content or the header of its CDA is dated ahead */
export function requireDocumentMadeBefore(now: Date, sent: AdmittedDocument, header: CdaHeader | undefined): void {
  const { expression, resource } = sent;
  const place = `${expression}.content[0].attachment`;
  requireMadeBefore(now, resource.date, `${expression}.date`);
  requireMadeBefore(now, resource.content[0]?.attachment.creation, `${place}.creation`);
  requireMadeBefore(now, header?.effectiveTime, place);
}
