import type { CdaCode, CdaId } from "../header-data.ts";

const loinc = (code: string, display: string): CdaCode => ({ code, oid: "2.16.840.1.113883.6.1", display });
const inpatient: CdaCode = {
  code: "IMP",
  oid: "2.16.840.1.113883.5.4",
  display: "Hospitalisation (établissement, y compris HAD)",
};

/** A content model (volet) of the CI-SIS: what its header declares and how its sections are arranged. */
export interface DocumentKind {
  readonly name:
    | "synthesis"
    | "patient-summary"
    | "laboratory"
    | "vaccination"
    | "vaccination-note"
    | "dispensation"
    | "discharge"
    | "prescription"
    | "other";
  readonly templateIds: readonly CdaId[];
  /** Code of the documented act, where the model fixes it. */
  readonly act?: CdaCode;
  /** Code of the stay, where the model fixes it. */
  readonly encounter?: CdaCode;
}

const kindsByType: ReadonlyMap<string, DocumentKind> = new Map<string, DocumentKind>([
  [
    "SYNTH",
    {
      name: "synthesis",
      templateIds: [{ root: "1.2.250.1.213.1.1.1.13", extension: "201310" }],
      act: loinc("34117-2", "Historique et clinique"),
    },
  ],
  [
    "60591-5",
    {
      name: "patient-summary",
      templateIds: [{ root: "2.16.840.1.113883.10.22.1.1" }, { root: "1.2.250.1.213.1.1.1.51", extension: "2024.01" }],
    },
  ],
  [
    "11502-2",
    {
      name: "laboratory",
      templateIds: [{ root: "1.3.6.1.4.1.19376.1.3.3" }, { root: "1.2.250.1.213.1.1.1.55" }],
    },
  ],
  [
    "11369-6",
    {
      name: "vaccination",
      templateIds: [
        { root: "1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2" },
        { root: "1.2.250.1.213.1.1.1.37", extension: "2023.01" },
      ],
      act: loinc("11369-6", "Historique des vaccinations"),
    },
  ],
  [
    "87273-9",
    {
      name: "vaccination-note",
      templateIds: [
        { root: "1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2" },
        { root: "1.2.250.1.213.1.1.1.46", extension: "2023.01" },
      ],
      act: loinc("87273-9", "Note de vaccination"),
    },
  ],
  [
    "11490-0",
    {
      name: "discharge",
      templateIds: [{ root: "1.2.250.1.213.1.1.1.29", extension: "2022.01" }],
      act: inpatient,
      encounter: inpatient,
    },
  ],
  [
    "60593-1",
    {
      name: "dispensation",
      templateIds: [
        { root: "1.3.6.1.4.1.19376.1.5.3.1.1.1" },
        { root: "1.3.6.1.4.1.19376.1.9.1.1.3" },
        { root: "1.2.250.1.213.1.1.1.54", extension: "2024.01" },
      ],
      act: loinc("60593-1", "Dispensation médicamenteuse"),
    },
  ],
  [
    "57833-6",
    {
      name: "prescription",
      templateIds: [
        { root: "1.3.6.1.4.1.19376.1.9.1.1.1" },
        { root: "1.3.6.1.4.1.19376.1.5.3.1.1.1" },
        { root: "1.2.250.1.213.1.1.1.39", extension: "2024.01" },
      ],
      act: loinc("57833-6", "Prescription de produits de santé"),
    },
  ],
]);

/** IHE PCC medical document: sections and entries of the CI-SIS without a content model of their own. */
const other: DocumentKind = { name: "other", templateIds: [{ root: "1.3.6.1.4.1.19376.1.5.3.1.1.1" }] };

export function kindOf(typeCode: string): DocumentKind {
  return kindsByType.get(typeCode) ?? other;
}
