/**
 * What the hospital tool shows of each patient and what is not in anybody's record yet: the documents to capture.
 * Each is shown in one of the ways that real tools use.
 */
import type { Calendar } from "../seed/calendar.ts";
import { Desk } from "../seed/desk.ts";
import type { SeedDocument } from "../seed/document.ts";
import { icd10, plain } from "../seed/facts/codes.ts";
import { drugs } from "../seed/facts/drugs.ts";
import { measure, measuredObservation } from "../seed/facts/laboratory.ts";
import { allergy, asNeeded, condition, daily, medication } from "../seed/facts/resources.ts";
import { heading, list, table, text } from "../seed/letter/letter.ts";
import { people } from "../seed/people.ts";
import { professionals } from "../seed/professionals.ts";
import { dischargeSections } from "../seed/sections.ts";

/** How the tool shows a paper: own tab, plain link, blob made by script, frame, picture, HTML page, CDA file. */
export type Presentation = "tab" | "link" | "blob" | "frame" | "image" | "html" | "cda";

export interface Paper {
  /** Name in addresses: names neither a person nor a disease. */
  readonly id: string;
  readonly stay: string;
  readonly presentation: Presentation;
  readonly title: string;
  readonly date: string;
  readonly author: string;
  /** What it holds; a picture and an HTML page are made elsewhere. */
  readonly document?: SeedDocument;
  /** Prints a poor identity, as old tools do. */
  readonly identity?: "local";
}

const { emergency, pneumologist, leroy, radiologist, anaesthetist, obstetrician, oncologist, geriatrician } =
  professionals;
const chu = emergency.structure;

/** All papers, in the order of the patients' pages. */
export function papers(calendar: Calendar): readonly Paper[] {
  return [...camille(calendar), ...others(calendar)];
}

function paper(
  stay: string,
  rank: number,
  presentation: Presentation,
  author: string,
  document: SeedDocument,
  identity?: "local",
): Paper {
  const { title, date } = document;
  return { id: `${stay}-${rank}`, stay, presentation, title, date, author, document, ...(identity && { identity }) };
}

function camille(calendar: Calendar): readonly Paper[] {
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
