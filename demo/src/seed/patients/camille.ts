/** Asthma, Hashimoto's thyroiditis and an anaphylaxis to amoxicillin: the account that most journeys use. */
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

const desk = new Desk(people.camille);

/** TSH (mUI/L) and free T4 (pmol/L), oldest first, one line each half-year. */
const thyroid: readonly (readonly [number, number])[] = [
  [9.6, 9.1],
  [5.8, 11.2],
  [3.1, 14.0],
  [2.4, 15.1],
  [2.2, 15.4],
  [2.7, 14.8],
  [2.1, 15.6],
  [1.9, 15.9],
];

export function camille(calendar: Calendar): History {
  const levothyrox = medication(
    drugs.levothyrox75,
    daily("1 comprimé le matin à jeun, 30 minutes avant le petit déjeuner"),
    calendar.yearsAgo(4),
    { reason: "Hypothyroïdie" },
  );
  const symbicort = medication(
    drugs.symbicort,
    daily("1 inhalation matin et soir, puis rincer la bouche", 1, 2),
    calendar.yearsAgo(2),
    { reason: "Asthme" },
  );
  const ventoline = medication(
    drugs.ventoline,
    asNeeded("1 à 2 bouffées en cas de gêne, au plus 8 par jour"),
    calendar.yearsAgo(10),
    { reason: "Asthme" },
  );
  const treatments = [levothyrox, symbicort, ventoline];
  return {
    person: people.camille,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(7) },
      { account: "pharma-dubois", since: calendar.monthsAgo(4) },
    ],
    documents: [
      ...thyroid.map(([tsh, freeT4], index) =>
        desk.laboratory(calendar.monthsAgo((thyroid.length - 1 - index) * 6 + 2, "07:55", 9), {
          chemistry: [measure("tsh", tsh), measure("freeT4", freeT4)],
        }),
      ),
      desk.letter(
        "birth",
        "15508-5",
        "Compte rendu d'accouchement",
        professionals.obstetrician,
        "2021-03-12T09:30:00Z",
        [
          text(
            "Accouchement par voie basse à 39 semaines d'aménorrhée et 5 jours d'un garçon de 3 420 g, Apgar 10/10. Périnée intact. Pertes sanguines estimées à 200 mL. Suites de couches simples.",
          ),
          heading("À la sortie"),
          list(
            "Allaitement maternel",
            "Allergie à l'amoxicilline signalée et respectée pendant le séjour",
            "Consultation post-natale à six semaines",
          ),
        ],
        { unit: "Maternité", accent: "plum", act: { start: "2021-03-09T04:12:00Z", end: "2021-03-12T09:00:00Z" } },
      ),
      desk.letter(
        "allergy-assessment",
        "11488-4",
        "Bilan d'allergologie – réaction à l'amoxicilline",
        professionals.allergologist,
        calendar.monthsAgo(70),
        [
          text(
            "Patiente adressée après une réaction survenue 20 minutes après la première prise d'amoxicilline : urticaire généralisée, gêne respiratoire, malaise, ayant nécessité une injection d'adrénaline par le SAMU.",
          ),
          heading("Tests"),
          table(
            ["Produit", "Prick-test", "Intradermoréaction"],
            ["Amoxicilline", "Positif", "Positive"],
            ["Ceftriaxone", "Négatif", "Négative"],
          ),
          heading("Conclusion"),
          text(
            "Anaphylaxie à l'amoxicilline confirmée. Toutes les pénicillines sont contre-indiquées. Les céphalosporines de troisième génération restent possibles. Une carte d'allergie est remise à la patiente.",
          ),
        ],
        { accent: "green", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "spirometry",
        "11488-4",
        "Compte rendu de consultation de pneumologie",
        professionals.pneumologist,
        calendar.monthsAgo(10),
        [
          text(
            "Asthme connu depuis l'enfance, bien équilibré sous budésonide-formotérol. Une gêne nocturne par mois en moyenne, pas de recours aux urgences depuis deux ans.",
          ),
          heading("Exploration fonctionnelle respiratoire"),
          table(
            ["Mesure", "Valeur", "% de la théorique"],
            ["VEMS", "2,71 L", "91 %"],
            ["CVF", "3,40 L", "97 %"],
            ["VEMS/CVF", "80 %", "–"],
          ),
          text("Pas de trouble ventilatoire obstructif. Réversibilité de 7 % après salbutamol."),
          heading("Conduite à tenir"),
          list("Poursuite du traitement de fond", "Plan d'action écrit remis", "Contrôle dans un an"),
        ],
        { accent: "blue", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "psychology",
        "11488-4",
        "Compte rendu de consultation de psychiatrie",
        professionals.psychiatrist,
        calendar.monthsAgo(16),
        [
          text(
            "Consultation de soutien dans les suites d'une séparation. Pas d'idée suicidaire. Sommeil perturbé, appétit conservé. Quatre entretiens proposés, sans traitement médicamenteux.",
          ),
        ],
        { accent: "slate", visibility: { hiddenFromProfessionals: true } },
      ),
      desk.letter(
        "sick-leave",
        "PRESC-AAT",
        "Prescription d'arrêt de travail",
        professionals.martin,
        calendar.monthsAgo(21),
        [text("Arrêt de travail de trois jours pour bronchite aiguë. Sorties autorisées.")],
        { accent: "slate", isArchived: true },
      ),
      desk.letter(
        "ankle",
        "18748-4",
        "Radiographie de la cheville droite",
        professionals.radiologist,
        calendar.monthsAgo(5),
        [
          heading("Indication"),
          text("Entorse de la cheville droite en courant, douleur de la malléole externe."),
          heading("Résultat"),
          text(
            "Pas de fracture visible. Interligne articulaire respecté. Tuméfaction des parties molles en regard de la malléole externe.",
          ),
          heading("Conclusion"),
          text("Pas de lésion osseuse."),
        ],
        { accent: "slate", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.prescription("prescription-before", professionals.martin, calendar.monthsAgo(7, "09:40", 11), treatments),
      desk.paperPrescription("prescription", professionals.martin, calendar.monthsAgo(1, "17:20", 18), treatments),
      desk.structured(
        "vaccines",
        "11369-6",
        "Historique des vaccinations",
        professionals.martin,
        calendar.monthsAgo(1, "17:30", 18),
        [
          {
            code: "11369-6",
            title: "Historique des vaccinations",
            facts: [
              immunization(vaccines.boostrixtetra, "2021-03-11T09:00:00Z"),
              immunization(vaccines.vaxigrip, calendar.monthsAgo(1, "17:15", 18)),
              immunization(vaccines.priorix, "2003-10-20T09:00:00Z", 2),
            ],
          },
        ],
      ),
      desk.synthesis(
        calendar.monthsAgo(13, "18:00", 18),
        {
          problems: [
            condition(icd10("J45.9", "Asthme, sans précision"), "1996"),
            condition(icd10("E06.3", "Thyroïdite auto-immune"), calendar.yearsAgo(4)),
          ],
          allergies: [
            allergy(plain("Amoxicilline"), "Choc anaphylactique", {
              category: "medication",
              criticality: "high",
              onset: calendar.monthsAgo(72),
            }),
          ],
          treatments,
        },
        { key: "synthesis-before" },
      ),
      desk.synthesis(
        calendar.monthsAgo(1, "17:40", 18),
        {
          problems: [
            condition(icd10("J45.9", "Asthme, sans précision"), "1996"),
            condition(icd10("E06.3", "Thyroïdite auto-immune"), calendar.yearsAgo(4)),
          ],
          history: [
            condition(icd10("S93.4", "Entorse de la cheville droite"), calendar.monthsAgo(5), {
              status: "resolved",
              end: calendar.monthsAgo(4),
            }),
          ],
          surgery: [procedure(ccam("HHFA001", "Appendicectomie, par abord de la fosse iliaque"), "2002-08-14")],
          allergies: [
            allergy(plain("Amoxicilline"), "Choc anaphylactique", {
              category: "medication",
              criticality: "high",
              onset: calendar.monthsAgo(72),
            }),
            allergy(plain("Pollens de graminées"), "Rhinite saisonnière", {
              category: "environment",
              criticality: "low",
              onset: "2001-05",
            }),
          ],
          habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(1))],
          family: [relative("MTH", icd10("E03.9", "Hypothyroïdie"))],
          treatments,
          vigilance: "Contre-indication de toutes les pénicillines.",
        },
        { replaces: "synthesis-before" },
      ),
    ],
  };
}
