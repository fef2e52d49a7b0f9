/** What the hospital tool shows of each patient and what is in nobody's record yet: the documents to capture. */
import type { Calendar } from "../seed/calendar.ts";
import { Desk } from "../seed/desk.ts";
import { measure } from "../seed/facts/laboratory.ts";
import { heading, list, table, text } from "../seed/letter/letter.ts";
import { people } from "../seed/people.ts";
import { professionals, structures } from "../seed/professionals.ts";
import { type Paper, paper } from "./paper.ts";
import { camille } from "./papers-of-camille.ts";

const { leroy, anaesthetist, obstetrician, oncologist, geriatrician } = professionals;
const chu = structures.chu;

/** All papers, in the order of the patients' pages. */
export function papers(calendar: Calendar): readonly Paper[] {
  return [...camille(calendar), ...others(calendar)];
}

function others(calendar: Calendar): readonly Paper[] {
  const monique = new Desk(people.monique);
  const louis = new Desk(people.louis);
  const ines = new Desk(people.ines);
  const gerard = new Desk(people.gerard);
  const claire = new Desk(people.claire);
  const philippe = new Desk(people.philippe);
  const at = calendar.daysAgo(0, "06:30");
  return [
    paper(
      "26118233",
      1,
      "cda",
      "Laboratoire du CHU",
      monique.laboratory(
        at,
        {
          chemistry: [
            measure("hba1c", 6.8),
            measure("creatinine", 82),
            measure("egfr", 68),
            measure("potassium", 4.3),
            measure("fastingGlucose", 6.4),
          ],
          haematology: [measure("haemoglobin", 13.2), measure("platelets", 231)],
        },
        { key: "hospital-laboratory", title: "Bilan biologique préopératoire", structure: chu },
      ),
    ),
    paper(
      "26118233",
      2,
      "tab",
      "Dr Étienne MASSON",
      monique.letter(
        "hospital-anaesthesia",
        "34749-2",
        "Consultation pré-anesthésique",
        anaesthetist,
        calendar.daysAgo(4, "14:00"),
        [
          text(
            "Chirurgie de hernie inguinale prévue en ambulatoire, sous anesthésie générale. Risque anesthésique : ASA 2.",
          ),
          heading("Consignes"),
          list(
            "Metformine : arrêt la veille au soir, reprise après le repas du soir",
            "Sémaglutide : pas d'injection la semaine de l'intervention",
            "Allergie aux sulfamides antibactériens notée",
          ),
        ],
        { structure: chu, unit: "Anesthésie", accent: "blue" },
      ),
    ),
    paper(
      "26118190",
      1,
      "tab",
      "Dr Béatrice MOREL",
      louis.letter(
        "hospital-fall",
        "34133-9",
        "Synthèse après chute",
        geriatrician,
        calendar.daysAgo(1, "16:00"),
        [
          text(
            "Chute mécanique sans perte de connaissance, scanner cérébral normal à 6 heures sous anticoagulant. Hypotension orthostatique à 20 mmHg : furosémide ramené à un demi-comprimé.",
          ),
          list("Bas de contention", "Kinésithérapie de l'équilibre", "Contrôle de la créatinine dans une semaine"),
        ],
        { structure: chu, unit: "Médecine gériatrique aiguë", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
    ),
    // A paper of another patient, filed here by mistake: the extension must refuse to send it.
    paper(
      "26118190",
      2,
      "tab",
      "Dr Antoine LEROY",
      gerard.letter(
        "hospital-misfiled",
        "11488-4",
        "Compte rendu d'holter rythmique",
        leroy,
        calendar.daysAgo(1, "11:00"),
        [
          text(
            "Enregistrement de 24 heures. Rythme sinusal permanent, fréquence moyenne 74/min. Quelques extrasystoles auriculaires isolées. Pas de trouble de conduction.",
          ),
        ],
        { structure: chu, unit: "Service de cardiologie" },
      ),
    ),
    // No INS, no birth date: the extension must ask.
    paper(
      "26118241",
      1,
      "tab",
      "Dr Anne CHEVALIER",
      ines.letter(
        "hospital-monitoring",
        "100967-9",
        "Enregistrement du rythme cardiaque fœtal",
        obstetrician,
        at,
        [
          text(
            "Enregistrement de 30 minutes. Rythme de base 140/min, oscillations de bonne amplitude, accélérations présentes, pas de ralentissement. Deux contractions non ressenties.",
          ),
        ],
        { structure: chu, unit: "Maternité", accent: "plum" },
      ),
      "local",
    ),
    paper(
      "26118175",
      1,
      "link",
      "Dr Claire NGUYEN",
      claire.letter(
        "hospital-density",
        "18748-4",
        "Ostéodensitométrie",
        oncologist,
        calendar.daysAgo(3, "10:00"),
        [
          table(
            ["Site", "T-score", "Lecture"],
            ["Rachis lombaire", "-1,4", "ostéopénie"],
            ["Col fémoral", "-1,1", "ostéopénie"],
          ),
          text("Ostéopénie modérée avant inhibiteur de l'aromatase. Calcium et vitamine D, contrôle dans deux ans."),
        ],
        { structure: chu, unit: "Imagerie médicale", accent: "slate" },
      ),
    ),
    paper(
      "26118226",
      1,
      "frame",
      "Dr Antoine LEROY",
      philippe.letter(
        "hospital-exercise",
        "70004-7",
        "Épreuve d'effort",
        leroy,
        at,
        [
          table(
            ["Mesure", "Valeur"],
            ["Charge maximale", "160 W"],
            ["Fréquence maximale", "142/min (87 % de la théorique)"],
            ["Pression artérielle maximale", "186/82 mmHg"],
          ),
          text("Épreuve maximale, cliniquement et électriquement négative."),
        ],
        { structure: chu, unit: "Service de cardiologie", recipient: ["Dr Sophie MARTIN"] },
      ),
    ),
  ];
}
