/** A synthetic document and the type that a medical secretary would file it under. */
export interface LabelledDocument {
  readonly code: string;
  readonly text: string;
}

/** Tops of pages, so that no document begins with its title; their words may mislead, as real ones do. */
const letterheads = [
  "CENTRE HOSPITALIER DES ESSAIS\n12 rue du Test, 99000 ESSAIVILLE\nTél. 09 99 99 99 99",
  "Cabinet médical des Tilleuls\nDr Anne EXEMPLE, médecin généraliste\nN° RPPS 10000000000",
  "CLINIQUE DE L'EXEMPLE\nPôle médico-chirurgical\nSecrétariat : 09 99 99 99 98",
  "CHU de TESTVILLE\nHôpital Nord\nService du Pr Jean ESSAI",
];

const documents = (lines: string): readonly LabelledDocument[] =>
  lines
    .trim()
    .split("\n")
    .map((line, index) => {
      const [code = "", ...parts] = line.split(" | ");
      const patient = "Patient(e) : Mme TESTARD Camille, née le 14/03/1985";
      return { code, text: [letterheads[index % letterheads.length], patient, ...parts].join("\n") };
    });

/**
 * Written before the rules were last worked on, and never looked at while working on them: the figure that counts.
 * When a rule is changed because of one of these, it moves to the other list and a new one is written here.
 */
export const heldOut = documents(`
11490-0 | Lettre de liaison de sortie | Motif d'hospitalisation : pneumopathie | Traitement de sortie : amoxicilline
11490-0 | LETTRE DE SORTIE D'HOSPITALISATION | Cher confrère, votre patiente a séjourné du 02/03/2026 au 06/03/2026
11490-0 | Courrier de sortie | Séjour en médecine interne du 3 au 9 mai 2026 | Consultation de contrôle à un mois
34112-3 | COMPTE RENDU D'HOSPITALISATION | Séjour du 01/02/2026 au 09/02/2026 | Histoire de la maladie
34112-3 | Compte-rendu d’hospitalisation de jour | Admission le 12/01/2026 pour bilan | Scanner thoracique réalisé
15507-7 | COMPTE RENDU DE PASSAGE AUX URGENCES | Arrivée à 14h12 | Radiographie de la cheville : pas de fracture
15507-7 | Service d'accueil des urgences | Compte-rendu des urgences | Motif : douleur abdominale
15507-7 | Résumé de passage aux urgences | Orientation : retour à domicile
34874-8 | COMPTE RENDU OPÉRATOIRE | Intervention : appendicectomie sous cœlioscopie | Anesthésie générale
34874-8 | CR opératoire | Date d'intervention : 03/02/2026 | Prothèse totale de hanche droite
34874-8 | Compte-rendu opératoire | Opérateur : Dr X | Cataracte de l'œil gauche
34749-2 | CONSULTATION PRÉ-ANESTHÉSIQUE | ASA 2, Mallampati 1 | Intervention prévue : hernie inguinale
34749-2 | Consultation d'anesthésie | Allergie : néant | À jeun à partir de minuit
11502-2 | Laboratoire de biologie médicale | Prélèvement du 12/02/2026 | Glycémie 5,1 mmol/L | Créatinine 70 µmol/L
11502-2 | RÉSULTATS D'ANALYSES | HÉMATOLOGIE | Hémoglobine 13,2 g/dL
11502-2 | Compte rendu d'examens de biologie médicale | Ionogramme sanguin | Sodium 140 mmol/L
60568-3 | COMPTE RENDU ANATOMO-PATHOLOGIQUE | Biopsie cutanée | Macroscopie : fragment de 4 mm
60568-3 | Anatomie et cytologie pathologiques | Frottis cervico-utérin | Conclusion : absence de lésion
51969-4 | Laboratoire de génétique moléculaire | Compte rendu d'analyse génétique | Séquençage du gène HFE
18748-4 | IRM DU GENOU DROIT | Indication : douleur | Technique : séquences DP Fat Sat | Résultats
18748-4 | Compte rendu de scanner thoraco-abdomino-pelvien | Indication | Technique | Conclusion
18748-4 | RADIOGRAPHIE DU THORAX DE FACE | Pas de foyer parenchymateux
18748-4 | ÉCHOGRAPHIE ABDOMINALE | Foie de taille normale | Vésicule alithiasique
18748-4 | Mammographie bilatérale | ACR 2 des deux côtés
18748-4 | Échographie-doppler des troncs supra-aortiques | Pas de sténose significative
18748-4 | TEP-TDM au 18-FDG | Service de médecine nucléaire | Absence de foyer hypermétabolique
18748-4 | Scintigraphie myocardique de perfusion | Conclusion : pas d'ischémie
18748-4 | Panoramique dentaire | Imagerie médicale | Pas d'image kystique
34794-8 | FICHE RCP | Réunion de concertation pluridisciplinaire de sénologie du 10/02/2026 | Proposition : chirurgie
34794-8 | Réunion de concertation pluridisciplinaire | Proposition thérapeutique : chimiothérapie adjuvante
11488-4 | COMPTE RENDU DE CONSULTATION | Motif : hypertension | Examen clinique : PA 135/80
11488-4 | Cher confrère, | J'ai vu en consultation votre patiente ce jour | ECG : sinusal
11488-4 | Consultation de cardiologie du 12/03/2026 | Échographie cardiaque : FEVG 60 %
11488-4 | Mon cher ami, | Merci de m'avoir adressé cette patiente que j'ai examinée ce jour | Conclusion : pas de suivi
11488-4 | Compte-rendu de consultation de dermatologie | Lésion bénigne
78513-9 | Compte rendu de consultation d'ophtalmologie | Acuité visuelle 10/10 | Fond d'œil normal
85208-7 | COMPTE RENDU DE TÉLÉCONSULTATION | Vidéo du 04/05/2026
85208-7 | Compte-rendu de téléexpertise | Question posée : lésion cutanée | Réponse du dermatologue
96349-6 | Courrier d'adressage | Je vous adresse cette patiente pour avis rhumatologique
96349-6 | Cher confrère, | Je te confie Mme TESTARD pour prise en charge d'une gonarthrose
18761-7 | FICHE DE TRANSFERT | Établissement d'origine : CH des Essais | Établissement receveur : CHU
67851-6 | Observation d'entrée | Motif d'hospitalisation : dyspnée | Antécédents
15508-5 | COMPTE RENDU D'ACCOUCHEMENT | Terme : 39 SA + 2 j | Voie basse
57833-6 | ORDONNANCE | Amoxicilline 1 g : 1 comprimé matin et soir pendant 7 jours
57833-6 | Ordonnance sécurisée | Tramadol 50 mg, 1 gélule si douleur
57833-6 | Ordonnance bizone | Prescriptions relatives au traitement de l'affection de longue durée | Metformine 1000 mg
57833-6 | PRESCRIPTION DE MÉDICAMENTS | Paracétamol 1 g
PRESC-BIO | ORDONNANCE | Faire pratiquer par un laboratoire : NFS, plaquettes, CRP, ionogramme | Bilan sanguin à jeun
PRESC-BIO | Prescription d'examens de biologie | TSH, T4 libre
PRESC-KINE | ORDONNANCE | Rééducation du genou droit, 15 séances de kinésithérapie
PRESC-INF | ORDONNANCE | Soins infirmiers à domicile : pansement tous les deux jours
PRESC-AAT | AVIS D'ARRÊT DE TRAVAIL | Du 02/03/2026 au 09/03/2026
PRESC-ORTHOPHO | Ordonnance | Bilan orthophonique et rééducation si nécessaire
55115-0 | DEMANDE D'EXAMEN D'IMAGERIE | IRM cérébrale sans et avec injection
55115-0 | Ordonnance | Faire pratiquer une radiographie du genou droit face et profil
60593-1 | DISPENSATION DE MÉDICAMENTS | Pharmacie du Test | Délivré le 03/04/2026
56445-0 | BILAN PARTAGÉ DE MÉDICATION | Pharmacie des Essais
80820-4 | CONCILIATION MÉDICAMENTEUSE D'ENTRÉE | Bilan médicamenteux optimisé
60591-5 | VOLET DE SYNTHÈSE MÉDICALE | Pathologies en cours | Allergies
60591-5 | Synthèse médicale | Antécédents, traitements au long cours
89601-9 | CERTIFICAT MÉDICAL | Je soussigné certifie que l'état de santé ne contre-indique pas la pratique du tennis
89601-9 | Certificat médical de non contre-indication à la pratique du sport
11369-6 | CARNET DE VACCINATION | DTPolio : 2015 | ROR : 1987
87273-9 | CERTIFICAT DE VACCINATION | Vaccin antigrippal administré le 12/10/2026
86531-1 | BULLETIN DE SORTIE | Entrée le 01/02/2026, sortie le 04/02/2026
56446-8 | CONVOCATION | Votre rendez-vous de consultation est fixé au 12/12/2026
101881-1 | CARTE DE PORTEUR D'IMPLANT | Stimulateur cardiaque, numéro de lot 123
70004-7 | ÉLECTROCARDIOGRAMME | Rythme sinusal, 70/min
70004-7 | Coloscopie totale | Préparation correcte | Deux polypes réséqués
70004-7 | Compte rendu de fibroscopie œso-gastro-duodénale | Gastrite antrale
70004-7 | Holter ECG des 24 heures | Pas de pause
11505-5 | Compte rendu de coronarographie | Angioplastie de l'IVA
59284-0 | FORMULAIRE DE CONSENTEMENT ÉCLAIRÉ | Je soussignée déclare avoir reçu l'information
EXPPAT_3 | MES DIRECTIVES ANTICIPÉES | Je soussignée
83901-9 | BILAN NEUROPSYCHOLOGIQUE | WAIS IV | Mémoire de travail
96163-1 | BILAN DE SOINS INFIRMIERS | Dépendance | Plan de soins
11506-3 | Fiche de suivi infirmier | Pansement refait, plaie propre
34120-6 | Bilan diététique | Apports caloriques | Objectifs
PROT_ALD | PROTOCOLE DE SOINS | Affection de longue durée exonérante | Diabète de type 2
18776-5 | PROGRAMME PERSONNALISÉ DE SOINS | Chimiothérapie, 6 cycles
34112-3 | Compte-rendu d'hospitalisation en soins de suite | Rééducation à la marche | Retour à domicile
34112-3 | COMPTE-RENDU HOSPITALIER | Unité de gériatrie aiguë | Chute mécanique
11502-2 | Laboratoire d'analyses médicales du Test | Résultats d'examens | Ferritine 45 µg/L
11502-2 | EXAMENS BIOLOGIQUES | Bilan hépatique | ASAT 22 UI/L
70004-7 | Exploration fonctionnelle respiratoire | Courbe débit-volume normale
70004-7 | Épreuve d'effort cardiologique sur tapis | Négative à 10 METS
15507-7 | COMPTE RENDU DES URGENCES PÉDIATRIQUES | Fièvre isolée | Retour à domicile
18748-4 | COMPTE-RENDU D'IMAGERIE | Arthro-IRM de hanche gauche | Technique et résultats
`);

/** The documents that the rules are worked on with. */
export const workedOn = documents(`
11490-0 | LETTRE DE LIAISON À LA SORTIE | Hospitalisation du 12/10/2026 au 15/10/2026
11490-0 | Lettre de liaison | Synthèse médicale du séjour | Traitement de sortie
34112-3 | Compte rendu hospitalier | Service de gériatrie | Sortie le 12/01/2026
34112-3 | CRH | Séjour du 12 au 14 mars 2026 | Compte rendu opératoire joint
34112-3 | COMPTE RENDU D’HOSPITALISATION | Le patient, passé par les urgences, est admis pour une pneumopathie
15507-7 | Compte rendu de passage aux urgences | Ordonnance remise : paracétamol
15507-7 | Dossier de passage aux urgences | Circonstances : chute
60280-5 | Fiche de retour de la personne après un passage aux urgences | EHPAD des Essais
34874-8 | PROTOCOLE OPÉRATOIRE | Cholécystectomie
34874-8 | Compte rendu opératoire | Consultation d'anesthésie réalisée le 01/02/2026
34749-2 | Visite pré-anesthésique | Reprise des antécédents
77436-4 | COMPTE RENDU D'ANESTHÉSIE | Induction : propofol
11502-2 | Laboratoire de biologie médicale des Essais | Sérologies | Toxoplasmose : IgG négatives
11502-2 | Hémogramme | Leucocytes 6,1 G/L
11502-2 | Résultats de laboratoire | Examen cytobactériologique des urines | Culture stérile
60568-3 | Compte rendu d'anatomopathologie | Biopsie prostatique
60568-3 | Compte rendu de cytopathologie | Ponction thyroïdienne
51969-4 | Caryotype constitutionnel | 46,XX
18748-4 | Scanner cérébral sans injection | Pas d'hémorragie
18748-4 | Compte-rendu d'échographie pelvienne | Utérus normal
18748-4 | IRM CÉRÉBRALE | Conclusion : à confronter à la consultation de neurologie
18748-4 | Radiographie de la main gauche | Pas de fracture
18748-4 | Ostéodensitométrie | T-score -1,2
18748-4 | Arthroscanner de l'épaule | Rupture du supra-épineux
18748-4 | Échographie obstétricale du deuxième trimestre | Biométrie au 50e percentile
18748-4 | Doppler veineux des membres inférieurs | Pas de phlébite
34794-8 | RCP de neuro-oncologie | Avis : surveillance
11488-4 | Lettre de consultation | Douleur lombaire chronique
11488-4 | Cher confrère, | Je vous remercie de m'avoir adressé votre patiente | À l'examen : souffle systolique
11488-4 | Chère consœur, | Je revois ce jour Mme TESTARD pour le suivi de son diabète
11488-4 | Consultation du 05/06/2026 | Motif : migraine | Conclusion
11488-4 | Compte rendu de visite à domicile | Patient grabataire
78513-9 | Consultation d'ophtalmologie | Tension oculaire 14/15
85208-7 | Téléconsultation du 12/04/2026 | Rhinopharyngite
85208-7 | Compte rendu de télémédecine | Télésurveillance
96349-6 | Lettre d'adressage | Merci de recevoir cette patiente
96349-6 | Cher confrère, | Je vous adresse Mme TESTARD pour avis cardiologique | ECG joint
18761-7 | Note de transfert | Transfert en rééducation
67851-6 | Compte rendu d'admission | Entrée ce jour en médecine
15508-5 | Compte rendu obstétrical | Accouchement par césarienne
89233-1 | Suivi de grossesse | 22 SA | Hauteur utérine 20 cm
57833-6 | ORDONNANCE | Kardégic 75 mg, un sachet par jour
57833-6 | Ordonnance de sortie | Ramipril 5 mg, bisoprolol 2,5 mg
57833-6 | Prescription médicamenteuse | Lévothyrox 75 µg
PRESC-BIO | Ordonnance | Dosage de la TSH et de la ferritine en laboratoire
PRESC-BIO | Prescription d'actes de biologie médicale | INR toutes les semaines
PRESC-KINE | Prescription | Rééducation respiratoire par kinésithérapeute
PRESC-INF | Ordonnance | Injection quotidienne par infirmier à domicile
PRESC-AAT | Arrêt de travail | Prolongation jusqu'au 12/03/2026
55115-0 | Demande d'IRM | Rachis lombaire
55115-0 | Ordonnance | Échographie abdominale et rénale
60593-1 | Délivrance de médicaments | Pharmacie centrale
80565-5 | Administration des médicaments | Heures de prise
56445-0 | Bilan de médication partagé | Observance
80820-4 | Fiche de conciliation médicamenteuse de sortie | Divergences
78601-2 | Entretien pharmaceutique | Anticoagulants oraux
60591-5 | VSM | Volet de synthèse médicale | Facteurs de risque
34133-9 | Synthèse d'épisode de soins | Prise en charge de ville
89601-9 | Certificat médical initial | Coups et blessures | ITT 3 jours
89601-9 | Certificat d'aptitude | Conduite automobile
11369-6 | Historique des vaccinations | Hépatite B : 3 doses
87273-9 | Attestation de vaccination | Fièvre jaune
96173-0 | Test rapide d'orientation diagnostique | Angine : négatif
86531-1 | Attestation de sortie | Séjour du 01 au 03/02/2026
56446-8 | Confirmation de rendez-vous | IRM le 12/01/2027 à 8 h
56446-8 | Votre convocation pour une hospitalisation de jour
101881-1 | Carte d'implant | Prothèse de hanche
70004-7 | Spirométrie | CVF 90 %
70004-7 | Épreuve d'effort | Maximale, négative
70004-7 | Électroencéphalogramme de veille | Rythme alpha
70004-7 | Gastroscopie | Hernie hiatale
70004-7 | Polygraphie ventilatoire nocturne | IAH 12/h
70004-7 | Audiogramme tonal | Presbyacousie
11505-5 | Compte rendu d'infiltration | Épaule gauche, sous scanner
11505-5 | Compte rendu d'intervention | Pose de stent
11505-5 | Compte rendu de fin de radiothérapie | 50 Gy en 25 fractions
59284-0 | Consentement libre et éclairé | Intervention chirurgicale
EXPPAT_3 | Directives anticipées | Je ne souhaite pas de réanimation
83901-9 | Bilan psychologique | WISC V
96163-1 | Bilan de soins infirmiers initial | Aide à la toilette
11506-3 | Bilan kinésithérapique | Amplitudes articulaires
34120-6 | Bilan ergothérapique | Aménagement du domicile
59283-2 | Certificat de santé de l'enfant du 9e mois
PROT_ALD | Protocole de soins ALD 30 | Suivi cardiologique
83869-8 | Plan personnalisé de prévention | Sevrage tabagique
34895-3 | Fiche d'information patient | La coloscopie
34112-3 | CR HOSPITALISATION | Unité de soins intensifs cardiologiques | Échographie cardiaque à l'entrée
34112-3 | Compte rendu de séjour hospitalier | Entrée le 04/04/2026, sortie le 08/04/2026
11502-2 | Laboratoire BIOTEST | BIOCHIMIE SANGUINE | Cholestérol total 5,0 | Triglycérides 1,1
70004-7 | ÉPREUVES FONCTIONNELLES RESPIRATOIRES | VEMS 85 %
`);
