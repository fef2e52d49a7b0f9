/** Type 2 diabetes followed for six years: quarterly tests, yearly eye and heart checks, treatment stepped up twice. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History, SeedDocument } from "../document.ts";
import { ccam, icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { type Measure, measure } from "../facts/laboratory.ts";
import { allergy, condition, daily, habit, immunization, medication, procedure, relative } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";

const desk = new Desk(people.monique);

/** HbA1c (%), LDL (mmol/L), creatinine (µmol/L) and estimated filtration, oldest first, one line a quarter. */
const followUp: readonly (readonly [number, number, number, number])[] = [
  [8.4, 3.9, 68, 88],
  [8.1, 3.6, 69, 87],
  [7.8, 3.1, 69, 87],
  [7.6, 2.8, 70, 85],
  [7.5, 2.7, 71, 84],
  [7.6, 2.7, 70, 85],
  [7.8, 2.8, 72, 82],
  [8.0, 2.9, 73, 81],
  [8.2, 2.9, 74, 79],
  [8.3, 2.8, 74, 79],
  [7.9, 2.5, 75, 78],
  [7.6, 2.3, 75, 77],
  [7.4, 2.2, 76, 76],
  [7.3, 2.1, 77, 75],
  [7.3, 2.1, 77, 74],
  [7.2, 2.0, 78, 73],
  [7.4, 2.0, 79, 72],
  [7.3, 1.9, 79, 72],
  [7.1, 1.9, 80, 71],
  [7.0, 1.8, 80, 71],
  [7.1, 1.8, 81, 70],
  [7.0, 1.8, 81, 69],
  [6.9, 1.7, 82, 68],
  [7.1, 1.8, 83, 67],
];

function quarterly(calendar: Calendar): readonly SeedDocument[] {
  return followUp.map(([hba1c, ldl, creatinine, egfr], index) => {
    const monthsAgo = (followUp.length - 1 - index) * 3 + 1;
    const isYearly = index % 4 === 3;
    const yearly: readonly Measure[] = isYearly
      ? [measure("albuminuria", 12 + index), measure("alat", 24 + (index % 5))]
      : [];
    return desk.laboratory(calendar.monthsAgo(monthsAgo, "07:40", 6), {
      chemistry: [
        measure("hba1c", hba1c),
        measure("fastingGlucose", Number((hba1c * 1.05 - 0.4).toFixed(1))),
        measure("creatinine", creatinine),
        measure("egfr", egfr),
        measure("totalCholesterol", Number((ldl + 2.1).toFixed(1))),
        measure("hdl", 1.2),
        measure("ldl", ldl),
        measure("triglycerides", Number((1.3 + ldl / 8).toFixed(1))),
        ...yearly,
      ],
    });
  });
}

export function monique(calendar: Calendar): History {
  const treatments = [
    medication(
      drugs.metformine1000,
      daily("1 comprimé matin et soir au milieu des repas", 1, 2),
      calendar.yearsAgo(6),
      { reason: "Diabète de type 2" },
    ),
    medication(
      drugs.ozempic1,
      { text: "1 injection par semaine, le lundi", dose: 1, frequency: 1, period: 1, periodUnit: "wk" },
      calendar.monthsAgo(40),
      { reason: "Diabète de type 2" },
    ),
    medication(drugs.ramipril5, daily("1 comprimé le matin"), calendar.yearsAgo(8), {
      reason: "Hypertension artérielle",
    }),
    medication(drugs.atorvastatine20, daily("1 comprimé le soir"), calendar.yearsAgo(6), {
      reason: "Hypercholestérolémie",
    }),
  ];
  return {
    person: people.monique,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(9) },
      { account: "pharma-dubois", since: calendar.monthsAgo(5) },
      { account: "ide-petit", since: calendar.monthsAgo(5) },
    ],
    documents: [
      ...quarterly(calendar),
      desk.letter(
        "cardiology",
        "11488-4",
        "Compte rendu de consultation de cardiologie",
        professionals.leroy,
        calendar.monthsAgo(14),
        [
          text(
            "Chère consœur,\nMerci de m'avoir adressé Mme Garnier pour un bilan cardiologique annuel dans le cadre de son diabète de type 2. Elle ne signale ni douleur thoracique ni essoufflement inhabituel. Marche active de trente minutes quatre fois par semaine.",
          ),
          heading("Examen"),
          list(
            "Pression artérielle 134/78 mmHg aux deux bras, fréquence cardiaque 68/min",
            "Auscultation cardiaque sans souffle, pouls périphériques présents et symétriques",
          ),
          heading("Électrocardiogramme"),
          text("Rythme sinusal, axe normal, pas de trouble de la repolarisation."),
          heading("Conclusion"),
          text(
            "Pas d'argument pour une ischémie myocardique. Objectif de LDL-cholestérol inférieur à 1,8 mmol/L, atteint. Poursuite du traitement, contrôle dans un an.",
          ),
        ],
        { unit: "Service de cardiologie", recipient: ["Dr Sophie MARTIN", "Maison de santé des Tilleuls"] },
      ),
      desk.letter(
        "eyes",
        "78513-9",
        "Fond d'œil annuel – dépistage de la rétinopathie diabétique",
        professionals.ophthalmologist,
        calendar.monthsAgo(8),
        [
          text("Rétinographies non mydriatiques de bonne qualité aux deux yeux."),
          table(
            ["Œil", "Acuité visuelle", "Rétine"],
            ["Droit", "10/10", "Pas de rétinopathie"],
            ["Gauche", "9/10", "Pas de rétinopathie"],
          ),
          text("Absence de rétinopathie diabétique et d'œdème maculaire. Prochain contrôle dans un an."),
        ],
        { accent: "green", recipient: ["Dr Isabelle FABRE"] },
      ),
      desk.letter(
        "diabetology",
        "11488-4",
        "Compte rendu de consultation d'endocrinologie",
        professionals.endocrinologist,
        calendar.monthsAgo(6),
        [
          text(
            "Suivi d'un diabète de type 2 connu depuis 11 ans, traité par metformine et sémaglutide. Bonne tolérance digestive, perte de 6 kg depuis deux ans.",
          ),
          heading("Bilan"),
          table(
            ["Examen", "Résultat", "Objectif"],
            ["HbA1c", "6,9 %", "inférieure ou égale à 7 %"],
            ["LDL-cholestérol", "1,7 mmol/L", "inférieur à 1,8 mmol/L"],
            ["Pression artérielle", "132/76 mmHg", "inférieure à 140/85 mmHg"],
          ),
          heading("Conduite à tenir"),
          list(
            "Poursuite du traitement sans changement",
            "Examen podologique annuel : pieds de grade 0",
            "Vaccination contre la grippe à l'automne",
          ),
        ],
        { accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.paperPrescription("prescription", professionals.martin, calendar.monthsAgo(1, "10:15", 15), treatments),
      desk.synthesis(calendar.monthsAgo(1, "10:30", 15), {
        problems: [
          condition(icd10("E11.9", "Diabète sucré de type 2, sans complication"), calendar.yearsAgo(11)),
          condition(icd10("I10", "Hypertension essentielle (primitive)"), calendar.yearsAgo(9)),
          condition(icd10("E78.0", "Hypercholestérolémie essentielle"), calendar.yearsAgo(9)),
          condition(icd10("E66.0", "Obésité due à un excès calorique"), calendar.yearsAgo(12)),
        ],
        history: [
          condition(icd10("K80.2", "Calcul de la vésicule biliaire sans cholécystite"), calendar.yearsAgo(21), {
            status: "resolved",
            end: calendar.yearsAgo(20.5),
          }),
        ],
        surgery: [procedure(ccam("HMFC004", "Cholécystectomie, par cœlioscopie"), calendar.yearsAgo(20.5))],
        allergies: [
          allergy(plain("Sulfamides antibactériens"), "Éruption cutanée étendue", {
            category: "medication",
            criticality: "high",
            onset: calendar.yearsAgo(24),
          }),
        ],
        habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(1))],
        family: [
          relative("MTH", icd10("E11.9", "Diabète sucré de type 2")),
          relative("FTH", icd10("I21.9", "Infarctus aigu du myocarde")),
        ],
        treatments,
        vaccinations: [
          immunization(vaccines.repevax, calendar.yearsAgo(4)),
          immunization(vaccines.vaxigrip, calendar.monthsAgo(1, "11:00", 8)),
          immunization(vaccines.prevenar20, calendar.yearsAgo(1.5)),
        ],
        vigilance: "Surveillance annuelle de la fonction rénale, du fond d'œil et des pieds.",
      }),
    ],
  };
}
