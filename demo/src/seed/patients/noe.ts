/** A child born in March 2021: the vaccination booklet of the French schedule and what a young childhood brings. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { icd10, plain } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { allergy, condition, daily, immunization, medication, vitalSign } from "../facts/resources.ts";
import { vaccines } from "../facts/vaccines.ts";
import { heading, list, table, text } from "../letter/letter.ts";
import { people } from "../people.ts";
import { professionals } from "../professionals.ts";
import { vaccinationSection } from "../sections.ts";

const desk = new Desk(people.noe);
const { paediatrician, emergency } = professionals;

const booklet = [
  immunization(vaccines.hexyon, "2021-05-11", 1, "U4A12A"),
  immunization(vaccines.prevenar13, "2021-05-11", 1, "EX4416"),
  immunization(vaccines.rotarix, "2021-05-11", 1, "RT0098"),
  immunization(vaccines.bexsero, "2021-06-10", 1, "BX2207"),
  immunization(vaccines.rotarix, "2021-06-10", 2, "RT0131"),
  immunization(vaccines.hexyon, "2021-07-12", 2, "U4B03C"),
  immunization(vaccines.prevenar13, "2021-07-12", 2, "EX5120"),
  immunization(vaccines.bexsero, "2021-08-11", 2, "BX2260"),
  immunization(vaccines.nimenrix, "2021-09-10", 1, "NX7710"),
  immunization(vaccines.hexyon, "2022-02-09", 3, "U4D55B"),
  immunization(vaccines.prevenar13, "2022-02-09", 3, "EX8834"),
  immunization(vaccines.priorix, "2022-03-14", 1, "PX3301"),
  immunization(vaccines.nimenrix, "2022-03-14", 2, "NX8125"),
  immunization(vaccines.bexsero, "2022-04-12", 3, "BX3049"),
  immunization(vaccines.priorix, "2022-08-10", 2, "PX3597"),
];

export function noe(calendar: Calendar): History {
  return {
    person: people.noe,
    referringDoctor: "dr-martin",
    authorised: [{ account: "dr-martin", since: calendar.monthsAgo(6) }],
    documents: [
      desk.letter(
        "birth-certificate",
        "59283-2",
        "Certificat de santé du huitième jour",
        professionals.obstetrician,
        "2021-03-16T10:00:00Z",
        [
          text(
            "Nouveau-né à terme, 39 SA + 5 jours. Poids 3 420 g, taille 50 cm, périmètre crânien 35 cm. Apgar 10 à cinq minutes.",
          ),
          heading("Examen"),
          list(
            "Examen clinique normal, hanches stables",
            "Réflexe photomoteur présent",
            "Dépistage auditif : réponses présentes des deux côtés",
            "Dépistages néonatals prélevés au troisième jour",
          ),
        ],
        { unit: "Maternité", accent: "plum" },
      ),
      desk.letter(
        "certificate-9",
        "59283-2",
        "Certificat de santé du neuvième mois",
        paediatrician,
        "2021-12-13T09:00:00Z",
        [
          text(
            "Tient assis sans appui, se déplace, répond à son prénom. Alimentation diversifiée. Poids 8,9 kg, taille 72 cm, périmètre crânien 45,5 cm.",
          ),
        ],
        { accent: "green" },
      ),
      desk.letter(
        "certificate-24",
        "59283-2",
        "Certificat de santé du vingt-quatrième mois",
        paediatrician,
        "2023-03-14T09:00:00Z",
        [
          text(
            "Marche acquise à 13 mois. Associe deux mots. Poids 12,6 kg, taille 88 cm. Vision et audition : pas d'anomalie. Vaccinations obligatoires à jour.",
          ),
        ],
        { accent: "green" },
      ),
      desk.letter(
        "bronchiolitis",
        "15507-7",
        "Compte rendu de passage aux urgences",
        emergency,
        "2021-12-28T20:40:00Z",
        [
          heading("Motif"),
          text("Gêne respiratoire fébrile chez un nourrisson de 9 mois."),
          heading("Examen"),
          text(
            "Température 38,4 °C, fréquence respiratoire 44/min, saturation 96 % en air ambiant. Sibilants bilatéraux, tirage intercostal léger. Prises alimentaires aux deux tiers.",
          ),
          heading("Conclusion"),
          text(
            "Bronchiolite sans signe de gravité. Retour à domicile, lavages de nez, fractionnement des repas, surveillance expliquée aux parents.",
          ),
        ],
        { unit: "Urgences pédiatriques", accent: "terracotta" },
      ),
      desk.letter(
        "egg-allergy",
        "11488-4",
        "Consultation d'allergologie pédiatrique",
        professionals.allergologist,
        "2023-10-05T14:00:00Z",
        [
          text(
            "Urticaire péribuccale à 14 mois après ingestion d'œuf peu cuit. Prick-tests au blanc d'œuf positifs (papule de 5 mm). Œuf cuit au four bien toléré.",
          ),
          heading("Conduite à tenir"),
          list(
            "Éviction de l'œuf cru et peu cuit",
            "Poursuite de l'œuf cuit au four deux fois par semaine",
            "Nouveaux tests dans dix-huit mois",
          ),
        ],
        { accent: "green", recipient: ["Dr Nathalie GIRARD"] },
      ),
      desk.letter(
        "egg-tolerance",
        "11488-4",
        "Test de provocation orale à l'œuf",
        professionals.allergologist,
        "2025-05-15T09:00:00Z",
        [
          text(
            "Test de provocation orale à l'œuf dur : dose cumulée de 30 g sans réaction. L'allergie à l'œuf est levée, réintroduction libre.",
          ),
        ],
        { accent: "green", recipient: ["Dr Nathalie GIRARD"] },
      ),
      desk.letter("otitis", "11488-4", "Compte rendu de consultation", professionals.martin, calendar.monthsAgo(9), [
        text(
          "Otite moyenne aiguë droite, deuxième épisode de l'hiver. Tympan congestif et bombé. Traitement par paracétamol, réévaluation à 48 heures, antibiotique non nécessaire.",
        ),
      ]),
      desk.structured(
        "check-up",
        "11488-4",
        "Visite de suivi de l'enfant",
        paediatrician,
        calendar.monthsAgo(6, "16:00"),
        [
          {
            code: "8716-3",
            title: "Signes vitaux",
            facts: [
              vitalSign("29463-7", "Poids", 18.9, "kg", calendar.monthsAgo(6, "16:00")),
              vitalSign("8302-2", "Taille", 111, "cm", calendar.monthsAgo(6, "16:00")),
            ],
          },
        ],
      ),
      desk.structured("booklet", "11369-6", "Carnet de vaccination", paediatrician, "2022-08-10T09:20:00Z", [
        vaccinationSection(booklet),
      ]),
      desk.synthesis(calendar.monthsAgo(6, "16:30"), {
        history: [
          condition(icd10("J21.9", "Bronchiolite aiguë"), "2021-12-28", { status: "resolved", end: "2022-01-10" }),
        ],
        allergies: [
          allergy(plain("Arachide"), "Urticaire de contact", {
            category: "food",
            criticality: "low",
            onset: calendar.monthsAgo(7),
          }),
        ],
        treatments: [
          medication(drugs.zymad, daily("2 gouttes par jour d'octobre à avril", 2), calendar.monthsAgo(2), {
            reason: "Prévention du rachitisme",
          }),
        ],
      }),
      desk.letter(
        "school",
        "80771-9",
        "Projet d'accueil individualisé",
        paediatrician,
        calendar.monthsAgo(3),
        [
          text("Enfant scolarisé à l'école maternelle. Éviction de l'arachide à la cantine."),
          heading("En cas de réaction"),
          table(
            ["Signes", "Conduite"],
            ["Boutons, démangeaisons", "Antihistaminique, prévenir les parents"],
            ["Gêne respiratoire, malaise", "Appeler le 15"],
          ),
        ],
        { accent: "green" },
      ),
    ],
  };
}
