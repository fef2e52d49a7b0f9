import { nameEnders } from "./labels.ts";
import { isAllCapitals, type Token } from "./tokens.ts";

/** Words in capitals that head lines, name examinations, services or drugs, and no person. */
const words: ReadonlySet<string> = new Set(
  (
    "IRM TDM SCANNER TEP PET ECG EEG EMG ETT ETO ECHO RADIO BILAN AVIS RCP HDJ HAD SSR MCO EFR BPCO HTA IDM AVC PCR ECBU NFS CRP TSH RDV SUIVI " +
    "VACCIN VACCINATION RAPPEL ANAPATH ORDONNANCE CERTIFICAT RESULTAT RESULTATS RENDEZ VOUS CHIRURGIE COVID SARS COV MEDECINE SOINS URGENCES URGENCE " +
    "OBJET MOTIF CONCLUSION INDICATION TECHNIQUE TRAITEMENT ANTECEDENTS ALLERGIES HISTOIRE INTERVENTION OPERATION BLOC NOTE LETTRE COURRIER RAPPORT " +
    "SYNTHESE SORTIE ENTREE TRANSFERT FICHE LIAISON ORIGINE DON GREFFE PROTHESE HANCHE GENOU EPAULE FRACTURE MALADIE SYNDROME SCORE ECHELLE CLASSE STADE " +
    "CEDEX JOUR SEMAINE ALD PMSI LOCAL DOMICILE AUTONOME PORTEUR PORTEUSE OUI NON ALLERGIE TYPE GROUPE RHESUS INTERNE EXTERNE NORD SUD EST OUEST VILLE HOPITAUX CIVILS ASSISTANCE PUBLIQUE REPUBLIQUE FRANCAISE MINISTERE MG ML " +
    "JANVIER FEVRIER MARS JUIN JUILLET AOUT SEPTEMBRE OCTOBRE NOVEMBRE DECEMBRE LUNDI MARDI MERCREDI JEUDI VENDREDI SAMEDI DIMANCHE"
  ).split(" "),
);
const endings =
  /(?:GRAPHIE|LOGIE|LOGIQUE|SCOPIE|TOMIE|PLASTIE|THERAPIE|METRIE|GRAMME|PATHIE|TATION|CTION|MENT|ITE|OSE|PHILIE|FUSION|MYCINE|CILLINE|AZOLE)S?$/;

/** Names that end so. */
const names: ReadonlySet<string> = new Set(["CLEMENT", "MARGUERITE", "HIPPOLYTE", "AMBROISE"]);

/** Whether a word in a run of capitals says that the run is no person's name. */
export function isNoPerson(token: Token): boolean {
  const parts = token.folded.split(" ");
  // "Compte-rendu".
  if (parts.length > 1 && nameEnders.has(parts[0] ?? "") && !/^D(?:E|U|ES)?$/.test(parts[0] ?? "")) return true;
  const isEnding = (word: string) => isAllCapitals(token) && word.length > 6 && endings.test(word) && !names.has(word);
  return parts.some((word) => words.has(word) || isEnding(word));
}
