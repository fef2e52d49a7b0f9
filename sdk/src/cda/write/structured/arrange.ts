import type { CompositionSection, Reference } from "../../../fhir/index.ts";
import type { DocumentKind } from "./kinds.ts";
import { narrativeOf } from "./narrative.ts";

const loinc = "http://loinc.org";

/** Places of the sections in the synthesis (volet de synthèse médicale), by LOINC code. */
const history = ["11450-4", "11348-0", "47519-4", "48765-2"];
const riskFactors = ["29762-2", "10161-8", "10157-6"];
const vigilance = ["30954-2", "44944-7"];
const treatments = ["10160-0"];

/**
 * Sections in the order and depth of their content model. Only the synthesis has a tree of its own: its sections may be
 * given flat, and its three obligatory chapters are there even when nothing is known.
 */
export function arrange(
  kind: DocumentKind,
  sections: readonly CompositionSection[],
  status?: Reference,
): readonly CompositionSection[] {
  if (kind.name === "discharge" && status && !sections.some((section) => codeOf(section) === "33557-0"))
    return [
      {
        title: "Statut du document",
        code: { coding: [{ system: loinc, code: "33557-0", display: "Etat d'achèvement" }] },
        entry: [status],
      },
      ...sections,
    ];
  if (kind.name !== "synthesis" || sections.some((section) => codeOf(section) === "46612-8")) return sections;
  const pick = (codes: readonly string[]) =>
    codes.flatMap((code) => sections.filter((section) => codeOf(section) === code));
  const placed = new Set([...history, ...riskFactors, ...vigilance, ...treatments]);
  const inner = [
    container("34117-2", "Pathologies en cours, antécédents et allergies", pick(history)),
    container("57207-3", "Facteurs de risque", pick(riskFactors)),
  ].filter((section) => (section.section ?? []).length > 0);
  const attention = pick(vigilance);
  return [
    container("46612-8", "Pathologies, antécédents, allergies et facteurs de risque", inner),
    ...(attention.length > 0 ? attention : [{ ...container("30954-2", "Points de vigilance", []), text: notStated }]),
    container("18776-5", "Traitement au long cours", pick(treatments)),
    ...sections.filter((section) => !placed.has(codeOf(section) ?? "")),
  ];
}

function container(code: string, title: string, section: CompositionSection[]): CompositionSection {
  return {
    title,
    code: { coding: [{ system: loinc, code, display: title }] },
    ...(section.length > 0 ? { section } : { text: notStated }),
  };
}

/** A document that is not final yet must not read as one that is, also where its model has no entry for that. */
export function provisional(
  kind: DocumentKind,
  sections: readonly CompositionSection[],
): readonly CompositionSection[] {
  if (kind.name === "discharge" || sections.some((section) => codeOf(section) === "33557-0")) return [];
  return [
    {
      title: "Statut du document",
      code: { coding: [{ system: loinc, code: "33557-0", display: "Etat d'achèvement" }] },
      text: { status: "generated", div: narrativeOf(["Provisoire"]) },
    },
  ];
}

/** Nothing said is not "none": the words must not read as an absence. */
const notStated: NonNullable<CompositionSection["text"]> = {
  status: "generated",
  div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Non renseigné</p></div>',
};

function codeOf(section: CompositionSection): string | undefined {
  return section.code?.coding?.[0]?.code;
}
