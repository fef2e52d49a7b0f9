/**
 * Who sees a document that comes in: what the sender says, what the former version was, what the patient wants of
 * everything new, and the delay of its type. R118, R141, R142, R146, R148, R152.
 */
import type { AdmittedDocument, AdmittedVisibility } from "../admission/index.ts";
import type { RuleSettings } from "../config.ts";
import { announcedBy, decideLabels, isMinor, mayCombine } from "../rules/index.ts";
import { type DocumentRow, factsOfRow } from "../store/documents.ts";
import type { OpenRecord } from "./access.ts";
import { refusalError, unprocessable } from "./outcome.ts";

/** What the row keeps beside the labels. */
export type Restrictions = Pick<DocumentRow, "withheld_from" | "is_never_in_emergency" | "patient_sees_from">;

export interface KeptVisibility {
  readonly visibility: AdmittedVisibility;
  readonly restrictions: Restrictions;
}

const DAY_MS = 86_400_000;

/**
 * What the sender asks for is refused where it leaves nobody to read (R141); what the record adds by itself is only
 * added where that holds.
 * @throws WireError 403, 422
 */
export function visibilityOfDeposit(
  record: OpenRecord,
  sent: AdmittedDocument,
  previous: DocumentRow | undefined,
  now: Date,
  rules: RuleSettings,
): KeptVisibility {
  const holder = { isHolderMinor: isMinor(record.row.birth_date, rules.majorityAge, now) };
  const mayBe = (visibility: AdmittedVisibility) => mayCombine(labelsOf(visibility), holder, rules);
  const asked = decideLabels(record.question, labelsOf(sent.visibility));
  if (!asked.permit) throw refusalError(asked, `${sent.expression}.securityLabel`);
  if (!mayBe(sent.visibility)) throw unprocessable("R141", `${sent.expression}.securityLabel`);

  let { visibility } = sent;
  const add = (more: Partial<AdmittedVisibility>): boolean => {
    const next = { ...visibility, ...more };
    if (!mayBe(next)) return false;
    visibility = next;
    return true;
  };
  // What was hidden stays hidden in its next version, until somebody who may shows it.
  // R12: what comes in by a secret connection is secret to the representatives.
  if (record.caller.isSecret || previous?.is_invisible_to_representatives) add({ invisibleToRepresentatives: true });
  if (previous?.is_hidden || record.row.hides_new_documents) add({ hiddenFromProfessionals: true });

  let seesFrom: Date | null = null;
  const releaseDays = rules.releaseDaysByType[sent.type.code] ?? 0;
  if (visibility.invisibleToPatient) {
    // A correction does not begin the month anew.
    if (previous?.is_invisible_to_patient) seesFrom = announcedBy(factsOfRow(previous), rules);
  } else if (releaseDays > 0 && record.caller.actor.kind !== "patient" && add({ invisibleToPatient: true })) {
    seesFrom = new Date(now.getTime() + releaseDays * DAY_MS);
  }
  return {
    visibility,
    restrictions: {
      withheld_from: previous?.withheld_from ?? [],
      is_never_in_emergency: previous?.is_never_in_emergency ?? false,
      patient_sees_from: seesFrom,
    },
  };
}

const labelsOf = (visibility: AdmittedVisibility) => ({
  isHidden: visibility.hiddenFromProfessionals,
  isInvisibleToPatient: visibility.invisibleToPatient,
  isInvisibleToRepresentatives: visibility.invisibleToRepresentatives,
});
