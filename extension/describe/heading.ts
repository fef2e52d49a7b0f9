import { documentTypes } from "@carnet/sdk/terminology";
import { fold } from "./fold.ts";

/** How many characters count as the heading of a document: address blocks and letterheads come first in French letters. */
export const headingLength = 900;

/** First words of the titles that French documents give themselves. */
const nouns = new Set(
  "attestation bilan certificat compte consultation courrier cr demande echographie electrocardiogramme epreuves examen examens explorations feuille fiche formulaire hemogramme irm lettre mammographie note ordonnance plan prescription protocole questionnaire radiographie rapport resultat resultats scanner scintigraphie synthese transmission transmissions volet".split(
    " ",
  ),
);

/** Words of titles that no label of the national list has. */
const more =
  "compte rendu d'hospitalisation radiographie échographie scanner scintigraphie mammographie doppler électrocardiogramme ECG EEG EMG IRM TDM TEP EFR RCP épreuves explorations fonctionnelles respiratoires hémogramme résultat résultats rapport courrier volet standard abdominale abdomino pelvienne cérébrale cardiaque pulmonaire osseuse rénale thoracique thorax abdomen infirmière infirmier transmission transmissions préopératoire anesthésie anatomique pathologique laboratoire établissement sortant adresse";

/** Everything that a proposed title may be made of, by its form without accents. No name and no diagnosis is in it. */
const vocabulary = new Map<string, string>();
for (const text of [...documentTypes.map(({ display }) => display), more]) {
  for (const word of text.split(/[^\p{L}]+/u)) {
    if (word === "") continue;
    const isAcronym = word.length <= 4 && word === word.toLocaleUpperCase("fr") && word.length > 1;
    vocabulary.set(fold(word), isAcronym ? word : word.toLocaleLowerCase("fr"));
  }
}

/**
 * The title that a document gives itself ("COMPTE RENDU DE PASSAGE AUX URGENCES"), as a sentence with its accents. Only a
 * line made of known words counts: a name, a number or a diagnosis never gets into a title by this way, whatever the line.
 */
export function headingOf(text: string): string | undefined {
  for (const line of text
    .slice(0, headingLength)
    .split(/[\n\f]/)
    .slice(0, 40)) {
    const title = titleIn(line);
    if (title !== undefined) return title;
  }
  return undefined;
}

function titleIn(line: string): string | undefined {
  const plain = line.trim().replace(/\s+/g, " ").replace(/[.:]$/, "").trim();
  if (plain.length < 6 || plain.length > 90 || !/^[\p{L}'’,() -]+$/u.test(plain)) return undefined;
  const words = plain.split(/[^\p{L}]+/u).filter((word) => word !== "");
  const [first] = words;
  if (first === undefined || !nouns.has(fold(first))) return undefined;
  if (!words.every((word) => vocabulary.has(fold(word)))) return undefined;
  const written = plain.replace(/\p{L}+/gu, (word) => vocabulary.get(fold(word)) ?? word);
  // Capitals without accents: the preposition is told from the verb by what follows.
  const accented = written.replace(/\ba(?= (?:la|l['’]|un|une|domicile|distance)\b)/g, "à");
  return accented.charAt(0).toLocaleUpperCase("fr") + accented.slice(1);
}

/** True when a text of the page may become a title: nothing that looks like a person, a number or an address. */
export function isCleanTitle(text: string): boolean {
  if (text.length < 8 || text.length > 80 || /^https?:/.test(text) || /\.[a-z]{3,4}$/i.test(text)) return false;
  if (/\d[\d\s.]{4,}/.test(text.replace(/\b\d{1,2}[/. ]\d{1,2}[/. ]\d{4}\b/g, ""))) return false;
  if (/\b(?:m|mr|mme|mlle|dr|pr|monsieur|madame|docteur|patiente?|nee?|ne\(e\))\b/.test(fold(text))) return false;
  const words = text.split(/[^\p{L}]+/u).filter((word) => word !== "");
  // A capital inside ("Camille", "MOREAU") may be a name, unless the word is one that titles are made of.
  return words.slice(1).every((word) => !/^\p{Lu}/u.test(word) || vocabulary.has(fold(word)));
}
