/**
 * Categories of health data, as the log names what was accessed. The priority categories of Regulation (EU) 2025/327
 * (article 14) by their own names, and what a French record holds beside them. Source: article 9; R101.
 */

/** The priority categories of the Regulation. */
export const priorityCategories = [
  "patient-summary",
  "prescription",
  "dispensation",
  "imaging",
  "test-result",
  "discharge-report",
] as const;

export const dataCategories = [
  ...priorityCategories,
  "report",
  "vaccination",
  "care-plan",
  "treatment",
  "certificate",
  "reimbursement",
  "wishes",
  "patient-entered",
  "administrative",
  "other",
] as const;

export type DataCategory = (typeof dataCategories)[number];

/** Types whose category is not that of their class. */
const byType: ReadonlyMap<string, DataCategory> = new Map([
  ...["11502-2", "60568-3", "11526-1", "51969-4", "96173-0", "100967-9", "DOCPAT05"].map(
    (code) => [code, "test-result"] as const,
  ),
  ...["34112-3", "11493-4", "11490-0", "83981-1", "60280-5"].map((code) => [code, "discharge-report"] as const),
  ...["11369-6", "87273-9", "96874-3"].map((code) => [code, "vaccination"] as const),
  ...["EXPPAT_1", "EXPPAT_3", "104144-1"].map((code) => [code, "wishes"] as const),
]);

const byClass: Readonly<Record<string, DataCategory>> = {
  "10": "report",
  "11": "patient-summary",
  "31": "imaging",
  "42": "prescription",
  "43": "dispensation",
  "44": "care-plan",
  "45": "treatment",
  "52": "certificate",
  "60": "reimbursement",
  "90": "patient-entered",
  "95": "administrative",
};

/** The category of a document. */
export function dataCategoryOf(typeCode: string, classCode: string): DataCategory {
  return byType.get(typeCode) ?? byClass[classCode] ?? "other";
}
