import { seen } from "./kin-words.ts";
import type { Token } from "./tokens.ts";

/** Whom these words speak of is the patient of the letter: "je vois", "merci de m’avoir adressé", "Objet :". */
const beforePatient: ReadonlySet<string> = new Set([
  ...seen,
  ..."OBJET VOYONS REVOIS REVU REVUE RECEVONS ADRESSER ADRESSONS ADMIS ADMISE SUIVI SUIVIE SUIVONS".split(" "),
]);
/** Between them and the name: somebody else is there, acts, or is written to. */
const besideSomebodyElse: ReadonlySet<string> = new Set("PAR AVEC CHEZ A AU AUX POUR AUPRES VERS DE DU DES".split(" "));
/** "M. X a été hospitalisé". */
const afterPatient: ReadonlySet<string> = new Set(
  "HOSPITALISE HOSPITALISEE ADMIS ADMISE VU VUE REVU REVUE EXAMINE EXAMINEE OPERE OPEREE SUIVI SUIVIE TRANSFERE TRANSFEREE PRESENTE CONSULTE SOUFFRE".split(
    " ",
  ),
);
const reach = { before: 6, after: 4 };

/** Whether the words around a name call the person the patient: a name alone may be anybody's who is named in a letter. */
export function isCalledPatient(tokens: readonly Token[], start: number, end: number, floor: number): boolean {
  return isAnnounced(tokens, start, floor) || hasAge(tokens, end) || isTreated(tokens, end);
}

function isAnnounced(tokens: readonly Token[], start: number, floor: number): boolean {
  let words = 0;
  let isOnLine = true;
  for (let at = start - 1; at >= floor && words < reach.before; at--) {
    const token = tokens[at];
    if (token === undefined || /^[.;!?]$/.test(token.text)) return false;
    if (token.kind === "newline") isOnLine = false;
    if (token.kind !== "word") continue;
    words++;
    // Over a line's end a heading ("Consultation") announces nobody, a sentence does.
    const isSentence = isOnLine || /^\p{Ll}/u.test(token.text);
    if (token.folded.split(" ").some((word) => beforePatient.has(word))) return isSentence;
    if (besideSomebodyElse.has(token.folded)) return false;
  }
  return false;
}

/** "M. Paul DURAND, 45 ans", "âgée de 3 mois". */
function hasAge(tokens: readonly Token[], end: number): boolean {
  const after = tokens.slice(end, end + reach.after);
  const number = after.findIndex(({ kind }) => kind === "number");
  return number >= 0 && /^(?:ANS?|MOIS|JOURS?|SEMAINES?)$/.test(tokens[end + number + 1]?.folded ?? "");
}

function isTreated(tokens: readonly Token[], end: number): boolean {
  for (const token of tokens.slice(end, end + reach.after)) {
    if (token.kind !== "word") return false;
    if (afterPatient.has(token.folded)) return true;
  }
  return false;
}
