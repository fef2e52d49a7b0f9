/** The seven papers of the stay that the journeys use: one for each way of showing a document. */
import type { Calendar } from "../seed/calendar.ts";
import { Desk } from "../seed/desk.ts";
import { icd10, plain } from "../seed/facts/codes.ts";
import { drugs } from "../seed/facts/drugs.ts";
import { measure, measuredObservation } from "../seed/facts/laboratory.ts";
import { allergy, asNeeded, condition, daily, medication } from "../seed/facts/resources.ts";
import { heading, list, table, text } from "../seed/letter/letter.ts";
import { people } from "../seed/people.ts";
import { professionals, structures } from "../seed/professionals.ts";
import { dischargeSections } from "../seed/sections.ts";
import { type Paper, paper } from "./paper.ts";

const { emergency, pneumologist, radiologist } = professionals;
const chu = structures.chu;

/** Papers of stay 26118204. */
export function camille(calendar: Calendar): readonly Paper[] {
  const stay = "26118204";
  const desk = new Desk(people.camille);
  const arrival = calendar.daysAgo(2, "06:50");
  const today = calendar.daysAgo(0, "07:30");
  const treatments = [
    medication(
      drugs.symbicort,
      daily("2 inhalations matin et soir pendant 15 jours, puis 1 matin et soir", 2, 2),
      today,
      { reason: "Asthme" },
    ),
    medication(drugs.solupred20, daily("2 comprimés le matin pendant 5 jours", 2), today, {
      end: calendar.daysAgo(-5),
      reason: "Exacerbation d'asthme",
    }),
    medication(drugs.clarithromycine500, daily("1 comprimé matin et soir pendant 7 jours", 1, 2), today, {
      end: calendar.daysAgo(-7),
      reason: "Infection bronchique",
    }),
    medication(drugs.ventoline, asNeeded("2 bouffées en cas de gêne"), today, { reason: "Asthme" }),
  ];
  return [
    paper(
      stay,
      1,
      "tab",
      "Dr Agathe RENAULT",
      desk.letter(
        "hospital-emergency",
        "15507-7",
        "Compte rendu de passage aux urgences",
        emergency,
        arrival,
        [
          heading("Motif"),
          text("Crise d'asthme depuis 24 heures, dans les suites d'une rhinopharyngite."),
          heading("Examen à l'arrivée"),
          table(
            ["Mesure", "Arrivée", "À 2 heures"],
            ["Fréquence respiratoire", "28/min", "20/min"],
            ["Saturation en air ambiant", "91 %", "95 %"],
            ["Débit expiratoire de pointe", "210 L/min", "320 L/min"],
          ),
          heading("Antécédents notés"),
          list(
            "Asthme suivi, traitement de fond par budésonide-formotérol",
            "Anaphylaxie à l'amoxicilline : toutes les pénicillines contre-indiquées",
          ),
          heading("Traitement"),
          text(
            "Trois nébulisations de salbutamol et d'ipratropium, prednisolone 40 mg par voie orale. Amélioration incomplète à deux heures : hospitalisation en pneumologie.",
          ),
        ],
        {
          structure: chu,
          unit: "Service d'accueil des urgences",
          accent: "terracotta",
          recipient: ["Dr Sophie MARTIN", "Maison de santé des Tilleuls"],
        },
      ),
    ),
    paper(
      stay,
      2,
      "link",
      "Dr Paul BERNARD",
      desk.letter(
        "hospital-chest",
        "18748-4",
        "Radiographie du thorax de face",
        radiologist,
        calendar.daysAgo(2, "08:10"),
        [
          heading("Indication"),
          text("Crise d'asthme fébrile."),
          heading("Résultat"),
          text(
            "Distension thoracique. Pas de foyer parenchymateux, pas d'épanchement pleural ni de pneumothorax. Silhouette cardio-médiastinale normale.",
          ),
        ],
        { structure: chu, unit: "Imagerie médicale", accent: "slate", recipient: ["Dr Agathe RENAULT"] },
      ),
    ),
    paper(
      stay,
      3,
      "blob",
      "Dr Karim HADDAD",
      desk.letter(
        "hospital-function",
        "11488-4",
        "Exploration fonctionnelle respiratoire de sortie",
        pneumologist,
        calendar.daysAgo(0, "06:40"),
        [
          table(
            ["Mesure", "Valeur", "% de la théorique"],
            ["VEMS", "2,32 L", "78 %"],
            ["CVF", "3,21 L", "92 %"],
            ["VEMS/CVF", "72 %", "–"],
          ),
          text(
            "Trouble ventilatoire obstructif léger, réversible de 14 % après salbutamol. Contrôle dans six semaines.",
          ),
        ],
        { structure: chu, unit: "Service de pneumologie", recipient: ["Dr Sophie MARTIN"] },
      ),
    ),
    paper(
      stay,
      4,
      "frame",
      "Dr Karim HADDAD",
      desk.letter(
        "hospital-plan",
        "18776-5",
        "Plan d'action personnalisé dans l'asthme",
        pneumologist,
        calendar.daysAgo(0, "07:00"),
        [
          table(
            ["Zone", "Signes", "Que faire"],
            ["Verte", "Pas de gêne, débit de pointe supérieur à 350", "Traitement habituel"],
            [
              "Orange",
              "Gêne la nuit, débit de pointe entre 220 et 350",
              "Doubler le traitement de fond, appeler le médecin",
            ],
            ["Rouge", "Gêne au repos, débit de pointe inférieur à 220", "Appeler le 15"],
          ),
        ],
        { structure: chu, unit: "Service de pneumologie", accent: "green" },
      ),
    ),
    {
      id: `${stay}-5`,
      stay,
      presentation: "image",
      title: "Électrocardiogramme 12 dérivations",
      date: arrival,
      author: "Service d'accueil des urgences",
    },
    {
      id: `${stay}-6`,
      stay,
      presentation: "html",
      title: "Transmission infirmière de sortie",
      date: calendar.daysAgo(0, "07:10"),
      author: "Mme Nadia KESSLER, infirmière",
    },
    paper(
      stay,
      7,
      "cda",
      "Dr Karim HADDAD",
      desk.structured(
        "hospital-discharge",
        "11490-0",
        "Lettre de liaison à la sortie",
        pneumologist,
        today,
        dischargeSections({
          reason: "Exacerbation sévère d'asthme.",
          stay: "Évolution favorable en 48 heures sous nébulisations espacées, corticothérapie orale et clarithromycine. Pas d'oxygène à la sortie. Technique d'inhalation revue avec l'infirmière.",
          problems: [condition(icd10("J46", "État de mal asthmatique"), arrival, { status: "resolved", end: today })],
          results: [
            measuredObservation(measure("crp", 24), arrival),
            measuredObservation(measure("eosinophils", 0.62), arrival),
          ],
          treatments,
          allergies: [
            allergy(plain("Amoxicilline"), "Choc anaphylactique", {
              category: "medication",
              criticality: "high",
              onset: calendar.monthsAgo(72),
            }),
          ],
          followUp:
            "Consultation avec le médecin traitant sous huit jours. Pneumologue à six semaines avec exploration fonctionnelle respiratoire.",
        }),
        { structure: chu, act: { start: arrival, end: today } },
      ),
    ),
  ];
}
