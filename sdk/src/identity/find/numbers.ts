import { identifierSystem } from "../../fhir/systems.ts";
import { checkInsKey } from "../ins.ts";
import { foldName } from "../names.ts";
import type { Fact } from "./facts.ts";

/** 13 characters in any usual grouping, then the key, perhaps announced ("clé : 91", "/ 91"). Every part has a fixed length. */
const insPattern =
  /(?<![\p{L}\d])([1-478])[ .\u00a0\u202f]?(\d{2})[ .\u00a0\u202f]?(\d{2})[ .\u00a0\u202f]?(\d{2}|2[ABab])[ .\u00a0\u202f]?(\d{3})[ .\u00a0\u202f]?(\d{3})[ .\u00a0\u202f]{0,3}(?:[(/-][ ]?)?(?:cl[eé][ ]?:?[ ]?)?(\d{2})(?!\d)/giu;

/** One sign in each box of a form. */
const boxedPattern =
  /(?<![\p{L}\d])(?<!\d[ \u00a0\u202f])[1-478](?:[ \u00a0\u202f]\d){5}[ \u00a0\u202f][\dAB](?:[ \u00a0\u202f]\d){8}(?![ \u00a0\u202f]?\d)/giu;

/** Finds INS numbers, but for those in the places that speak of a relative. A number without a right key counts only beside a word that calls it one, so that a slip is seen. */
export function findInsFacts(
  text: string,
  theirs: readonly { readonly start: number; readonly end: number }[],
): readonly Fact[] {
  const facts: Fact[] = [];
  for (const match of [...text.matchAll(insPattern), ...text.matchAll(boxedPattern)]) {
    const value = (match.slice(1, 8).join("") || match[0].replace(/\s/g, "")).toUpperCase();
    const near = text.slice(Math.max(0, match.index - 60), match.index);
    const before = lastWords(near);
    if (before.some((word) => notThePatient.has(word))) continue;
    if (theirs.some(({ start, end }) => start <= match.index && match.index < end)) continue;
    // A relative named in the sentence before says nothing of this number.
    const sentence = near.slice(near.search(/[^\n.;!?]*$/));
    if (lastWords(sentence).some((word) => relatives.has(word))) continue;
    if (!checkInsKey(value) && !before.some((word) => insWords.has(word))) continue;
    facts.push({
      start: match.index,
      end: match.index + match[0].length,
      isField: true,
      isCalledPatient: true,
      traits: {
        ins: { system: /^[78]/.test(value) ? identifierSystem.insNia : identifierSystem.insNir, value },
        ...sexOf(value),
      },
    });
  }
  return facts;
}

const lastWords = (text: string) => foldName(text).split(" ").slice(-6);

const insWords: ReadonlySet<string> = new Set([
  "INS",
  "NIR",
  "NIA",
  "MATRICULE",
  "SECU",
  "SECURITE",
  "SS",
  "NSS",
  "INSEE",
]);
/** The number of the insured parent stands on children's letters; IPP and IEP are numbers of the hospital. */
const notThePatient: ReadonlySet<string> = new Set([
  "ASSURE",
  "ASSUREE",
  "OUVRANT",
  "DROIT",
  "IPP",
  "IEP",
  "NDA",
  "DOSSIER",
]);

/** A newborn's letter carries the number of its mother. */
const relatives: ReadonlySet<string> = new Set(
  "MERE PERE MAMAN PAPA PARENT PARENTS CONJOINT CONJOINTE EPOUX TUTEUR TUTRICE REPRESENTANT REPRESENTANTE LEGAL".split(
    " ",
  ),
);

function sexOf(value: string): { sex?: "male" | "female" } {
  if (/^[137]/.test(value)) return { sex: "male" };
  return /^[248]/.test(value) ? { sex: "female" } : {};
}
