/** A student with a severe peanut allergy and an adrenaline pen: kept as FHIR documents by a service that speaks FHIR. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { allergy, asNeeded, condition, habit, immunization, medication } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";
import { synthesisSections, vaccinationSection } from "../sections.ts";

const desk = new Desk(people.lea);
const { allergologist, emergency, martin } = professionals;

export function lea(calendar: Calendar): History {
  const treatments = [
    medication(
      drugs.epipen,
      asNeeded("1 injection dans la cuisse en cas de réaction grave, puis appeler le 15"),
      calendar.yearsAgo(7),
      { reason: "Allergie à l'arachide" },
    ),
    medication(drugs.xyzall, asNeeded("1 comprimé le soir en cas de rhinite"), calendar.yearsAgo(3), {
      reason: "Rhinite allergique",
    }),
    medication(drugs.ventoline, asNeeded("2 bouffées avant l'effort"), calendar.yearsAgo(5), {
      reason: "Asthme d'effort",
    }),
  ];
  const allergies = [
    allergy(plain("Arachide"), "Anaphylaxie", { category: "food", criticality: "high", onset: "2012-06" }),
    allergy(plain("Pollens de bouleau"), "Rhinoconjonctivite", {
      category: "environment",
      criticality: "low",
      onset: "2016-04",
    }),
  ];
  return {
    person: people.lea,
    authorised: [{ account: "dr-martin", since: calendar.monthsAgo(4) }],
    documents: [
      desk.letter(
        "emergency",
        "15507-7",
        "Compte rendu de passage aux urgences",
        emergency,
        calendar.monthsAgo(15, "21:30"),
        [
          text(
            "Anaphylaxie de grade 3 après ingestion d'une pâtisserie contenant de l'arachide : urticaire, œdème du visage, bronchospasme.",
          ),
          heading("Prise en charge"),
          list(
            "Adrénaline 0,3 mg par voie intramusculaire, injectée par la patiente avant l'arrivée des secours",
            "Surveillance de huit heures, évolution favorable",
            "Renouvellement de deux stylos d'adrénaline",
          ),
        ],
        { unit: "Service d'accueil des urgences", accent: "terracotta", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "action-plan",
        "11488-4",
        "Consultation d'allergologie – plan d'action",
        allergologist,
        calendar.monthsAgo(14),
        [
          table(
            ["Allergène", "IgE spécifiques", "Prick-test"],
            ["Arachide (Ara h 2)", "18,4 kUA/L", "9 mm"],
            ["Bouleau", "6,2 kUA/L", "5 mm"],
            ["Noisette", "0,4 kUA/L", "négatif"],
          ),
          heading("Plan d'action"),
          list(
            "Deux stylos d'adrénaline toujours sur soi",
            "Lecture des étiquettes : éviction stricte de l'arachide",
            "Formation de l'entourage au stylo réalisée",
          ),
        ],
        { accent: "green", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.fhir("vaccines", "11369-6", "Historique des vaccinations", martin, calendar.monthsAgo(4), [
        vaccinationSection([
          immunization(vaccines.repevax, "2015-09-14", 5),
          immunization(vaccines.gardasil9, "2018-10-03", 1),
          immunization(vaccines.gardasil9, "2019-04-10", 2),
          immunization(vaccines.nimenrix, calendar.monthsAgo(4)),
        ]),
      ]),
      desk.fhir(
        "synthesis",
        "SYNTH",
        "Synthèse médicale",
        martin,
        calendar.monthsAgo(4, "10:00"),
        synthesisSections({
          problems: [
            condition(icd10("T78.0", "Choc anaphylactique dû à une intolérance alimentaire"), "2012-06"),
            condition(icd10("J45.0", "Asthme à prédominance allergique"), calendar.yearsAgo(5)),
          ],
          allergies,
          treatments,
          habits: [habit("72166-2", "Tabagisme", "N'a jamais fumé", calendar.monthsAgo(4))],
        }),
      ),
      desk.prescription("prescription", allergologist, calendar.monthsAgo(14, "15:00"), treatments),
    ],
  };
}
