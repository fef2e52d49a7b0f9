/** A first pregnancy in its seventh month: monthly serologies, three ultrasound scans, iron deficiency, a plan for birth. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10 } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { finding, measure } from "../facts/laboratory.ts";
import { condition, daily, habit, immunization, medication, vitalSign } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.ines);
const { midwife, obstetrician } = professionals;

/** Months of pregnancy so far; the first blood test was six months ago. */
const monthly = [6, 5, 4, 3, 2, 1] as const;
const haemoglobin = [12.6, 12.1, 11.6, 11.0, 10.4, 10.7] as const;
const ferritin = [38, 31, 24, 17, 11, 14] as const;

const toxoplasmosis = finding("5390-4", "Toxoplasmose, IgG", "Négatif : sérologie à refaire chaque mois");
const firstTests = [
  toxoplasmosis,
  finding("882-1", "Groupe sanguin ABO et RhD", "A positif"),
  finding("890-4", "Recherche d'agglutinines irrégulières", "Négatif"),
  finding("5195-3", "Antigène HBs", "Négatif"),
  finding("56888-1", "VIH 1+2 (anticorps + antigène p24)", "Négatif"),
  finding("20507-0", "Syphilis (TPHA/VDRL)", "Négatif"),
  finding("5334-2", "Rubéole, IgG", "Positif : immunisée"),
];

export function ines(calendar: Calendar): History {
  const treatments = [
    medication(drugs.tardyferon80, daily("1 comprimé par jour au cours d'un repas"), calendar.monthsAgo(2), {
      reason: "Carence en fer",
    }),
  ];
  const past = [
    medication(drugs.folicAcid04, daily("1 comprimé par jour"), calendar.monthsAgo(9), {
      end: calendar.monthsAgo(5),
      reason: "Prévention des anomalies du tube neural",
    }),
  ];
  return {
    person: people.ines,
    authorised: [{ account: "dr-martin", since: calendar.monthsAgo(6) }],
    documents: [
      ...monthly.map((month, index) =>
        desk.laboratory(calendar.monthsAgo(month, "08:10", 7), {
          haematology: [measure("haemoglobin", haemoglobin[index] ?? 11), measure("platelets", 240 - index * 6)],
          chemistry: index >= 2 ? [measure("ferritin", ferritin[index] ?? 20)] : [measure("fastingGlucose", 4.4)],
          serology: index === 0 ? firstTests : [toxoplasmosis],
        }),
      ),
      desk.letter(
        "declaration",
        "89601-9",
        "Déclaration de grossesse",
        midwife,
        calendar.monthsAgo(6, "14:00", 11),
        [
          text(
            "Grossesse monofœtale évolutive. Terme prévu calculé sur l'échographie de datation. Premier entretien prénatal réalisé.",
          ),
        ],
        { accent: "plum" },
      ),
      desk.letter(
        "scan-1",
        "18748-4",
        "Échographie du premier trimestre",
        obstetrician,
        calendar.monthsAgo(5.5, "10:00"),
        [
          table(
            ["Mesure", "Valeur", "Repère"],
            ["Longueur crânio-caudale", "62 mm", "12 SA + 4 jours"],
            ["Clarté nucale", "1,3 mm", "normale"],
            ["Activité cardiaque", "156/min", "régulière"],
          ),
          heading("Conclusion"),
          text(
            "Grossesse intra-utérine évolutive monofœtale. Morphologie précoce sans anomalie visible. Dépistage combiné : risque inférieur à 1/10 000.",
          ),
        ],
        { unit: "Unité d'échographie obstétricale", accent: "plum", recipient: ["Mme Laure VASSEUR, sage-femme"] },
      ),
      desk.letter(
        "scan-2",
        "18748-4",
        "Échographie du deuxième trimestre",
        obstetrician,
        calendar.monthsAgo(3, "10:30"),
        [
          table(
            ["Mesure", "Valeur", "Percentile"],
            ["Périmètre crânien", "203 mm", "48e"],
            ["Périmètre abdominal", "178 mm", "52e"],
            ["Fémur", "38 mm", "45e"],
          ),
          heading("Conclusion"),
          text(
            "Croissance harmonieuse. Étude morphologique complète sans anomalie décelée. Placenta postérieur, normalement inséré. Col à 38 mm.",
          ),
        ],
        { unit: "Unité d'échographie obstétricale", accent: "plum", recipient: ["Mme Laure VASSEUR, sage-femme"] },
      ),
      desk.letter(
        "glucose",
        "11488-4",
        "Suivi de grossesse – sixième mois",
        midwife,
        calendar.monthsAgo(2, "11:00", 14),
        [
          text(
            "Bonne évolution. Mouvements actifs perçus. Pression artérielle 112/64 mmHg, prise de poids de 6 kg, hauteur utérine 24 cm.",
          ),
          heading("Points suivis"),
          list(
            "Hyperglycémie provoquée : normale",
            "Ferritine basse : supplémentation en fer débutée",
            "Toxoplasmose non immune : conseils alimentaires rappelés",
          ),
        ],
        { accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.structured(
        "visit",
        "11488-4",
        "Consultation prénatale du septième mois",
        midwife,
        calendar.monthsAgo(1, "11:20", 14),
        [
          {
            code: "8716-3",
            title: "Signes vitaux",
            facts: [
              vitalSign("29463-7", "Poids", 68.4, "kg", calendar.monthsAgo(1, "11:20", 14)),
              vitalSign(
                "8480-6",
                "Pression artérielle systolique",
                114,
                "mm[Hg]",
                calendar.monthsAgo(1, "11:20", 14),
                "mmHg",
              ),
              vitalSign(
                "8462-4",
                "Pression artérielle diastolique",
                66,
                "mm[Hg]",
                calendar.monthsAgo(1, "11:20", 14),
                "mmHg",
              ),
            ],
          },
        ],
      ),
      desk.letter(
        "scan-3",
        "18748-4",
        "Échographie du troisième trimestre",
        obstetrician,
        calendar.daysAgo(12, "09:40"),
        [
          table(
            ["Mesure", "Valeur", "Percentile"],
            ["Périmètre crânien", "292 mm", "50e"],
            ["Périmètre abdominal", "280 mm", "55e"],
            ["Poids estimé", "1 820 g", "53e"],
          ),
          heading("Conclusion"),
          text(
            "Croissance eutrophe. Présentation céphalique. Quantité de liquide normale, dopplers normaux. Placenta postérieur fundique.",
          ),
        ],
        { unit: "Unité d'échographie obstétricale", accent: "plum", recipient: ["Mme Laure VASSEUR, sage-femme"] },
      ),
      desk.paperPrescription("prescription", midwife, calendar.monthsAgo(2, "11:10", 14), treatments),
      desk.synthesis(calendar.monthsAgo(1, "12:00", 16), {
        problems: [
          condition(icd10("Z34.0", "Surveillance d'une première grossesse normale"), calendar.monthsAgo(6)),
          condition(icd10("D50.9", "Anémie par carence en fer"), calendar.monthsAgo(2)),
        ],
        history: [
          condition(icd10("N39.0", "Infection des voies urinaires"), calendar.yearsAgo(3), {
            status: "resolved",
            end: calendar.yearsAgo(3),
          }),
        ],
        habits: [habit("72166-2", "Tabagisme", "Arrêt au début de la grossesse", calendar.monthsAgo(1))],
        treatments: [...treatments, ...past],
        vaccinations: [
          immunization(vaccines.boostrixtetra, calendar.monthsAgo(2)),
          immunization(vaccines.vaxigrip, calendar.monthsAgo(1)),
          immunization(vaccines.gardasil9, "2012-09-12", 2),
        ],
        vigilance: "Non immunisée contre la toxoplasmose.",
      }),
    ],
  };
}
