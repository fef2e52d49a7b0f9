import { dateInWords } from "../../fhir/date-words.ts";
import type { InteractionLevel } from "./drug-data.ts";

/** Names of the four levels. The French ones are those of the thesaurus. */
export const levelWords: Readonly<Record<"fr" | "en", Readonly<Record<InteractionLevel, string>>>> = {
  fr: {
    CI: "Contre-indication",
    AD: "Association déconseillée",
    PE: "Précaution d'emploi",
    PC: "À prendre en compte",
  },
  en: {
    CI: "Contraindicated",
    AD: "Not recommended together",
    PE: "Precaution for use",
    PC: "To be taken into account",
  },
};

export type NotCheckedReason =
  | "no-reference-data"
  | "no-treatment-information"
  | "no-current-treatment"
  | "no-allergy-information"
  | "no-drug-allergy-information"
  | "unknown-medicine"
  | "partly-known-medicine"
  | "unread-documents"
  | "told-in-words"
  | "not-in-thesaurus"
  | "unknown-allergen";

interface Words {
  readonly unnamed: string;
  readonly allergy: (allergen: string, treatment: string) => string;
  readonly sameSubstance: (name: string) => string;
  readonly statedClass: (name: string) => string;
  readonly related: (name: string) => string;
  readonly interaction: (level: string, a: string, b: string) => string;
  readonly onlyUnderCondition: string;
  readonly duplicate: (a: string, b: string, name: string) => string;
  readonly twoPrescribers: (a: string, name: string) => string;
  readonly maybeToldTwice: string;
  readonly notChecked: Readonly<Record<NotCheckedReason, (name: string) => string>>;
  readonly source: (title: string, date: string) => string;
  readonly titles: Readonly<Record<"allergy" | "interaction" | "duplicate" | "not-checked", string>>;
}

export const words: Readonly<Record<"fr" | "en", Words>> = {
  fr: {
    unnamed: "Médicament non nommé",
    allergy: (allergen, treatment) =>
      `Allergie ou intolérance à « ${allergen} » et traitement en cours « ${treatment} »`,
    sameSubstance: (name) => `Même substance : ${name}.`,
    statedClass: (name) => `Le médicament est de la famille déclarée : ${name}.`,
    related: (name) => `Même famille : ${name}. Une réaction croisée est possible.`,
    interaction: (level, a, b) => `${level} : ${a} et ${b}.`,
    onlyUnderCondition: "Le niveau dépend des conditions ci-dessous ; le plus grave est affiché.",
    duplicate: (a, b, name) => `Doublon : « ${a} » et « ${b} » contiennent ${name}.`,
    twoPrescribers: (a, name) =>
      `Doublon : « ${a} » (${name}) est prescrit par deux personnes à moins d'un mois d'intervalle.`,
    maybeToldTwice: "Il peut s'agir du même traitement, noté de deux façons.",
    notChecked: {
      "no-reference-data": () =>
        "Non vérifié : aucune base de référence des médicaments n'est chargée. Ni les allergies, ni les interactions, ni les doublons n'ont été recherchés.",
      "no-treatment-information": () =>
        "Non vérifié : le dossier ne dit rien des traitements. Ni les allergies, ni les interactions, ni les doublons n'ont pu être recherchés.",
      "no-current-treatment": () =>
        "Non vérifié : le dossier ne contient que des traitements passés, et rien n'y dit que le patient n'en prend plus.",
      "no-allergy-information": () =>
        "Non vérifié : le dossier ne dit rien des allergies. Les traitements n'ont pas pu leur être comparés.",
      "no-drug-allergy-information": () =>
        "Non vérifié : le dossier ne dit rien des allergies aux médicaments. Les traitements n'ont pas pu leur être comparés.",
      "partly-known-medicine": (name) =>
        `Vérifié en partie seulement : la base de référence ne reconnaît pas tout ce que contient « ${name} ».`,
      "unread-documents": (count) =>
        Number(count) === 1
          ? "Non vérifié : un document du dossier est une image, un fichier ou un texte sans code ; un traitement ou une allergie peut y figurer."
          : `Non vérifié : ${count} documents du dossier sont des images, des fichiers ou des textes sans code ; des traitements ou des allergies peuvent y figurer.`,
      "told-in-words": (what) => `Non vérifié : ${what} sans aucun code. Ouvrez le document pour les comparer.`,
      "unknown-medicine": (name) => `Non vérifié : « ${name} » n'est pas reconnu par la base de référence.`,
      "not-in-thesaurus": (name) => `Interactions non vérifiées : le thésaurus ne connaît pas ${name}.`,
      "unknown-allergen": (name) =>
        `Allergie non comparée aux traitements : « ${name} » n'est pas reconnu par la base de référence.`,
    },
    source: (title, date) => `Source : ${title} (${dateInWords(date, "fr")}).`,
    titles: {
      allergy: "Allergie et traitement",
      interaction: "Interaction médicamenteuse",
      duplicate: "Doublon de substance",
      "not-checked": "Non vérifié",
    },
  },
  en: {
    unnamed: "Unnamed medicine",
    allergy: (allergen, treatment) => `Allergy or intolerance to “${allergen}” and current treatment “${treatment}”`,
    sameSubstance: (name) => `Same substance: ${name}.`,
    statedClass: (name) => `The medicine belongs to the family stated: ${name}.`,
    related: (name) => `Same family: ${name}. A cross-reaction is possible.`,
    interaction: (level, a, b) => `${level}: ${a} and ${b}.`,
    onlyUnderCondition: "The level depends on the conditions below; the gravest is shown.",
    duplicate: (a, b, name) => `Duplicate: “${a}” and “${b}” contain ${name}.`,
    twoPrescribers: (a, name) => `Duplicate: “${a}” (${name}) is prescribed by two persons within one month.`,
    maybeToldTwice: "It may be one treatment, written in two ways.",
    notChecked: {
      "no-reference-data": () =>
        "Not checked: no medicine reference data is loaded. Neither allergies nor interactions nor duplicates were looked for.",
      "no-treatment-information": () =>
        "Not checked: the record says nothing of treatments. Neither allergies nor interactions nor duplicates could be looked for.",
      "no-current-treatment": () =>
        "Not checked: the record holds past treatments only, and nothing in it says that the patient takes none.",
      "no-allergy-information": () =>
        "Not checked: the record says nothing of allergies. Treatments could not be compared with them.",
      "no-drug-allergy-information": () =>
        "Not checked: the record says nothing of allergies to medicines. Treatments could not be compared with them.",
      "partly-known-medicine": (name) =>
        `Checked in part only: the reference data does not know all that “${name}” contains.`,
      "unread-documents": (count) =>
        Number(count) === 1
          ? "Not checked: one document of the record is a picture, a file or a text without codes; it may hold a treatment or an allergy."
          : `Not checked: ${count} documents of the record are pictures, files or texts without codes; they may hold treatments or allergies.`,
      "told-in-words": (what) => `Not checked: ${what} without any code. Open the document to compare them.`,
      "unknown-medicine": (name) => `Not checked: “${name}” is unknown to the reference data.`,
      "not-in-thesaurus": (name) => `Interactions not checked: the thesaurus does not know ${name}.`,
      "unknown-allergen": (name) => `Allergy not compared with treatments: “${name}” is unknown to the reference data.`,
    },
    source: (title, date) => `Source: ${title} (${dateInWords(date, "en")}).`,
    titles: {
      allergy: "Allergy and treatment",
      interaction: "Drug interaction",
      duplicate: "Duplicate substance",
      "not-checked": "Not checked",
    },
  },
};
