/**
 * Haemodialysis three times a week for nearly nine years: 2 000 documents, as such a patient really gathers them
 * (weekly tests, session sheets, monthly letters, prescriptions). The large record of the contract.
 */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History, SeedDocument } from "../document.ts";
import { ccam, icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import { allergy, condition, daily, habit, immunization, medication, procedure } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.jean);
const { nephrologist, martin, leroy, radiologist, petit } = professionals;

/** Number of documents of the record (contract.md). */
export const documentsOfJean = 2000;

/** A slow wave between -1 and 1: values drift as real ones do, and the same each time. */
const wave = (week: number, weeks: number): number =>
  0.55 * Math.sin((2 * Math.PI * week) / weeks) + 0.9 * scatter(week * 7 + weeks);

/** Between -0.5 and 0.5, as if by chance, the same each time. */
function scatter(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value) - 0.5;
}
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function weeklyTests(calendar: Calendar, week: number): SeedDocument {
  const drift = wave(week, 37);
  return desk.laboratory(
    calendar.weekdayAgo(week, 3, "06:30"),
    {
      chemistry: [
        measure("potassium", round(5.1 + 0.4 * drift, 1)),
        measure("phosphate", round(1.7 + 0.3 * wave(week, 23), 2)),
        measure("calcium", round(2.28 + 0.08 * drift, 2)),
        measure("urea", round(21 + 4 * wave(week, 11), 1)),
        measure("creatinine", Math.round(780 + 60 * drift)),
        ...(week % 4 === 0
          ? [
              measure("pth", Math.round(310 + 90 * wave(week, 41))),
              measure("albumin", round(37 + 2 * drift, 1)),
              measure("ferritin", Math.round(410 + 120 * wave(week, 31))),
            ]
          : []),
      ],
      haematology: [measure("haemoglobin", round(11.2 + 0.7 * wave(week, 29), 1))],
    },
    {
      key: `week-${week}`,
      title: "Bilan biologique de dialyse",
      ...(week % 4 === 0 && { title: "Bilan biologique mensuel de dialyse" }),
    },
  );
}

function sessionSheet(calendar: Calendar, session: number): SeedDocument {
  const week = Math.floor(session / 3);
  const weight = round(74 + 0.8 * wave(week, 52), 1);
  return desk.letter(
    `session-${session}`,
    "11505-5",
    "Fiche de séance d'hémodialyse",
    nephrologist,
    calendar.weekdayAgo(week, 1 + 2 * (session % 3), "12:30"),
    [
      table(
        ["Mesure", "Avant", "Après"],
        ["Poids", `${(weight + 2.1).toFixed(1).replace(".", ",")} kg`, `${weight.toFixed(1).replace(".", ",")} kg`],
        ["Pression artérielle", "148/78", "132/70"],
      ),
      text("Hémodiafiltration de 4 heures, débit sanguin 350 mL/min, fistule fonctionnelle. Séance bien tolérée."),
    ],
    { accent: "blue", unit: "Unité de dialyse", form: session < 40 ? "pdf" : "text" },
  );
}

function monthlyLetter(calendar: Calendar, month: number): SeedDocument {
  return desk.letter(
    `month-${month}`,
    "11488-4",
    "Lettre mensuelle de néphrologie",
    nephrologist,
    calendar.monthsAgo(month + 0.2, "16:00", 25),
    [
      text(
        "Trois séances par semaine de quatre heures. Poids sec stable à 74 kg, bonne épuration (Kt/V 1,5). Pression artérielle contrôlée.",
      ),
      heading("Points suivis"),
      list(
        "Anémie : hémoglobine entre 10,5 et 12 g/dL sous darbépoétine",
        "Phosphore : conseils diététiques repris",
        "Fistule radio-céphalique gauche : souffle et frémissement présents",
      ),
    ],
    { recipient: ["Dr Sophie MARTIN"] },
  );
}

export function jean(calendar: Calendar): History {
  const treatments = [
    medication(drugs.renvela800, daily("2 comprimés au milieu de chaque repas", 2, 3), calendar.yearsAgo(8), {
      reason: "Hyperphosphatémie",
    }),
    medication(drugs.alfacalcidol, daily("1 capsule par jour"), calendar.yearsAgo(8), {
      reason: "Hyperparathyroïdie secondaire",
    }),
    medication(
      drugs.aranesp40,
      { text: "1 injection par semaine en fin de séance", dose: 1, frequency: 1, period: 1, periodUnit: "wk" },
      calendar.yearsAgo(8),
      { reason: "Anémie rénale" },
    ),
    medication(drugs.amlodipine5, daily("1 gélule le soir"), calendar.yearsAgo(12), {
      reason: "Hypertension artérielle",
    }),
    medication(drugs.kardegic75, daily("1 sachet le midi"), calendar.yearsAgo(6), { reason: "Artériopathie" }),
  ];
  const months = Array.from({ length: 106 }, (_, month) => month);
  const weeks = Array.from({ length: 456 }, (_, week) => week);
  const others: SeedDocument[] = [
    ...months.map((month) => monthlyLetter(calendar, month)),
    ...months
      .filter((month) => month % 3 === 0)
      .map((month) =>
        desk[month === 0 ? "paperPrescription" : "prescription"](
          `prescription-${month}`,
          nephrologist,
          calendar.monthsAgo(month + 0.3, "16:20", 26),
          treatments,
        ),
      ),
    ...months
      .filter((month) => month % 6 === 1)
      .map((month) =>
        desk.letter(
          `doppler-${month}`,
          "18748-4",
          "Écho-doppler de la fistule artério-veineuse",
          radiologist,
          calendar.monthsAgo(month, "14:00", 8),
          [text("Fistule radio-céphalique gauche perméable. Débit 820 mL/min. Pas de sténose significative.")],
          { accent: "slate" },
        ),
      ),
    ...months
      .filter((month) => month % 12 === 5)
      .map((month) =>
        desk.letter(
          `heart-${month}`,
          "11488-4",
          "Compte rendu de consultation de cardiologie",
          leroy,
          calendar.monthsAgo(month, "10:00", 21),
          [
            text(
              "Hypertrophie ventriculaire gauche modérée et stable. FEVG 58 %. Pas de signe d'ischémie. Poursuite du traitement.",
            ),
          ],
          { unit: "Service de cardiologie" },
        ),
      ),
    ...months
      .filter((month) => month % 12 === 2)
      .map((month) =>
        desk.letter(
          `nursing-${month}`,
          "11506-3",
          "Fiche de suivi infirmier",
          petit,
          calendar.monthsAgo(month, "08:00", 17),
          [text("Pansement de fistule refait. Pas de signe d'infection. Éducation : apports en eau et en sel.")],
          { accent: "green" },
        ),
      ),
    ...weeks.map((week) => weeklyTests(calendar, week)),
    desk.synthesis(calendar.monthsAgo(1, "18:10", 23), {
      problems: [
        condition(icd10("N18.5", "Maladie rénale chronique, stade 5"), calendar.yearsAgo(10)),
        condition(icd10("Z99.2", "Dépendance envers une dialyse rénale"), calendar.yearsAgo(8.8)),
        condition(icd10("I12.0", "Néphropathie hypertensive, avec insuffisance rénale"), calendar.yearsAgo(14)),
        condition(icd10("N25.8", "Hyperparathyroïdie secondaire d'origine rénale"), calendar.yearsAgo(8)),
      ],
      surgery: [
        procedure(
          ccam("EZMA001", "Création d'un accès vasculaire artérioveineux au membre supérieur gauche"),
          calendar.yearsAgo(9),
        ),
      ],
      allergies: [
        allergy(plain("Fer injectable (dextran)"), "Malaise et éruption", {
          category: "medication",
          criticality: "high",
          onset: calendar.yearsAgo(7),
        }),
      ],
      habits: [habit("72166-2", "Tabagisme", "Ancien fumeur, arrêt il y a 20 ans", calendar.monthsAgo(1))],
      treatments,
      vaccinations: [
        immunization(vaccines.efluelda, calendar.monthsAgo(1)),
        immunization(vaccines.prevenar20, calendar.yearsAgo(2)),
        immunization(vaccines.comirnaty, calendar.monthsAgo(1)),
        immunization(vaccines.shingrix, calendar.yearsAgo(1), 2),
      ],
      vigilance: "Bras gauche : fistule, ni prise de sang, ni tension, ni perfusion.",
    }),
    desk.letter(
      "treating-doctor",
      "11488-4",
      "Compte rendu de consultation",
      martin,
      calendar.monthsAgo(2, "09:00", 13),
      [
        text(
          "Visite annuelle. Bonne qualité de vie, marche quotidienne. Vaccinations à jour. Directives anticipées remises.",
        ),
      ],
    ),
  ];
  const sessions = Array.from({ length: documentsOfJean - others.length }, (_, session) =>
    sessionSheet(calendar, session),
  );
  return {
    person: people.jean,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(6) },
      { account: "ide-petit", since: calendar.monthsAgo(6) },
      { account: "pharma-dubois", since: calendar.monthsAgo(6) },
      { account: "dr-leroy", since: calendar.monthsAgo(5) },
    ],
    documents: [...others, ...sessions],
  };
}
