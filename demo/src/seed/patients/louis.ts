/** Eighty-four years old, atrial fibrillation, heart failure and kidney disease, ten drugs and one too many: where a summary matters most. */
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
import { dischargeSections } from "../sections.ts";

const desk = new Desk(people.louis);

/** Creatinine (µmol/L), filtration, potassium, NT-proBNP, haemoglobin: every two months, oldest first. */
const kidneyAndHeart: readonly (readonly [number, number, number, number, number])[] = [
  [121, 46, 4.4, 1480, 12.9],
  [124, 45, 4.5, 1520, 12.8],
  [129, 43, 4.6, 1760, 12.6],
  [134, 41, 4.7, 1910, 12.5],
  [131, 42, 4.6, 1830, 12.4],
  [138, 39, 4.8, 2240, 12.1],
  [168, 31, 5.3, 5120, 11.8],
  [149, 35, 4.9, 2680, 11.7],
  [144, 37, 4.8, 2310, 11.9],
  [141, 38, 4.7, 2150, 12.0],
  [143, 37, 4.8, 2080, 11.9],
  [146, 36, 4.9, 2190, 11.8],
];

export function louis(calendar: Calendar): History {
  const hospital = { start: calendar.daysAgo(338, "14:00"), end: calendar.daysAgo(330, "11:00") };
  const treatments = [
    medication(drugs.eliquis25, daily("1 comprimé matin et soir", 1, 2), calendar.yearsAgo(5), {
      reason: "Fibrillation atriale",
    }),
    medication(drugs.bisoprolol25, daily("1 comprimé le matin"), calendar.yearsAgo(5), {
      reason: "Insuffisance cardiaque",
    }),
    medication(drugs.entresto24, daily("1 comprimé matin et soir", 1, 2), calendar.monthsAgo(11), {
      reason: "Insuffisance cardiaque",
    }),
    medication(drugs.jardiance10, daily("1 comprimé le matin"), calendar.yearsAgo(2), {
      reason: "Insuffisance cardiaque",
    }),
    medication(drugs.furosemide40, daily("1 comprimé le matin"), calendar.yearsAgo(3), {
      reason: "Insuffisance cardiaque",
    }),
    medication(drugs.atorvastatine20, daily("1 comprimé le soir"), calendar.yearsAgo(12), { reason: "Dyslipidémie" }),
    medication(drugs.allopurinol100, daily("1 comprimé le soir"), calendar.yearsAgo(6), { reason: "Goutte" }),
    medication(drugs.pantoprazole20, daily("1 comprimé le matin"), calendar.yearsAgo(4), {
      reason: "Reflux gastro-œsophagien",
    }),
    medication(
      drugs.uvedose,
      { text: "1 ampoule tous les trois mois", dose: 1, frequency: 1, period: 3, periodUnit: "mo" },
      calendar.yearsAgo(3),
      { reason: "Carence en vitamine D" },
    ),
    medication(
      drugs.doliprane1000,
      asNeeded("1 comprimé en cas de douleur, au plus 3 par jour, espacés de 6 heures"),
      calendar.yearsAgo(2),
      { reason: "Arthrose" },
    ),
  ];
  return {
    person: people.louis,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(8) },
      { account: "dr-leroy", since: calendar.monthsAgo(11) },
      { account: "ide-petit", since: calendar.monthsAgo(10) },
      { account: "pharma-dubois", since: calendar.monthsAgo(10) },
    ],
    documents: [
      ...kidneyAndHeart.map(([creatinine, egfr, potassium, ntProBnp, haemoglobin], index) =>
        desk.laboratory(calendar.monthsAgo((kidneyAndHeart.length - 1 - index) * 2 + 1, "07:20", 14), {
          chemistry: [
            measure("creatinine", creatinine),
            measure("egfr", egfr),
            measure("potassium", potassium),
            measure("sodium", 137 + (index % 4)),
            measure("ntProBnp", ntProBnp),
          ],
          haematology: [measure("haemoglobin", haemoglobin), measure("platelets", 205 + index)],
        }),
      ),
      desk.structured(
        "discharge",
        "11490-0",
        "Lettre de liaison à la sortie",
        professionals.leroy,
        calendar.daysAgo(330, "11:30"),
        dischargeSections({
          reason: "Décompensation cardiaque sur un passage en fibrillation atriale rapide.",
          stay: "Patient de 84 ans hospitalisé pour dyspnée d'aggravation progressive, œdèmes des membres inférieurs et prise de 5 kg. Évolution favorable sous furosémide intraveineux, perte de 5,4 kg. Introduction du sacubitril-valsartan en remplacement du ramipril, bien toléré. Insuffisance rénale aiguë transitoire, créatinine maximale 168 µmol/L.",
          treatments,
          followUp:
            "Créatinine et potassium à 7 jours puis chaque mois. Pesée quotidienne, appeler le service au-delà de 2 kg en trois jours. Consultation de cardiologie à un mois.",
        }),
        { act: hospital },
      ),
      desk.letter(
        "echocardiography",
        "18748-4",
        "Échocardiographie transthoracique",
        professionals.leroy,
        calendar.monthsAgo(10),
        [
          table(
            ["Mesure", "Valeur", "Commentaire"],
            ["FEVG", "38 %", "modérément altérée"],
            ["Oreillette gauche", "46 mL/m²", "dilatée"],
            ["PAPS", "41 mmHg", "légère élévation"],
            ["Valve aortique", "1,4 cm²", "sténose modérée"],
          ),
          heading("Conclusion"),
          text(
            "Cardiopathie dilatée à fonction systolique altérée, stable. Rétrécissement aortique modéré à surveiller. Poursuite du traitement, contrôle annuel.",
          ),
        ],
        { unit: "Service de cardiologie", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "geriatrics",
        "34133-9",
        "Évaluation gériatrique standardisée",
        professionals.geriatrician,
        calendar.monthsAgo(7),
        [
          table(
            ["Domaine", "Score", "Lecture"],
            ["Autonomie (ADL)", "5,5/6", "aide à la toilette"],
            ["Cognition (MMSE)", "25/30", "stable"],
            ["Chute", "1 en un an", "risque modéré"],
            ["Nutrition (MNA)", "22/30", "à risque"],
          ),
          heading("Recommandations"),
          list(
            "Kinésithérapie de la marche et de l'équilibre",
            "Éviter les anti-inflammatoires non stéroïdiens et les hypnotiques",
            "Compléments nutritionnels si perte de poids",
            "Portage des repas mis en place",
          ),
        ],
        { unit: "Hôpital de jour gériatrique", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "pharmacy-review",
        "78601-2",
        "Bilan partagé de médication",
        professionals.dubois,
        calendar.monthsAgo(4),
        [
          text(
            "Entretien réalisé à l'officine avec M. Marchand et sa fille. Dix médicaments au long cours, pilulier préparé chaque semaine.",
          ),
          heading("Points relevés"),
          list(
            "Bonne observance, un oubli du soir par quinzaine",
            "Pas d'automédication par anti-inflammatoire",
            "Proposition : réévaluer l'indication du pantoprazole",
          ),
        ],
        { accent: "green", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "nursing",
        "11506-3",
        "Fiche de suivi infirmier",
        professionals.petit,
        calendar.monthsAgo(1, "08:10"),
        [
          table(
            ["Date", "Poids", "Pression artérielle"],
            ["Semaine 1", "71,2 kg", "118/64"],
            ["Semaine 2", "71,0 kg", "122/66"],
            ["Semaine 3", "71,6 kg", "116/62"],
            ["Semaine 4", "71,3 kg", "120/64"],
          ),
          text("Pas d'œdème. Pilulier vérifié chaque lundi. Bas de contention portés."),
        ],
        { accent: "green" },
      ),
      desk.letter(
        "directives",
        "EXPPAT_3",
        "Directives anticipées",
        professionals.martin,
        calendar.monthsAgo(20),
        [
          text(
            "Document recueilli en présence du patient et de sa personne de confiance. Ne souhaite pas de réanimation en cas d'arrêt cardiaque. Souhaite rester à domicile autant que possible.",
          ),
        ],
        { accent: "slate" },
      ),
      desk.paperPrescription("prescription", professionals.martin, calendar.monthsAgo(1, "15:00", 10), treatments),
      // A duty doctor who did not see the other treatments: what the panel's check is for.
      desk.prescription(
        "duty-prescription",
        professionals.emergency,
        calendar.daysAgo(4, "21:40"),
        [
          medication(
            drugs.clarithromycine500,
            daily("1 comprimé matin et soir pendant 7 jours", 1, 2),
            calendar.daysAgo(4),
            {
              reason: "Infection bronchique",
            },
          ),
        ],
        { days: 7 },
      ),
      desk.synthesis(calendar.monthsAgo(1, "15:10", 10), {
        problems: [
          condition(icd10("I48.2", "Fibrillation auriculaire permanente"), calendar.yearsAgo(5)),
          condition(icd10("I50.0", "Insuffisance cardiaque congestive"), calendar.yearsAgo(3)),
          condition(icd10("N18.3", "Maladie rénale chronique, stade 3"), calendar.yearsAgo(4)),
          condition(icd10("I35.0", "Sténose (de la valve) aortique"), calendar.yearsAgo(2)),
          condition(icd10("M10.9", "Goutte, sans précision"), calendar.yearsAgo(6)),
          condition(icd10("M17.9", "Gonarthrose, sans précision"), calendar.yearsAgo(14)),
        ],
        history: [
          condition(icd10("C61", "Tumeur maligne de la prostate"), calendar.yearsAgo(15), {
            status: "resolved",
            end: calendar.yearsAgo(14),
          }),
        ],
        surgery: [
          procedure(
            ccam("NEKA020", "Remplacement de l'articulation coxofémorale par prothèse totale, droite"),
            calendar.yearsAgo(9),
          ),
        ],
        allergies: [
          allergy(plain("Produits de contraste iodés"), "Éruption et malaise", {
            category: "medication",
            criticality: "high",
            onset: calendar.yearsAgo(7),
          }),
        ],
        habits: [habit("72166-2", "Tabagisme", "Ancien fumeur, arrêt il y a 30 ans", calendar.monthsAgo(1))],
        treatments,
        vaccinations: [
          immunization(vaccines.efluelda, calendar.monthsAgo(1, "15:05", 10)),
          immunization(vaccines.comirnaty, calendar.monthsAgo(1, "15:06", 10)),
          immunization(vaccines.prevenar20, calendar.yearsAgo(1)),
          immunization(vaccines.shingrix, calendar.yearsAgo(1.2), 2),
        ],
        vigilance: "Anticoagulant : signaler toute chute avec choc à la tête. Pas d'anti-inflammatoire non stéroïdien.",
      }),
    ],
  };
}
