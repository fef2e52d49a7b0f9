/** Depression in remission; the psychiatrist's letters are masked by the patient. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10 } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import { condition, daily, habit, immunization, medication } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.thomas);
const { psychiatrist, martin, radiologist } = professionals;
const hidden = { hiddenFromProfessionals: true } as const;

export function thomas(calendar: Calendar): History {
  const sertraline = medication(drugs.sertraline50, daily("1 gélule le matin"), calendar.monthsAgo(13), {
    reason: "Épisode dépressif",
  });
  return {
    person: people.thomas,
    authorised: [{ account: "dr-martin", since: calendar.monthsAgo(9) }],
    blocked: [{ account: "dr-leroy", since: calendar.monthsAgo(8) }],
    documents: [
      desk.letter(
        "psychiatry-1",
        "11488-4",
        "Compte rendu de consultation de psychiatrie",
        psychiatrist,
        calendar.monthsAgo(13),
        [
          text(
            "Épisode dépressif caractérisé d'intensité moyenne, évoluant depuis trois mois, dans un contexte professionnel difficile. Pas d'idée suicidaire active.",
          ),
          heading("Conduite à tenir"),
          list(
            "Sertraline 50 mg par jour",
            "Psychothérapie de soutien hebdomadaire",
            "Arrêt de travail de quatre semaines",
          ),
        ],
        { accent: "slate", visibility: hidden, recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "psychiatry-2",
        "11488-4",
        "Compte rendu de suivi de psychiatrie",
        psychiatrist,
        calendar.monthsAgo(7),
        [
          text(
            "Nette amélioration de l'humeur et du sommeil. Reprise du travail à temps partiel. Poursuite de la sertraline pendant six mois au moins après rémission.",
          ),
        ],
        { accent: "slate", visibility: hidden },
      ),
      desk.letter(
        "lumbar",
        "18748-4",
        "IRM du rachis lombaire",
        radiologist,
        calendar.monthsAgo(18),
        [
          heading("Indication"),
          text("Lombosciatique gauche depuis six semaines."),
          heading("Résultat"),
          text(
            "Discopathie dégénérative L4-L5 avec protrusion paramédiane gauche au contact de la racine L5. Pas de sténose canalaire.",
          ),
        ],
        { accent: "slate", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter("consultation", "11488-4", "Compte rendu de consultation", martin, calendar.monthsAgo(3), [
        text(
          "Consultation de suivi. Douleurs lombaires résolues après kinésithérapie. Pression artérielle 124/76 mmHg, poids 79 kg. Reprise de la course à pied.",
        ),
      ]),
      desk.laboratory(calendar.monthsAgo(13), {
        chemistry: [
          measure("tsh", 1.8),
          measure("sodium", 140),
          measure("fastingGlucose", 4.9),
          measure("vitaminD", 21),
        ],
        haematology: [measure("haemoglobin", 15.1)],
      }),
      desk.laboratory(calendar.monthsAgo(4), {
        chemistry: [measure("sodium", 139), measure("vitaminD", 34), measure("ldl", 2.6)],
      }),
      desk.synthesis(
        calendar.monthsAgo(3, "09:30"),
        {
          history: [
            condition(icd10("M51.1", "Atteinte d'un disque lombaire avec radiculopathie"), calendar.monthsAgo(19), {
              status: "resolved",
              end: calendar.monthsAgo(15),
            }),
          ],
          problems: [condition(icd10("F32.1", "Épisode dépressif moyen"), calendar.monthsAgo(13))],
          habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(3))],
          treatments: [sertraline],
          vaccinations: [immunization(vaccines.repevax, calendar.yearsAgo(6))],
        },
        { visibility: hidden },
      ),
      desk.synthesis(
        calendar.monthsAgo(24),
        {
          habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(24))],
          vaccinations: [immunization(vaccines.repevax, calendar.yearsAgo(6))],
        },
        { key: "synthesis-before" },
      ),
    ],
  };
}
