import { seen } from "./kin-words.ts";
import { isAllCapitals, isCapitalised, type Token } from "./tokens.ts";

/** Whom these words speak of is the patient of the letter: "je vois", "merci de m’avoir adressé", "Objet :". */
const beforePatient: ReadonlySet<string> = new Set([
  ...seen,
  ..."OBJET REF REFERENCE RE VOYONS REVOIS REVU REVUE RECEVONS ADRESSER ADRESSONS CONFIE CONFIEE CONFIER CERTIFIE TRANSFERONS HOSPITALISONS SAW SEEN ADMIS ADMISE SUIVI SUIVIE SUIVONS".split(
    " ",
  ),
]);
/** Of whom these are: "nouvelles de", "à propos de", "l’état de santé de". What is somebody's own work is none ("consultation de"). */
const ofPatient: ReadonlySet<string> = new Set(
  "NOUVELLES PROPOS SUJET SANTE ETAT EXAMEN EXAMENS RESULTAT RESULTATS ANALYSE ANALYSES BILAN DOSSIER HOSPITALISATION SEJOUR SORTIE ADMISSION CHARGE DECES OPERATOIRE PRELEVEMENT PRELEVEMENTS VACCINATION".split(
    " ",
  ),
);
/** So are these, an adjective perhaps between: "scanner thoracique de". */
const examinations: ReadonlySet<string> = new Set(
  "SCANNER TDM IRM TEP ECHOGRAPHIE RADIO RADIOGRAPHIE MAMMOGRAPHIE SCINTIGRAPHIE DOPPLER ECHODOPPLER ECG ELECTROCARDIOGRAMME COLOSCOPIE FIBROSCOPIE SPERMOGRAMME".split(
    " ",
  ),
);
/** "Analyses de DURAND Paul": no part of the name behind. */
export const isBeforePatient = ({ folded }: Token) => ofPatient.has(folded) || examinations.has(folded);
/** For whom these are written. */
const forPatient: ReadonlySet<string> = new Set(["ORDONNANCE", "PRESCRIPTION", "CERTIFICAT", "ATTESTATION"]);
/** First words of other headings: "COMPTE RENDU", "LETTRE DE LIAISON", "BON DE TRANSPORT", "ARRÊT DE TRAVAIL". */
const headings: ReadonlySet<string> = new Set([
  ...forPatient,
  ..."COMPTE CR LETTRE CONVOCATION BON BULLETIN ARRET CONSENTEMENT FICHE FEUILLE".split(" "),
]);
/** Under a letter's heading stands whom it is sent to. */
const ofLetters: ReadonlySet<string> = new Set(["LETTRE", "CR", "FICHE", "FEUILLE"]);
/** To whom they are given. */
const given: ReadonlySet<string> = new Set(["DELIVRE", "DELIVREE"]);
/** Right before the name: "votre patiente, Mme X", "Dossier : Mme X". */
const patient: ReadonlySet<string> = new Set(["PATIENT", "PATIENTE", "MALADE", "DOSSIER"]);
/** Between them and the name: somebody else is there, acts, or is written to. */
const besideSomebodyElse: ReadonlySet<string> = new Set("PAR AVEC CHEZ A AU AUX POUR AUPRES VERS DE DU DES".split(" "));
/** "M. X a été hospitalisé". */
const afterPatient: ReadonlySet<string> = new Set(
  "HOSPITALISE HOSPITALISEE ADMIS ADMISE VU VUE REVU REVUE EXAMINE EXAMINEE OPERE OPEREE SUIVI SUIVIE TRANSFERE TRANSFEREE PRESENTE CONSULTE SOUFFRE BENEFICIE BENEFICIAIT SUBI NECESSITE ATTEINT ATTEINTE PORTEUR PORTEUSE DECEDE DECEDEE".split(
    " ",
  ),
);
/** So are these, behind an age. */
const atAge: ReadonlySet<string> = new Set([
  ..."HOSPITALISE HOSPITALISEE ADMIS ADMISE VU VUE REVU REVUE EXAMINE EXAMINEE AMENE AMENEE ADRESSE ADRESSEE CONSULTE VIENT PRESENTE".split(
    " ",
  ),
]);
const reach = { before: 6, after: 4 };
/** In tokens: no heading is farther from the name under it. */
const farthest = 60;

/** Whether the words around a name call the person the patient: a name alone may be anybody's who is named in a letter. */
export function isCalledPatient(tokens: readonly Token[], start: number, end: number, floor: number): boolean {
  return (
    isAnnounced(tokens, start, floor) ||
    hasAge(tokens, end) ||
    isTreated(tokens, end) ||
    isAloneByHeading(tokens, start, end) ||
    isBehindHeading(tokens, start)
  );
}

/** "ORDONNANCE — M. X": whom the paper is for, when the line says nothing else. */
function isBehindHeading(tokens: readonly Token[], start: number): boolean {
  if (!/^[—–:|-]$/.test(tokens[start - 1]?.text ?? "")) return false;
  let from = start - 1;
  while (from > start - farthest && from > 0 && tokens[from - 1]?.kind !== "newline") from--;
  const line = tokens.slice(from, start - 1);
  return isHeading(line) && !line.some(({ folded }) => folded !== "DE" && besideSomebodyElse.has(folded));
}

/** A line that says which paper this is, and perhaps of which day. */
function isHeading(line: readonly Token[]): boolean {
  const [first] = line;
  if (first === undefined || !isCapitalised(first) || !headings.has(first.folded.split(" ")[0] ?? "")) return false;
  // "Bon courage".
  if (first.folded === "BON" && line[1]?.folded !== "DE") return false;
  return line.filter(({ kind }) => kind === "number").length <= 3 && !line.some(({ text }) => /^[.,;!?]$/.test(text));
}

/** Lines with a date may stand between the heading of a prescription and the name under it. */
const mostDates = 2;

/** A line of its own, under "ORDONNANCE" or over "SCANNER THORACIQUE". */
function isAloneByHeading(tokens: readonly Token[], start: number, end: number): boolean {
  if (!isLineEnd(tokens[start - 1]) || !isLineEnd(tokens[end])) return false;
  const under = firstUnder(tokens, end);
  if (under?.kind === "word" && examinations.has(under.folded)) return true;
  let to = start - 1;
  for (let dates = 0; to > Math.max(0, start - farthest) && dates <= mostDates; ) {
    let from = to;
    while (from > start - farthest && tokens[from - 1]?.kind !== "newline") from--;
    const line = tokens.slice(from, to);
    const isExamined = dates === 0 && line.length <= 3 && line.some(({ folded }) => examinations.has(folded));
    if (isHeading(line) && !ofLetters.has(line[0]?.folded ?? "") && isOfPaper(line)) return true;
    if (isExamined || line.some(({ folded }) => forPatient.has(folded)))
      return line.every(({ kind }) => kind !== "number");
    if (line.length > 0 && !line.some(({ kind }) => kind === "number")) return false;
    if (line.length > 0) dates++;
    to = from - 1;
  }
  return false;
}

/** "ARRÊT DE TRAVAIL", and no "arrêt du tabac": all in capitals, or a word of those that are given to a patient. */
const isOfPaper = (line: readonly Token[]) =>
  line.every((token) => token.kind !== "word" || isAllCapitals(token) || token.text.length < 3) ||
  line.some(({ folded }) => forPatient.has(folded) || folded === "COMPTE RENDU" || folded === "RENDU");

const isLineEnd = (token: Token | undefined) => token === undefined || token.kind === "newline";

function firstUnder(tokens: readonly Token[], end: number): Token | undefined {
  let at = end;
  while (at < end + farthest && tokens[at]?.kind === "newline") at++;
  return tokens[at];
}

/** Whether the words before a name, on its line or in its sentence, call them the patient. */
export function isAnnounced(tokens: readonly Token[], start: number, floor: number): boolean {
  let words = 0;
  let isOnLine = true;
  for (let at = start - 1; at >= floor && words < reach.before; at--) {
    const token = tokens[at];
    if (token === undefined) return false;
    if (/^[.;!?]$/.test(token.text)) {
      // "Réf. : M. X" is one sentence.
      if (token.text === "." && tokens[at - 1]?.folded === "REF") continue;
      return false;
    }
    if (token.kind === "newline") isOnLine = false;
    // "Dossier n° 4512 : DURAND Paul".
    if (token.kind !== "word" || /^N[O°]?$/.test(token.folded)) continue;
    words++;
    if (words === 1 && isWordOfPatient(tokens, at, floor)) return true;
    // Over a line's end a heading ("Consultation") announces nobody, a sentence does.
    const isSentence = isOnLine || /^\p{Ll}/u.test(token.text);
    // "Adresse : LYON Cedex" sends nobody.
    const isField = token.folded === "ADRESSE" && tokens[at + 1]?.text === ":";
    if (isField) return false;
    if (token.folded.split(" ").some((word) => beforePatient.has(word))) return isSentence;
    // "Objet : consultation de DURAND Paul".
    if (besideSomebodyElse.has(token.folded) && !isLineOfObject(tokens, at)) return false;
  }
  return false;
}

function isLineOfObject(tokens: readonly Token[], at: number): boolean {
  let first = at;
  while (first > 0 && first > at - farthest && tokens[first - 1]?.kind !== "newline") first--;
  return tokens[first]?.folded === "OBJET" && /^(?:DE|D|DU)$/.test(tokens[at]?.folded ?? "");
}

/** The last word before the name, with the one that it depends on: "votre patient", "nouvelles de", "ordonnance pour". */
function isWordOfPatient(tokens: readonly Token[], at: number, floor: number): boolean {
  const { folded = "", text = "" } = tokens[at] ?? {};
  if (patient.has(folded)) return true;
  if (/^(?:DE|D)$/.test(folded) && isExamination(tokens, at, floor)) return true;
  if (folded === "A" && given.has(tokens[at - 1]?.folded ?? "")) return at > floor;
  const announcing = /^(?:DE|D)$/.test(folded) ? ofPatient : folded === "POUR" ? forPatient : undefined;
  if (announcing === undefined) return false;
  let before = at - 1;
  // "ORDONNANCE" is a heading, and the line under it says for whom.
  if (announcing === forPatient && /^P/.test(text)) while (tokens[before]?.kind === "newline") before--;
  const word = before >= floor ? tokens[before] : undefined;
  return word?.kind === "word" && word.folded.split(" ").some((one) => announcing.has(one));
}

function isExamination(tokens: readonly Token[], at: number, floor: number): boolean {
  const before = tokens.slice(Math.max(floor, at - 3), at);
  const last = before.findLastIndex(({ folded }) => examinations.has(folded));
  return last >= 0 && before.slice(last).every(({ kind }) => kind === "word");
}

/** "M. Paul DURAND, 45 ans", "âgée de 3 mois". */
function hasAge(tokens: readonly Token[], end: number): boolean {
  const after = tokens.slice(end, end + reach.after);
  const number = after.findIndex(({ kind }) => kind === "number");
  return number >= 0 && /^(?:ANS?|MOIS|JOURS?|SEMAINES?)$/.test(tokens[end + number + 1]?.folded ?? "");
}

/** "Hugo, 8 mois, amené", "DURAND Paul, 46 ans, consulte": at the index behind a name. */
export function isSeenAtAge(tokens: readonly Token[], end: number): boolean {
  let at = /^[,(]$/.test(tokens[end]?.text ?? "") ? end + 1 : end;
  if (/^AGEE?$/.test(tokens[at]?.folded ?? "")) at += tokens[at + 1]?.folded === "DE" ? 2 : 1;
  if (tokens[at]?.kind !== "number" || !/^(?:ANS?|MOIS|JOURS?|SEMAINES?)$/.test(tokens[at + 1]?.folded ?? ""))
    return false;
  at += 2;
  while (/^[,)]$/.test(tokens[at]?.text ?? "") || /^(?:EST|A|ETE)$/.test(tokens[at]?.folded ?? "")) at++;
  return atAge.has(tokens[at]?.folded ?? "");
}

/** "M. X a été hospitalisé". */
export function isTreated(tokens: readonly Token[], end: number): boolean {
  for (const token of tokens.slice(end, end + reach.after)) {
    if (token.kind !== "word") return false;
    // Born on a day that could not be read: a patient all the same. "ne" is the negation.
    if (afterPatient.has(token.folded) || (/^(?:née?|NÉE?|NEE?)(?:\(e\))?$/i.test(token.text) && token.text !== "ne"))
      return true;
  }
  return false;
}
