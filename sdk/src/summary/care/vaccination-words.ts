import { dateInWords } from "../../fhir/date-words.ts";
import type { VaccinationUnsaid } from "./vaccinations-due.ts";

interface VaccinationWords {
  readonly due: (
    label: string,
    status: "due" | "overdue",
    dose: { readonly number: number; readonly of: number } | undefined,
    isFirst: boolean,
  ) => string;
  readonly cannotSay: (label: string) => string;
  readonly unrecognised: (name: string) => string;
  readonly ahead: (name: string) => string;
  readonly notDone: (day: string, reason: string) => string;
  readonly closes: string;
  readonly closesBirthDate: string;
  readonly reasons: Readonly<Record<VaccinationUnsaid, string>>;
}

export const vaccinationWords: Readonly<Record<"fr" | "en", VaccinationWords>> = {
  fr: {
    due: (label, status, dose, isFirst) =>
      [
        `${label}${dose ? `, dose ${dose.number} sur ${dose.of}` : ""} : ${status === "due" ? "à faire" : "en retard"}.`,
        ...(isFirst ? ["Aucune dose dans le dossier."] : []),
      ].join(" "),
    cannotSay: (label) => `${label} : à vérifier, le dossier ne permet pas de le dire.`,
    unrecognised: (name) => `Vaccination non comptée : le vaccin « ${name || "non nommé"} » n'est pas reconnu.`,
    ahead: (name) => `Vaccination non comptée : « ${name || "non nommée"} » est dite faite à une date à venir.`,
    notDone: (day, reason) =>
      `Dite non faite${day ? ` le ${dateInWords(day, "fr")}` : ""}${reason ? ` (${reason})` : ""}.`,
    closes: "La vaccination, ou le dépôt de la preuve qu'elle est déjà faite",
    closesBirthDate: "La date de naissance",
    reasons: {
      "no-birth-date":
        "Vaccinations à faire : la date de naissance manque ou est à venir, le calendrier ne peut pas être appliqué.",
      "imprecise-birth-date": "La date de naissance n'est pas assez précise.",
      "no-condition-information": "Il ne dit rien des maladies.",
      "no-immunization-information": "Il ne dit rien des vaccinations.",
      undated: "Une dose y figure sans date.",
      "future-date": "Une dose y porte une date à venir.",
      "imprecise-date": "La date de la dernière dose n'est pas assez précise.",
      "unknown-term": "Il ne dit pas à quelle semaine en est la grossesse.",
      "unrecognised-vaccine": "Un vaccin n'est pas reconnu.",
      contraindicated: "Un document dit ce vaccin contre-indiqué.",
    },
  },
  en: {
    due: (label, status, dose, isFirst) =>
      [
        `${label}${dose ? `, dose ${dose.number} of ${dose.of}` : ""}: ${status}.`,
        ...(isFirst ? ["No dose in the record."] : []),
      ].join(" "),
    cannotSay: (label) => `${label}: to be checked, the record cannot tell.`,
    unrecognised: (name) => `Vaccination not counted: the vaccine “${name || "unnamed"}” is not recognised.`,
    ahead: (name) => `Vaccination not counted: “${name || "unnamed"}” is said to be done on a day to come.`,
    notDone: (day, reason) =>
      `Said not to be done${day ? ` on ${dateInWords(day, "en")}` : ""}${reason ? ` (${reason})` : ""}.`,
    closes: "The vaccination, or the proof that it is already done, deposited",
    closesBirthDate: "The birth date",
    reasons: {
      "no-birth-date": "Vaccinations due: the birth date is missing or lies ahead, the schedule cannot be applied.",
      "imprecise-birth-date": "The birth date is not precise enough.",
      "no-condition-information": "It says nothing of conditions.",
      "no-immunization-information": "It says nothing of vaccinations.",
      undated: "A dose stands there without a date.",
      "future-date": "A dose there bears a date to come.",
      "imprecise-date": "The date of the last dose is not precise enough.",
      "unknown-term": "It does not say which week the pregnancy is in.",
      "unrecognised-vaccine": "A vaccine is not recognised.",
      contraindicated: "A document calls this vaccine contra-indicated.",
    },
  },
};
