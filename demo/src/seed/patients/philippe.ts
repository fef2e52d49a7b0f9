/** Myocardial infarction fourteen months ago; the practice has no consent yet: the page where it is asked. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { ccam, icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import {
  allergy,
  asNeeded,
  condition,
  daily,
  habit,
  immunization,
  medication,
  procedure,
  relative,
} from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";
import { dischargeSections } from "../sections.ts";

const desk = new Desk(people.philippe);

export function philippe(calendar: Calendar): History {
  const onset = calendar.monthsAgo(14, "05:40");
  const treatments = [
    medication(drugs.kardegic75, daily("1 sachet le midi"), onset, { reason: "Infarctus du myocarde" }),
    medication(drugs.atorvastatine80, daily("1 comprimé le soir"), onset, { reason: "Infarctus du myocarde" }),
    medication(drugs.bisoprolol25, daily("1 comprimé le matin"), onset, { reason: "Infarctus du myocarde" }),
    medication(drugs.ramipril25, daily("1 comprimé le soir"), onset, { reason: "Infarctus du myocarde" }),
    medication(
      drugs.natispray,
      asNeeded("1 pulvérisation sous la langue en cas de douleur ; appeler le 15 si elle dure"),
      onset,
      { reason: "Angor" },
    ),
  ];
  const brilique = medication(drugs.brilique90, daily("1 comprimé matin et soir pendant 12 mois", 1, 2), onset, {
    end: calendar.monthsAgo(2),
    reason: "Stent coronaire",
  });
  return {
    person: people.philippe,
    authorised: [{ account: "dr-leroy", since: calendar.monthsAgo(3) }],
    documents: [
      desk.letter(
        "emergency",
        "15507-7",
        "Compte rendu de passage aux urgences",
        professionals.emergency,
        onset,
        [
          text("Homme de 57 ans, douleur thoracique constrictive depuis 90 minutes, prise en charge par le SMUR."),
          heading("Examens"),
          list(
            "Électrocardiogramme : sus-décalage de ST en antérieur étendu",
            "Troponine T ultrasensible à l'admission : 412 ng/L",
          ),
          heading("Conclusion"),
          text("Infarctus antérieur avec sus-décalage de ST, transfert direct en salle de coronarographie."),
        ],
        { unit: "Service d'accueil des urgences", accent: "terracotta" },
      ),
      desk.laboratory(
        onset,
        {
          chemistry: [
            measure("troponin", 412),
            measure("creatinine", 84),
            measure("potassium", 4.1),
            measure("ldl", 4.2),
          ],
          haematology: [measure("haemoglobin", 14.8), measure("platelets", 248)],
        },
        { key: "laboratory-admission" },
      ),
      desk.letter(
        "angioplasty",
        "34874-8",
        "Coronarographie et angioplastie",
        professionals.leroy,
        onset,
        [
          text(
            "Voie radiale droite. Occlusion de l'artère interventriculaire antérieure proximale. Thrombo-aspiration puis pose d'un stent actif de 3,5 x 22 mm. Flux TIMI 3 en fin de procédure.",
          ),
        ],
        { unit: "Cardiologie interventionnelle", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.structured(
        "discharge",
        "11490-0",
        "Lettre de liaison à la sortie",
        professionals.leroy,
        calendar.monthsAgo(13.8),
        dischargeSections({
          reason: "Infarctus du myocarde antérieur.",
          stay: "Suites simples après angioplastie de l'interventriculaire antérieure. FEVG à 48 %. Pas de trouble du rythme. Éducation thérapeutique débutée.",
          treatments: [...treatments, brilique],
          followUp:
            "Réadaptation cardiaque en ambulatoire. Double antiagrégation pendant douze mois. Arrêt du tabac définitif.",
        }),
        { act: { start: onset, end: calendar.monthsAgo(13.8) } },
      ),
      desk.letter(
        "rehabilitation",
        "34133-9",
        "Bilan de réadaptation cardiaque",
        professionals.leroy,
        calendar.monthsAgo(11),
        [
          table(
            ["Épreuve d'effort", "Début", "Fin"],
            ["Charge maximale", "110 W", "150 W"],
            ["Fréquence maximale", "126/min", "138/min"],
          ),
          text(
            "Vingt séances réalisées. Bonne progression, pas d'ischémie à l'effort. Poursuite d'une activité physique trois fois par semaine.",
          ),
        ],
        { unit: "Réadaptation cardiaque", recipient: ["Dr Sophie MARTIN"] },
      ),
      ...[13, 10, 7, 4, 1].map((months, index) =>
        desk.laboratory(calendar.monthsAgo(months, "08:00", 19), {
          chemistry: [
            measure("ldl", [2.3, 1.7, 1.5, 1.4, 1.3][index] ?? 1.4),
            measure("hdl", 1.1),
            measure("triglycerides", 1.4),
            measure("alat", 31 + index),
            measure("creatinine", 86 - index),
          ],
        }),
      ),
      desk.letter(
        "cardiology",
        "11488-4",
        "Compte rendu de consultation de cardiologie",
        professionals.leroy,
        calendar.monthsAgo(2),
        [
          text(
            "Un an après l'infarctus : pas de douleur thoracique, reprise du vélo. Arrêt du tabac maintenu depuis quatorze mois. FEVG 52 %. LDL-cholestérol 1,3 mmol/L.",
          ),
          heading("Conduite à tenir"),
          list(
            "Arrêt du ticagrélor, poursuite de l'aspirine seule",
            "Poursuite de la statine, du bêtabloquant et de l'IEC",
            "Contrôle dans un an",
          ),
        ],
        { unit: "Service de cardiologie", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.synthesis(calendar.monthsAgo(2, "12:00"), {
        problems: [
          condition(icd10("I25.2", "Infarctus du myocarde, ancien"), onset),
          condition(icd10("E78.0", "Hypercholestérolémie essentielle"), calendar.yearsAgo(5)),
        ],
        surgery: [
          procedure(
            ccam("DDAF006", "Dilatation intraluminale d'un vaisseau coronaire avec pose d'endoprothèse"),
            onset,
          ),
        ],
        allergies: [
          allergy(plain("Venin de guêpe"), "Réaction locale étendue", {
            category: "environment",
            criticality: "low",
            onset: "2009-08",
          }),
        ],
        habits: [
          habit(
            "72166-2",
            "Tabagisme",
            "Ancien fumeur (30 paquets-années), arrêt il y a 14 mois",
            calendar.monthsAgo(2),
          ),
        ],
        family: [relative("FTH", icd10("I21.9", "Infarctus aigu du myocarde"))],
        treatments: [...treatments, brilique],
        vaccinations: [immunization(vaccines.vaxigrip, calendar.monthsAgo(1))],
      }),
    ],
  };
}
