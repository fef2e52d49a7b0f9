/** COPD after forty years of tobacco: two exacerbations, lung function every year, vaccines up to date. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10 } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import { asNeeded, condition, daily, habit, immunization, medication } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";
import { dischargeSections } from "../sections.ts";

const desk = new Desk(people.gerard);
const { pneumologist, emergency, radiologist, martin } = professionals;

export function gerard(calendar: Calendar): History {
  const treatments = [
    medication(
      drugs.trimbow,
      daily("2 bouffées matin et soir avec la chambre d'inhalation", 2, 2),
      calendar.monthsAgo(19),
      { reason: "BPCO" },
    ),
    medication(drugs.ventoline, asNeeded("1 à 2 bouffées en cas d'essoufflement"), calendar.yearsAgo(8), {
      reason: "BPCO",
    }),
    medication(drugs.amlodipine5, daily("1 gélule le matin"), calendar.yearsAgo(6), {
      reason: "Hypertension artérielle",
    }),
  ];
  const course = medication(
    drugs.solupred20,
    daily("2 comprimés le matin pendant 5 jours", 2),
    calendar.monthsAgo(20),
    { end: calendar.monthsAgo(19.8), reason: "Exacerbation de BPCO" },
  );
  const stay = { start: calendar.monthsAgo(20.2), end: calendar.monthsAgo(20) };
  return {
    person: people.gerard,
    referringDoctor: "dr-martin",
    authorised: [{ account: "dr-martin", since: calendar.monthsAgo(10) }],
    documents: [
      ...[34, 22, 10].map((months, index) =>
        desk.letter(
          `spirometry-${index + 1}`,
          "11488-4",
          "Exploration fonctionnelle respiratoire",
          pneumologist,
          calendar.monthsAgo(months),
          [
            table(
              ["Mesure", "Valeur", "% de la théorique"],
              ["VEMS", `${["1,78", "1,71", "1,66"][index]} L`, `${["58", "56", "55"][index]} %`],
              ["VEMS/CVF", `${["58", "57", "56"][index]} %`, "–"],
              ["DLCO", "–", `${["64", "62", "61"][index]} %`],
            ),
            heading("Conclusion"),
            text(
              "Trouble ventilatoire obstructif non réversible, BPCO GOLD 2. Déclin lent du VEMS. Sevrage tabagique maintenu.",
            ),
          ],
          { recipient: ["Dr Sophie MARTIN"] },
        ),
      ),
      desk.letter(
        "exacerbation",
        "15507-7",
        "Compte rendu de passage aux urgences",
        emergency,
        calendar.monthsAgo(20.2),
        [
          text(
            "Dyspnée fébrile depuis trois jours, expectoration purulente. Saturation 89 % en air ambiant, fréquence respiratoire 26/min. Gaz du sang : pH 7,38, PaCO2 44 mmHg, PaO2 58 mmHg.",
          ),
          heading("Conclusion"),
          text("Exacerbation de BPCO d'allure infectieuse. Hospitalisation en pneumologie."),
        ],
        { unit: "Service d'accueil des urgences", accent: "terracotta" },
      ),
      desk.structured(
        "discharge",
        "11490-0",
        "Lettre de liaison à la sortie",
        pneumologist,
        calendar.monthsAgo(20),
        dischargeSections({
          reason: "Exacerbation de BPCO.",
          stay: "Évolution favorable sous nébulisations, prednisolone cinq jours et céphalosporine. Pas de recours à la ventilation. Saturation 94 % en air ambiant à la sortie.",
          treatments: [...treatments, course],
          followUp: "Réhabilitation respiratoire, kinésithérapie, contrôle du souffle à trois mois.",
        }),
        { act: stay },
      ),
      desk.laboratory(
        calendar.monthsAgo(20.2),
        {
          haematology: [
            measure("whiteCells", 14.2),
            measure("neutrophils", 11.6),
            measure("eosinophils", 0.38),
            measure("haemoglobin", 15.2),
          ],
          chemistry: [measure("crp", 86), measure("creatinine", 78)],
        },
        { key: "laboratory-exacerbation" },
      ),
      desk.laboratory(calendar.monthsAgo(5), {
        haematology: [measure("eosinophils", 0.32), measure("haemoglobin", 14.9)],
        chemistry: [measure("crp", 3), measure("creatinine", 80), measure("ldl", 2.8)],
      }),
      desk.letter(
        "ct",
        "18748-4",
        "Scanner thoracique faible dose",
        radiologist,
        calendar.monthsAgo(9),
        [
          text(
            "Emphysème centro-lobulaire des sommets. Pas de nodule pulmonaire suspect. Pas d'adénopathie médiastinale. Calcifications coronaires modérées.",
          ),
        ],
        { accent: "slate", recipient: ["Dr Karim HADDAD"] },
      ),
      desk.letter(
        "physiotherapy",
        "PRESC-KINE",
        "Prescription de kinésithérapie respiratoire",
        pneumologist,
        calendar.monthsAgo(10),
        [list("Réentraînement à l'effort, 20 séances", "Drainage bronchique si encombrement")],
      ),
      desk.paperPrescription("prescription", martin, calendar.monthsAgo(2), treatments),
      desk.synthesis(calendar.monthsAgo(2, "10:00"), {
        problems: [
          condition(icd10("J44.9", "Maladie pulmonaire obstructive chronique, sans précision"), calendar.yearsAgo(8)),
          condition(icd10("I10", "Hypertension essentielle (primitive)"), calendar.yearsAgo(6)),
        ],
        history: [
          condition(
            icd10("J44.1", "Maladie pulmonaire obstructive chronique avec épisodes aigus"),
            calendar.monthsAgo(20.2),
            { status: "resolved", end: calendar.monthsAgo(20) },
          ),
        ],
        habits: [
          habit("72166-2", "Tabagisme", "Ancien fumeur (45 paquets-années), arrêt il y a 4 ans", calendar.monthsAgo(2)),
        ],
        treatments,
        vaccinations: [
          immunization(vaccines.efluelda, calendar.monthsAgo(1)),
          immunization(vaccines.prevenar20, calendar.yearsAgo(2)),
          immunization(vaccines.abrysvo, calendar.monthsAgo(13)),
          immunization(vaccines.comirnaty, calendar.monthsAgo(1)),
        ],
      }),
    ],
  };
}
