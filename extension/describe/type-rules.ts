/**
 * Words of French documents that decide their type. Data, not code: one line per habit of writing, read by propose.ts.
 * `words` are matched on text without accents, in lower case, blanks collapsed; alternatives are separated by `|`.
 * A match in a heading (first lines, title, file name) weighs more than one in the body.
 */
export interface TypeRule {
  readonly code: string;
  readonly words: string;
  /** 1 to 10: how surely these words mean this type. */
  readonly weight: number;
}

export const typeRules: readonly TypeRule[] = [
  { code: "11490-0", words: "lettre de liaison( a la sortie)?|lettre de sortie|courrier de sortie", weight: 9 },
  {
    code: "34112-3",
    words: "compte[- ]rendu d.?hospitalisation|cr (d.?)?hospitalisation|compte[- ]rendu (hospitalier|de sejour)|crh",
    weight: 9,
  },
  {
    code: "15507-7",
    words: "passage aux urgences|compte[- ]rendu des urgences|service d.?accueil des urgences",
    weight: 9,
  },
  { code: "60280-5", words: "fiche de retour.{0,60}urgences", weight: 10 },
  { code: "34874-8", words: "compte[- ]rendu operatoire|cr operatoire|\\bcro\\b|protocole operatoire", weight: 9 },
  { code: "34749-2", words: "consultation (pre-?anesthesique|d.?anesthesie)|visite pre-?anesthesique", weight: 9 },
  { code: "77436-4", words: "compte[- ]rendu d.?anesthesie|feuille d.?anesthesie", weight: 9 },
  {
    code: "11502-2",
    words:
      "examens? (de biologie|biologiques?)|resultats? (de|d.) ?(laboratoire|analyses|biologie)|biologie medicale|laboratoire de biologie|hemogramme|numeration formule|biochimie|hematologie|bacteriologie",
    weight: 8,
  },
  {
    code: "60568-3",
    words: "anatomie et (de )?cytologie pathologiques|anatomo-?pathologi|anatomopathologie|histologie|cytopathologie",
    weight: 9,
  },
  { code: "51969-4", words: "genetique moleculaire|caryotype|analyse genetique", weight: 9 },
  {
    code: "18748-4",
    words:
      "compte[- ]rendu (d.)?(imagerie|echographie|scanner|irm|radiographie|radiologie|mammographie|tdm|doppler)|imagerie par resonance|tomodensitometri|radiographie|scanner|echographie|irm |mammographie|echo-?doppler|doppler|arthroscanner|osteodensitometrie|densitometrie osseuse|angioscanner|imagerie medicale",
    weight: 7,
  },
  { code: "18748-4", words: "medecine nucleaire|scintigraphie|tep[- ](scan|tdm)|tomographie par emission", weight: 9 },
  { code: "34794-8", words: "reunion de concertation pluridisciplinaire|\\brcp\\b", weight: 9 },
  {
    code: "11488-4",
    words:
      "compte[- ]rendu de (consultation|visite)|cr de consultation|lettre de consultation|vu(e)? en consultation|fiche de consultation",
    weight: 8,
  },
  {
    code: "11488-4",
    words:
      "m.?avoir (adresse|confie)|je (revois|vois|recois) (ce jour|en consultation)|j.?ai (re)?(vu|recu|examine)|que j.?ai (examine|vu|recu)|\\bconsultation (de |du |d.)",
    weight: 6,
  },
  { code: "78513-9", words: "consultation.{0,20}ophtalmologi|compte[- ]rendu ophtalmologique", weight: 9 },
  { code: "85208-7", words: "teleconsultation|tele-?expertise|telemedecine", weight: 8 },
  {
    code: "96349-6",
    words:
      "lettre d.?adressage|courrier d.?adressage|je (vous|te|t.?) ?(adresse|confie)|merci de (recevoir|prendre en charge|bien vouloir recevoir)",
    weight: 8,
  },
  { code: "18761-7", words: "lettre de liaison a l.?entree|note de transfert|fiche de transfert", weight: 9 },
  { code: "67851-6", words: "compte[- ]rendu d.?admission|observation d.?entree|note d.?admission", weight: 8 },
  { code: "15508-5", words: "compte[- ]rendu d.?accouchement|compte[- ]rendu obstetrical", weight: 9 },
  { code: "89233-1", words: "compte[- ]rendu de grossesse|suivi de grossesse", weight: 7 },
  { code: "57833-6", words: "ordonnance|prescription (de medicaments|medicamenteuse|de produits de sante)", weight: 7 },
  {
    code: "PRESC-BIO",
    words:
      "(ordonnance|prescription).{0,60}(biologie|bilan sanguin|analyses|dosages?|laboratoire|\\bnfs\\b|ionogramme|serologie)",
    weight: 9,
  },
  { code: "PRESC-KINE", words: "(ordonnance|prescription).{0,40}(kinesitherapie|reeducation)", weight: 9 },
  {
    code: "PRESC-INF",
    words: "(ordonnance|prescription).{0,40}(soins infirmiers|actes infirmiers|infirmier)",
    weight: 9,
  },
  { code: "PRESC-AAT", words: "arret de travail|avis d.?arret", weight: 10 },
  { code: "PRESC-ORTHOPHO", words: "(ordonnance|prescription).{0,40}orthophoni", weight: 9 },
  {
    code: "55115-0",
    words:
      "demande d.?(imagerie|examen d.?imagerie|irm|scanner|echographie)|ordonnance.{0,40}(irm|scanner|echographie|radiographie)",
    weight: 9,
  },
  { code: "60593-1", words: "dispensation|delivrance (de|des) medicaments", weight: 8 },
  { code: "80565-5", words: "administration (de|des) medicaments", weight: 8 },
  { code: "56445-0", words: "bilan (partage de medication|de medication( partage)?|medicamenteux)", weight: 9 },
  { code: "80820-4", words: "conciliation medicamenteuse", weight: 9 },
  { code: "78601-2", words: "entretien pharmaceutique", weight: 9 },
  { code: "60591-5", words: "synthese medicale|volet de synthese|\\bvsm\\b", weight: 9 },
  { code: "34133-9", words: "synthese d.?episode de soins", weight: 9 },
  { code: "89601-9", words: "certificat medical|certificat (d.?aptitude|de non[- ]contre)", weight: 9 },
  { code: "11369-6", words: "historique des vaccinations|carnet de vaccination", weight: 9 },
  { code: "87273-9", words: "note de vaccination|certificat de vaccination|attestation de vaccination", weight: 8 },
  { code: "96173-0", words: "test rapide d.?orientation|\\btrod\\b", weight: 9 },
  { code: "86531-1", words: "attestation de sortie|bulletin de sortie", weight: 9 },
  { code: "56446-8", words: "convocation|notification de rendez-?vous|confirmation de rendez-?vous", weight: 8 },
  { code: "101881-1", words: "carte d.?implant|carte de porteur", weight: 9 },
  { code: "18776-5", words: "plan personnalise de soins|programme personnalise de soins|\\bpps\\b", weight: 8 },
  { code: "18776-5", words: "plan personnalise de sante", weight: 8 },
  { code: "18776-5", words: "plan d.?action personnalise", weight: 7 },
  { code: "70004-7", words: "rythme cardiaque foetal|cardiotocographie", weight: 7 },
  { code: "83869-8", words: "plan personnalise de prevention", weight: 9 },
  { code: "PROT_ALD", words: "protocole de soins|affection de longue duree", weight: 6 },
  {
    code: "11506-3",
    words: "suivi de soins|fiche de suivi infirmier|bilan kinesitherapique|bilan orthophonique",
    weight: 7,
  },
  { code: "96163-1", words: "bilan de soins infirmiers", weight: 9 },
  { code: "34120-6", words: "bilan (dietetique|psychomoteur|ergotherapique)", weight: 7 },
  { code: "83901-9", words: "bilan (neuro-?)?psychologique", weight: 9 },
  { code: "59283-2", words: "examen de l.?enfant|certificat de sante (du|de l.?enfant)", weight: 8 },
  {
    code: "70004-7",
    words:
      "coloscopie|fibroscopie|endoscopie|gastroscopie|electrocardiogramme|\\becg\\b|holter|epreuve d.?effort|spirometrie|electroencephalogramme|\\beeg\\b|electromyogramme|\\bemg\\b|polygraphie|polysomnographie|audiogramme|audiometrie|bronchoscopie|cystoscopie|(explorations?|epreuves?) fonctionnelles?|\\befr\\b",
    weight: 7,
  },
  {
    code: "11505-5",
    words:
      "compte[- ]rendu (d.?acte|d.?intervention|d.?angioplastie|de coronarographie|d.?infiltration|de (fin de )?(radio|chimio)therapie)",
    weight: 9,
  },
  { code: "11505-5", words: "angioplastie|radiotherapie|chimiotherapie", weight: 5 },
  { code: "29274-8", words: "mesures? de signes vitaux|constantes", weight: 4 },
  { code: "34895-3", words: "fiche d.?information (au )?patient|information du patient", weight: 7 },
  { code: "59284-0", words: "consentement (eclaire|libre)|formulaire de consentement", weight: 9 },
  { code: "EXPPAT_3", words: "directives anticipees", weight: 9 },
  { code: "CERT_DECL", words: "declaration|certificat", weight: 3 },
  { code: "51851-4", words: "facture|attestation|document administratif", weight: 3 },
];
