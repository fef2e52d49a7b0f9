import { dateInWords } from "../../fhir/date-words.ts";

interface Words {
  readonly safety: string;
  readonly gaps: string;
  readonly gap: string;
  readonly consumption: string;
  readonly vaccination: string;
  /** Nothing was found, and everything could be looked at. */
  readonly nothingFound: (treatments: number) => string;
  readonly nothingTaken: (date: string) => string;
  readonly noProof: string;
  /** Documents that tell something without any code. */
  readonly inWords: Readonly<Record<"treatments" | "allergies", (count: number) => string>>;
  readonly noGap: string;
  /** Nothing is expected of the dead. */
  readonly deceased: string;
  /** What the list of gaps is built on. */
  readonly basis: string;
  readonly source: (title: string, publisher: string, date: string) => string;
  readonly obligation: Readonly<Record<"mandatory" | "recommended" | "offered", string>>;
}

export type CheckWords = Words;

export const checkWords: Readonly<Record<"fr" | "en", Words>> = {
  fr: {
    safety: "Vérification des traitements",
    gaps: "Suivi à prévoir",
    gap: "Suivi à prévoir",
    consumption: "Consommation inhabituelle",
    vaccination: "Vaccination à vérifier",
    nothingFound: (treatments) =>
      treatments === 1
        ? "Rien trouvé pour le traitement en cours."
        : `Rien trouvé entre les ${treatments} traitements en cours et les allergies.`,
    nothingTaken: (date) =>
      `${date ? `Un document du ${date}` : "Le dossier"} dit que la personne ne prend aucun traitement : rien à vérifier.`,
    inWords: {
      treatments: (count) =>
        `${count === 1 ? "un document dit" : `${count} documents disent`} des traitements en texte seul,`,
      allergies: (count) =>
        `${count === 1 ? "un document dit" : `${count} documents disent`} des allergies en texte seul,`,
    },
    noProof: "Cela ne prouve pas que le traitement est sans danger.",
    deceased: "La personne est décédée : aucun suivi n'est recherché.",
    noGap: "Aucun suivi manquant trouvé.",
    basis:
      "Liste établie d'après les seuls documents que vous pouvez voir : un examen ou un vaccin a pu être fait ailleurs, ou figurer dans un document qui ne vous est pas accessible.",
    source: (title, publisher, date) => `Source : ${title}, ${publisher} (${dateInWords(date, "fr")}).`,
    obligation: { mandatory: "Obligatoire.", recommended: "Recommandée.", offered: "Proposée." },
  },
  en: {
    safety: "Checks of treatments",
    gaps: "Follow-up to plan",
    gap: "Follow-up to plan",
    consumption: "Unusual consumption",
    vaccination: "Vaccination to be checked",
    nothingFound: (treatments) =>
      treatments === 1
        ? "Nothing found for the current treatment."
        : `Nothing found among the ${treatments} current treatments and the allergies.`,
    nothingTaken: (date) =>
      `${date ? `A document of ${date}` : "The record"} says that the person takes no treatment: nothing to check.`,
    inWords: {
      treatments: (count) =>
        `${count === 1 ? "one document tells" : `${count} documents tell`} treatments in words alone,`,
      allergies: (count) =>
        `${count === 1 ? "one document tells" : `${count} documents tell`} allergies in words alone,`,
    },
    noProof: "This does not prove that the treatment is safe.",
    deceased: "The person has died: no follow-up is looked for.",
    noGap: "No missing follow-up found.",
    basis:
      "This list rests on the documents that you may see: a test or a vaccination may have been done elsewhere, or stand in a document that you cannot open.",
    source: (title, publisher, date) => `Source: ${title}, ${publisher} (${dateInWords(date, "en")}).`,
    obligation: { mandatory: "Mandatory.", recommended: "Recommended.", offered: "Offered." },
  },
};
