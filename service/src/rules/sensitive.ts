/**
 * Documents about which the depositor is warned before they are kept: the patient may not want them seen by everybody
 * who may read the record, and may ask for them to be hidden. Beyond the DMP, as in Germany (genetics) and Austria (HIV).
 *
 * Sources of the codes: document types of JDV_J07 (genetics, psychiatry); CIM-10 chapters as published by the ATIH (B20 to
 * B24 and Z21 HIV, F00 to F99 mental disorders, O04 and Z64.0 abortion, Z15 genetic susceptibility); CCAM acts that the SNDS
 * documentation counts as terminations (JNJD001, JNJD002, JNJP001); LOINC terms of HIV tests; practice settings and
 * specialties have no code that names one of the four alone, but for specialties of psychiatry and of genetics (TRE_R38).
 * Legal ground of the care with which they are handled: L1110-4, L2212-1 and following, R1131-20 (genetic examinations),
 * L3113-1 (HIV).
 */

export type SensitiveSubject = "genetics" | "psychiatry" | "hiv" | "abortion";

/** What is looked at in a document: codes of its metadata, never its content. */
export interface SensitiveCodes {
  readonly typeCode: string;
  /** Codes of the acts and problems (`context.event`). */
  readonly eventCodes: readonly string[];
  /** Specialties and settings of the authors and of the act. */
  readonly practiceCodes: readonly string[];
}

interface Signs {
  readonly types: ReadonlySet<string>;
  readonly events: RegExp;
  readonly practices: ReadonlySet<string>;
}

const signs: Readonly<Record<SensitiveSubject, Signs>> = {
  genetics: {
    types: new Set(["51969-4"]),
    events: /^Z15(\.\d+)?$/,
    practices: new Set(["SM17", "C72", "DSM210", "SST12"]),
  },
  psychiatry: {
    types: new Set(["68599-0", "83901-9"]),
    events: /^F\d{2}(\.\d+)?$/,
    practices: new Set(["SM33", "SM42", "SM43", "SM92", "SM93", "C47", "C57", "C58", "DSM231", "DEC24"]),
  },
  hiv: {
    types: new Set(),
    events:
      /^(B2[0-4](\.\d+)?|Z21|7917-8|7918-6|20447-9|31201-7|49580-4|56888-1|58900-2|75622-1|80203-3|80387-4|85368-9)$/,
    practices: new Set(),
  },
  abortion: {
    types: new Set(),
    events: /^(O04(\.\d+)?|Z64\.0|JNJD001|JNJD002|JNJP001)$/,
    practices: new Set(),
  },
};

/** The subjects that the codes of a document name, in a fixed order; none for most documents. */
export function sensitiveSubjects({
  typeCode,
  eventCodes,
  practiceCodes,
}: SensitiveCodes): readonly SensitiveSubject[] {
  const all: readonly SensitiveSubject[] = ["genetics", "psychiatry", "hiv", "abortion"];
  return all.filter((subject) => {
    const { types, events, practices } = signs[subject];
    return (
      types.has(typeCode) ||
      eventCodes.some((code) => events.test(code)) ||
      practiceCodes.some((code) => practices.has(code))
    );
  });
}
