/**
 * What the checks of treatments never heard: sections that tell treatments or allergies in words alone, and documents
 * that give no fact at all. Nothing found among the others is no answer about these.
 */
import type { Bundle, CompositionSection, DetectedIssue } from "fhir/r4.js";
import type { RecordDocument } from "../care/care-gaps.ts";
import { type IssueContext, toIssue } from "../safety/issue.ts";
import { normalise } from "../safety/names.ts";
import { words } from "../safety/words.ts";
import { checkWords } from "./words.ts";

/** LOINC codes of sections of treatments: in use, on admission, prescribed, dispensed, at discharge. */
const TREATMENTS: ReadonlySet<string> = new Set(["10160-0", "42346-7", "57828-6", "60590-7", "10183-2", "18610-6"]);
const ALLERGIES = "48765-2";
const MOST_DOCUMENTS = 50;

export interface Unheard {
  readonly documents: readonly RecordDocument[] | undefined;
  readonly bundles: readonly Bundle[] | undefined;
}

export function unheardIssues({ documents = [], bundles = [] }: Unheard, context: IssueContext): DetectedIssue[] {
  const text = words[context.locale].notChecked;
  const told = { treatments: new Set<string>(), allergies: new Set<string>() };
  for (const bundle of bundles) {
    const id = bundle.identifier?.value ?? "";
    for (const kind of kindsInWords(bundle)) told[kind].add(id);
  }
  const found: DetectedIssue[] = [];
  for (const kind of ["allergies", "treatments"] as const) {
    const sources = [...told[kind]].sort();
    if (sources.length === 0) continue;
    found.push(
      toIssue(
        {
          kind: "not-checked",
          reason: "told-in-words",
          severity: "moderate",
          implicated: [],
          documents: sources.filter((one) => one !== "").slice(0, MOST_DOCUMENTS),
          detail: text["told-in-words"](checkWords[context.locale].inWords[kind](sources.length)),
          uses: [],
        },
        context,
      ),
    );
  }
  const unread = documents.filter(({ isRead }) => isRead === false).length;
  if (unread > 0) {
    found.push(
      toIssue(
        {
          kind: "not-checked",
          reason: "unread-documents",
          severity: "low",
          implicated: [],
          detail: text["unread-documents"](String(unread)),
          uses: [],
        },
        context,
      ),
    );
  }
  return found;
}

/** Is this about documents that nobody could compare, rather than about what is in the summary? */
export function isUnheard({ code }: DetectedIssue): boolean {
  return (code?.coding ?? []).some((one) => one.code === "told-in-words" || one.code === "unread-documents");
}

function kindsInWords({ entry }: Bundle): Set<"treatments" | "allergies"> {
  const found = new Set<"treatments" | "allergies">();
  const visit = (sections: readonly CompositionSection[] | undefined) => {
    for (const section of sections ?? []) {
      const codes = (section.code?.coding ?? []).map((one) => one.code ?? "");
      const isTreatments = codes.some((code) => TREATMENTS.has(code));
      // Of somebody else, the mother of a child: no treatment of this person.
      if ((isTreatments || codes.includes(ALLERGIES)) && !section.focus && isInWords(section)) {
        found.add(isTreatments ? "treatments" : "allergies");
      }
      visit(section.section);
    }
  };
  for (const { resource } of entry ?? []) if (resource?.resourceType === "Composition") visit(resource.section);
  return found;
}

/** "Aucun traitement", "RAS", "Non renseigné": nothing that a treatment or an allergy could stand in. */
const SAYS_NOTHING =
  /^(?:$|aucun|neant|ras\b|rien\b|pas d|sans\b|non (?:renseigne|precise|connu|applicable)|none\b|no\b|not\b|nil\b)/;
/** Longer words may deny one thing and tell another. */
const SHORT = 60;

function isInWords({ text, entry, emptyReason, section }: CompositionSection): boolean {
  if (entry?.length || section?.length || emptyReason || !text?.div || text.status === "empty") return false;
  const said = normalise(text.div.replace(/<[^>]*>/g, " "));
  return said !== "" && !(said.length <= SHORT && SAYS_NOTHING.test(said));
}
