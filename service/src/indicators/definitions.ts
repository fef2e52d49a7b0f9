/** What is counted, and in which categories. R212. Pure. */

/** Who made a document, as the published figures say it. */
export const authorKinds = [
  "establishment",
  "pharmacy",
  "laboratory",
  "practice",
  "social",
  "other-structure",
  "patient",
  "insurance",
  "device",
] as const;
export type AuthorKind = (typeof authorKinds)[number];

/** How a record was opened (R2, R7). */
export const channels = ["opt-out", "person", "operator"] as const;

/** Who consulted. Codes of TRE_G15 of the professions that a matrix column names; all others together. */
export const consultants = ["doctor", "pharmacist", "nurse", "midwife", "dentist", "other-professional"] as const;

/** The published tables. A partition has a total; the others overlap. */
export const indicators = {
  beneficiaries: "overlapping",
  "records-by-department": "partition",
  "records-by-channel": "partition",
  "records-fed-by": "overlapping",
  "documents-by-author": "partition",
  "documents-by-month": "partition",
  "consultations-by-profession": "partition",
  "consultations-by-month": "partition",
} as const satisfies Readonly<Record<string, "partition" | "overlapping">>;
export type Indicator = keyof typeof indicators;

const facilities: Readonly<Partial<Record<AuthorKind, readonly string[]>>> = {
  establishment: [
    "SA01",
    "SA02",
    "SA03",
    "SA04",
    "SA06",
    "SA12",
    "SA21",
    "SA30",
    "SA34",
    "SA36",
    "SA40",
    "SA51",
    "SA69",
  ],
  pharmacy: ["SA33", "SA38", "SA39", "SA56", "SA65"],
  laboratory: ["SA25", "SA29", "SA37", "SA59"],
  practice: ["SA05", "SA07", "SA08", "SA09", "SA50", "SA52", "SA57", "SA63", "SA64", "SA67"],
  social: ["SA16", "SA17", "SA18", "SA20", "SA41"],
};

/** Category of a document, from the kind of its author and the sector (TRE_R02) of its structure. */
export function authorKindOf(kind: string, facility: string | null): AuthorKind {
  if (kind === "patient" || kind === "insurance" || kind === "device") return kind;
  return authorKinds.find((one) => facilities[one]?.includes(facility ?? "")) ?? "other-structure";
}

const professions: Readonly<Record<string, (typeof consultants)[number]>> = {
  "10": "doctor",
  "21": "pharmacist",
  "40": "dentist",
  "50": "midwife",
  "60": "nurse",
};

export function consultantOf(profession: string | null): (typeof consultants)[number] {
  return professions[profession ?? ""] ?? "other-professional";
}

/**
 * Department where a person is followed: that of the structure, from its national identifier (prefix 1, then the FINESS,
 * whose first two characters are the department; four overseas).
 */
export function departmentOf(structureId: string | null): string {
  const finess = /^1([0-9AB]{9})$/.exec(structureId ?? "")?.[1];
  if (!finess) return "unknown";
  const two = finess.slice(0, 2);
  // FINESS of overseas departments: 97 or 98, 0, then the last figure of the department.
  if (two === "97" || two === "98")
    return /^9[78]0[1-8]/.test(finess) ? `97${finess[3] === "5" ? "6" : finess[3]}` : "unknown";
  return /^(0[1-9]|[1-8]\d|9[0-5]|2[AB])$/.test(two) ? two : "unknown";
}
