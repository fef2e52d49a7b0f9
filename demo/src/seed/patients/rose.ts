/** Osteoporosis found after a wrist fracture: bone density, vitamin D, a fall plan. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { ccam, icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import { allergy, asNeeded, condition, daily, habit, immunization, medication, procedure } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.rose);
const { rheumatologist, radiologist, emergency } = professionals;

export function rose(calendar: Calendar): History {
  const treatments = [
    medication(drugs.calcidoseD3, daily("1 sachet par jour"), calendar.monthsAgo(11), { reason: "Ostéoporose" }),
    medication(drugs.levothyrox75, daily("1 comprimé le matin à jeun"), calendar.yearsAgo(15), {
      reason: "Hypothyroïdie",
    }),
    medication(
      drugs.doliprane1000,
      asNeeded("1 comprimé en cas de douleur, au plus 3 par jour"),
      calendar.monthsAgo(13),
      { reason: "Douleur" },
    ),
  ];
  return {
    person: people.rose,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(2) },
      { account: "ide-petit", since: calendar.monthsAgo(2) },
    ],
    documents: [
      desk.letter(
        "fracture",
        "15507-7",
        "Compte rendu de passage aux urgences",
        emergency,
        calendar.monthsAgo(13),
        [
          text(
            "Chute de sa hauteur sur la paume de la main gauche. Déformation du poignet, pas de déficit sensitif ni moteur.",
          ),
          heading("Conclusion"),
          text(
            "Fracture de l'extrémité inférieure du radius gauche, réduite et immobilisée par plâtre pour six semaines.",
          ),
        ],
        { unit: "Service d'accueil des urgences", accent: "terracotta", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "density",
        "18748-4",
        "Ostéodensitométrie",
        radiologist,
        calendar.monthsAgo(12),
        [
          table(
            ["Site", "T-score", "Lecture"],
            ["Rachis lombaire", "-2,8", "ostéoporose"],
            ["Col fémoral", "-2,3", "ostéopénie"],
            ["Hanche totale", "-2,1", "ostéopénie"],
          ),
        ],
        { accent: "slate", recipient: ["Dr Damien POIRIER"] },
      ),
      desk.letter(
        "rheumatology",
        "11488-4",
        "Compte rendu de consultation de rhumatologie",
        rheumatologist,
        calendar.monthsAgo(11),
        [
          text(
            "Ostéoporose post-ménopausique fracturaire. Première perfusion annuelle d'acide zolédronique réalisée après bilan dentaire.",
          ),
          heading("Conduite à tenir"),
          list(
            "Calcium et vitamine D au long cours",
            "Prévention des chutes : kinésithérapie, éclairage, tapis",
            "Deuxième perfusion dans un an",
          ),
        ],
        { recipient: ["Dr Sophie MARTIN"] },
      ),
      ...[12, 6, 1].map((months, index) =>
        desk.laboratory(calendar.monthsAgo(months, "08:20", 20), {
          chemistry: [
            measure("calcium", [2.28, 2.36, 2.38][index] ?? 2.3),
            measure("vitaminD", [16, 32, 37][index] ?? 30),
            measure("tsh", [2.9, 2.6, 2.4][index] ?? 2.5),
            measure("creatinine", 70 + index),
          ],
        }),
      ),
      desk.synthesis(calendar.monthsAgo(1, "11:30", 22), {
        problems: [
          condition(icd10("M80.0", "Ostéoporose post-ménopausique avec fracture pathologique"), calendar.monthsAgo(12)),
          condition(icd10("E03.9", "Hypothyroïdie, sans précision"), calendar.yearsAgo(15)),
        ],
        history: [
          condition(icd10("S52.5", "Fracture de l'extrémité inférieure du radius"), calendar.monthsAgo(13), {
            status: "resolved",
            end: calendar.monthsAgo(11),
          }),
        ],
        surgery: [procedure(ccam("BFGA004", "Extraction du cristallin avec implant, œil droit"), calendar.yearsAgo(3))],
        allergies: [
          allergy(plain("Latex"), "Urticaire de contact", {
            category: "environment",
            criticality: "low",
            onset: calendar.yearsAgo(20),
          }),
        ],
        habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(1))],
        treatments,
        vaccinations: [
          immunization(vaccines.efluelda, calendar.monthsAgo(1)),
          immunization(vaccines.shingrix, calendar.monthsAgo(8), 2),
        ],
      }),
    ],
  };
}
