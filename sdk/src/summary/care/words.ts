import type { UnsaidReason } from "./care-gaps.ts";

interface ReasonWords {
  /** Before the reason. */
  readonly cannotSay: (wording: string) => string;
  readonly someUnsaid: (count: number, reason: string) => string;
  readonly codedConditions: string;
  readonly reasons: Readonly<Record<UnsaidReason, string>>;
}

export const reasonWords: Readonly<Record<"fr" | "en", ReasonWords>> = {
  fr: {
    someUnsaid: (count, reason) =>
      count === 1
        ? `À vérifier — un suivi n'a pas pu être examiné dans le dossier. ${reason}`
        : `À vérifier — ${count} suivis n'ont pas pu être examinés dans le dossier. ${reason}`,
    codedConditions: "La liste des maladies, avec leurs codes",
    cannotSay: (wording) => `À vérifier — « ${wording} » : le dossier ne permet pas de le dire.`,
    reasons: {
      "no-condition-information": "Il ne dit rien des maladies.",
      "uncoded-conditions": "Certaines maladies y sont écrites sans code.",
      "nothing-of-this-kind": "Il ne contient aucun résultat de ce genre.",
      undated: "Un résultat y figure sans date.",
      "future-date": "Un résultat ou un document y porte une date à venir.",
      "imprecise-date": "La date du dernier résultat n'est pas assez précise.",
      "unread-treatments": "La classe de certains traitements est inconnue.",
      "unread-document":
        "Un compte rendu récent qui peut le contenir est une image ou un fichier : ouvrez-le pour vérifier.",
      "documents-not-given": "La liste de ses documents n'est pas disponible ici.",
      "unread-prescriptions": "La classe de certains médicaments prescrits est inconnue.",
      "folded-prescriptions": "La synthèse réunit plusieurs ordonnances sans dire qui les a faites.",
    },
  },
  en: {
    someUnsaid: (count, reason) =>
      count === 1
        ? `To be checked — one follow-up could not be looked at in the record. ${reason}`
        : `To be checked — ${count} follow-ups could not be looked at in the record. ${reason}`,
    codedConditions: "The list of conditions, with their codes",
    cannotSay: (wording) => `To be checked — “${wording}”: the record cannot tell.`,
    reasons: {
      "no-condition-information": "It says nothing of conditions.",
      "uncoded-conditions": "Some conditions stand there without a code.",
      "nothing-of-this-kind": "It holds no result of this kind.",
      undated: "A result stands there without a date.",
      "future-date": "A result or a document there bears a date to come.",
      "imprecise-date": "The date of the last result is not precise enough.",
      "unread-treatments": "The class of some treatments is unknown.",
      "unread-document": "A recent report that may hold it is a picture or a file: open it to check.",
      "documents-not-given": "The list of its documents is not available here.",
      "unread-prescriptions": "The class of some prescribed medicines is unknown.",
      "folded-prescriptions": "The summary puts several prescriptions together without telling who made them.",
    },
  },
};
