/** The categories in which a patient finds documents (R169), from class and type of the document. */

export const categories = [
  "summary",
  "care",
  "imaging",
  "biology",
  "reports",
  "prevention",
  "certificates",
  "administrative",
  "other",
] as const;

export type Category = (typeof categories)[number];

/** Types that a category takes before the class is looked at. */
const byType: Readonly<Record<string, Category>> = {
  "11502-2": "biology",
  DOCPAT05: "biology",
  "75492-9": "prevention",
  "39256-3": "prevention",
  "75482-0": "prevention",
  "29554-3": "prevention",
  "83869-8": "prevention",
  DOCPAT06: "prevention",
  "11369-6": "prevention",
  "87273-9": "prevention",
  "59283-2": "prevention",
};

const byClass: Readonly<Record<string, Category>> = {
  "10": "reports",
  "11": "summary",
  "31": "imaging",
  "42": "care",
  "43": "care",
  "44": "care",
  "45": "care",
  "52": "certificates",
  "60": "administrative",
  "95": "administrative",
  "99": "administrative",
};

/** Category of a document. What is not known is `other`: it is shown all the same. */
export function categoryOf(document: {
  readonly type: { readonly code?: string };
  readonly category: { readonly code?: string };
}): Category {
  return byType[document.type.code ?? ""] ?? byClass[document.category.code ?? ""] ?? "other";
}
