import { defineStrings } from "../shared/define-strings.ts";

const plural = (count: number, one: string, several: string) => `${count} ${count > 1 ? several : one}`;

const pluralEnglish = (count: number, one: string, several: string) => `${count} ${count === 1 ? one : several}`;

/** Words of the comparison of two versions. */
export const comparisonStrings = defineStrings("comparison", {
  fr: {
    title: "Comparaison avec une version antérieure",
    choose: "Version comparée à celle qui est affichée",
    version: (date: string, author: string) => `${date}, ${author}`,
    noDate: "Date non renseignée",
    loading: "Comparaison des deux versions…",
    failed: "Les deux versions n’ont pas pu être comparées.",
    none: "La version antérieure n’est pas lisible : rien à comparer.",
    noText:
      "L’une des deux versions n’a pas de texte à comparer (image, numérisation ou format non lu). Ouvrez-les l’une après l’autre.",
    otherPerson:
      "La version antérieure porte le matricule INS d’une autre personne que le patient affiché : elle n’est pas comparée.",
    textOnly:
      "Seul le texte est comparé, ligne par ligne : ni les images, ni la mise en page, ni les mentions de l’en-tête.",
    same: "Le texte des deux versions est le même.",
    passagesAdded: (count: number) => plural(count, "passage ajouté", "passages ajoutés"),
    passagesRemoved: (count: number) => plural(count, "passage retiré", "passages retirés"),
    passagesChanged: (count: number) => plural(count, "passage modifié", "passages modifiés"),
    added: "Ajouté",
    removed: "Retiré",
    changed: "Modifié",
    addedWords: "[ajouté :",
    removedWords: "[retiré :",
    end: "fin]",
    sameLines: (count: number) => plural(count, "ligne identique", "lignes identiques"),
  },
  en: {
    title: "Comparison with an earlier version",
    choose: "Version compared with the one shown",
    version: (date, author) => `${date} – ${author}`,
    noDate: "No date recorded",
    loading: "Comparing the two versions…",
    failed: "The two versions could not be compared.",
    none: "The earlier version cannot be read: nothing to compare.",
    noText:
      "One of the two versions has no text to compare (an image, a scan, or a format that is not read here). Open them one after the other.",
    otherPerson: "The earlier version carries the INS of somebody else than the patient shown: it is not compared.",
    textOnly: "Only the text is compared, line by line: not images, layout or header entries.",
    same: "The text of both versions is the same.",
    passagesAdded: (count) => pluralEnglish(count, "passage added", "passages added"),
    passagesRemoved: (count) => pluralEnglish(count, "passage removed", "passages removed"),
    passagesChanged: (count) => pluralEnglish(count, "passage changed", "passages changed"),
    added: "Added",
    removed: "Removed",
    changed: "Changed",
    addedWords: "[added:",
    removedWords: "[removed:",
    end: "end]",
    sameLines: (count) => pluralEnglish(count, "line the same", "lines the same"),
  },
});
