/** Breast cancer: from screening to biopsy, multidisciplinary meeting, care plan, surgery, chemotherapy and hormone therapy. */
import type { Calendar } from "../calendar.ts";
import { Desk } from "../desk.ts";
import type { History } from "../document.ts";
import { ccam, icd10 } from "../facts/codes.ts";
import { drugs } from "../facts/drugs.ts";
import { measure } from "../facts/laboratory.ts";
import {
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

const desk = new Desk(people.claire);
const { oncologist, surgeon, pathologist, radiologist } = professionals;

/** Blood count before each course of chemotherapy: haemoglobin, leucocytes, neutrophils, platelets. */
const counts: readonly (readonly [number, number, number, number])[] = [
  [13.1, 6.4, 3.9, 262],
  [12.2, 5.1, 2.8, 241],
  [11.6, 4.3, 2.1, 228],
  [11.0, 3.2, 1.4, 205],
  [10.7, 4.6, 2.6, 233],
  [10.9, 4.1, 2.3, 240],
  [11.4, 4.8, 2.9, 251],
];

export function claire(calendar: Calendar): History {
  const letrozole = medication(
    drugs.letrozole,
    daily("1 comprimé par jour, pendant cinq ans"),
    calendar.monthsAgo(1.5),
    { reason: "Cancer du sein hormonodépendant" },
  );
  const treatments = [
    letrozole,
    medication(drugs.calcidoseD3, daily("1 sachet par jour"), calendar.monthsAgo(1.5), {
      reason: "Prévention de l'ostéoporose",
    }),
  ];
  const past = [
    medication(
      drugs.ondansetron8,
      asNeeded("1 comprimé en cas de nausées, les trois jours suivant la cure"),
      calendar.monthsAgo(8),
      { end: calendar.monthsAgo(3), reason: "Nausées de chimiothérapie" },
    ),
  ];
  return {
    person: people.claire,
    referringDoctor: "dr-martin",
    authorised: [
      { account: "dr-martin", since: calendar.monthsAgo(11) },
      { account: "ide-petit", since: calendar.monthsAgo(8) },
    ],
    documents: [
      desk.letter(
        "mammography",
        "18748-4",
        "Mammographie de dépistage et échographie",
        radiologist,
        calendar.monthsAgo(12, "09:15"),
        [
          heading("Résultat"),
          text(
            "Sein gauche, quadrant supéro-externe : opacité spiculée de 16 mm, correspondant en échographie à une lésion hypoéchogène non parallèle. Pas d'adénopathie axillaire suspecte. Sein droit sans anomalie.",
          ),
          table(["Sein", "Densité", "Classement"], ["Gauche", "b", "ACR 5"], ["Droit", "b", "ACR 1"]),
          heading("Conduite à tenir"),
          text("Biopsie échoguidée du sein gauche."),
        ],
        { accent: "slate", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "biopsy",
        "60568-3",
        "Compte rendu d'anatomie pathologique – biopsie mammaire",
        pathologist,
        calendar.monthsAgo(11.6, "16:00"),
        [
          text("Quatre fragments de microbiopsie du sein gauche, quadrant supéro-externe."),
          table(
            ["Élément", "Résultat"],
            ["Type", "Carcinome infiltrant de type non spécifique"],
            ["Grade (Elston et Ellis)", "II"],
            ["Récepteurs aux œstrogènes", "95 %"],
            ["Récepteurs à la progestérone", "70 %"],
            ["HER2", "0"],
            ["Ki67", "22 %"],
          ),
        ],
        { unit: "Laboratoire d'anatomie pathologique", accent: "slate", recipient: ["Dr Luc GAUTHIER"] },
      ),
      desk.letter(
        "mdt-1",
        "34794-8",
        "Réunion de concertation pluridisciplinaire – sénologie",
        oncologist,
        calendar.monthsAgo(11.2, "12:30"),
        [
          table(
            ["Rubrique", "Décision"],
            ["Stade", "cT1c cN0 M0"],
            ["Proposition", "Tumorectomie et ganglion sentinelle"],
            ["Ensuite", "Décision adjuvante sur la pièce opératoire"],
          ),
          text("Participants : oncologie, chirurgie, radiothérapie, anatomie pathologique, imagerie."),
        ],
        { unit: "Fédération de cancérologie", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "surgery",
        "34874-8",
        "Compte rendu opératoire",
        surgeon,
        calendar.monthsAgo(10.5, "18:00"),
        [
          text(
            "Tumorectomie du sein gauche sous repérage, exérèse de deux ganglions sentinelles axillaires. Oncoplastie de comblement. Suites simples.",
          ),
          heading("Résultat de la pièce"),
          text(
            "Carcinome infiltrant de 18 mm, grade II, marges saines. Un ganglion sur deux avec macrométastase de 3 mm. pT1c pN1a.",
          ),
        ],
        {
          unit: "Chirurgie gynécologique et mammaire",
          accent: "blue",
          recipient: ["Dr Sophie MARTIN", "Dr Claire NGUYEN"],
        },
      ),
      desk.letter(
        "mdt-2",
        "34794-8",
        "Réunion de concertation pluridisciplinaire – postopératoire",
        oncologist,
        calendar.monthsAgo(10, "12:30"),
        [
          text("pT1c pN1a M0, RH+, HER2 0, grade II, signature génomique à risque intermédiaire."),
          list(
            "Chimiothérapie adjuvante : quatre cures d'épirubicine-cyclophosphamide puis douze paclitaxel hebdomadaires",
            "Radiothérapie du sein et des aires ganglionnaires",
            "Hormonothérapie pendant cinq ans au moins",
          ),
        ],
        { unit: "Fédération de cancérologie", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "care-plan",
        "18776-5",
        "Programme personnalisé de soins",
        oncologist,
        calendar.monthsAgo(9.5, "15:00"),
        [
          table(
            ["Étape", "Période", "Lieu"],
            ["Pose de chambre implantable", "avant la première cure", "CHU, ambulatoire"],
            ["Chimiothérapie", "cinq mois", "Hôpital de jour"],
            ["Radiothérapie", "cinq semaines", "CHU"],
            ["Hormonothérapie", "cinq ans", "Domicile"],
          ),
          heading("Vos contacts"),
          list(
            "Infirmière de coordination : du lundi au vendredi, 9 h à 17 h",
            "Nuit et week-end : astreinte d'oncologie",
            "Soins de support : psychologue, diététicienne, activité physique adaptée",
          ),
        ],
        { unit: "Fédération de cancérologie", accent: "plum" },
      ),
      ...counts.map(([haemoglobin, white, neutrophils, platelets], index) =>
        desk.laboratory(calendar.monthsAgo(9 - index, "07:30", 5), {
          haematology: [
            measure("haemoglobin", haemoglobin),
            measure("whiteCells", white),
            measure("neutrophils", neutrophils),
            measure("platelets", platelets),
          ],
          chemistry: [measure("creatinine", 66 + index), measure("alat", 22 + index * 3)],
        }),
      ),
      ...[8.5, 7.5, 6.5, 5.5].map((months, index) =>
        desk.letter(
          `chemotherapy-${index + 1}`,
          "11488-4",
          `Chimiothérapie adjuvante – cure ${index + 1}`,
          oncologist,
          calendar.monthsAgo(months, "14:00"),
          [
            text(
              index < 3
                ? "Cure d'épirubicine-cyclophosphamide réalisée en hôpital de jour, bien tolérée. Nausées de grade 1 contrôlées par ondansétron."
                : "Passage au paclitaxel hebdomadaire. Paresthésies de grade 1 des extrémités, sans retentissement.",
            ),
            heading("Avant la cure"),
            list("État général OMS 0 à 1", "Hémogramme compatible avec la cure", "Chambre implantable propre"),
          ],
          { unit: "Hôpital de jour d'oncologie", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
        ),
      ),
      desk.letter(
        "psychology",
        "11488-4",
        "Compte rendu de soutien psychologique",
        professionals.psychiatrist,
        calendar.monthsAgo(6),
        [
          text(
            "Entretiens de soutien pendant la chimiothérapie. Anxiété d'anticipation avant les cures, sommeil amélioré. Entourage présent.",
          ),
        ],
        { accent: "slate", visibility: { hiddenFromProfessionals: true } },
      ),
      desk.letter(
        "end-of-treatment",
        "34133-9",
        "Synthèse de fin de traitement et plan de surveillance",
        oncologist,
        calendar.monthsAgo(1.5, "16:30"),
        [
          text("Chimiothérapie et radiothérapie achevées. Hormonothérapie par létrozole débutée."),
          table(
            ["Surveillance", "Rythme"],
            ["Consultation", "tous les 4 mois pendant 2 ans, puis tous les 6 mois"],
            ["Mammographie", "chaque année"],
            ["Ostéodensitométrie", "dans un mois, puis tous les 2 ans"],
          ),
        ],
        { unit: "Fédération de cancérologie", accent: "plum", recipient: ["Dr Sophie MARTIN"] },
      ),
      desk.letter(
        "pet",
        "18748-4",
        "Tomodensitométrie thoraco-abdomino-pelvienne",
        radiologist,
        calendar.daysAgo(6, "17:00"),
        [
          heading("Indication"),
          text("Douleur thoracique persistante, bilan de surveillance."),
          heading("Conclusion"),
          text(
            "Micronodule pulmonaire du lobe inférieur droit de 5 mm, non spécifique. Contrôle par tomodensitométrie à trois mois, à expliquer en consultation.",
          ),
        ],
        { accent: "slate", recipient: ["Dr Claire NGUYEN"], visibility: { invisibleToPatient: true } },
      ),
      desk.paperPrescription("prescription", oncologist, calendar.monthsAgo(1.5, "16:40"), treatments),
      desk.synthesis(calendar.monthsAgo(1, "11:00", 5), {
        problems: [
          condition(
            icd10("C50.4", "Tumeur maligne du quadrant supéro-externe du sein gauche"),
            calendar.monthsAgo(11.6),
          ),
        ],
        history: [condition(icd10("E28.3", "Ménopause spontanée"), calendar.yearsAgo(3), { status: "resolved" })],
        surgery: [
          procedure(ccam("QEFA004", "Tumorectomie du sein gauche"), calendar.monthsAgo(10.5)),
          procedure(ccam("JNMD001", "Césarienne"), "2003-06-17"),
        ],
        habits: [habit("72166-2", "Tabagisme", "Ancienne fumeuse, arrêt il y a 12 ans", calendar.monthsAgo(1))],
        family: [relative("SIS", icd10("C50.9", "Tumeur maligne du sein"))],
        treatments: [...treatments, ...past],
        vaccinations: [
          immunization(vaccines.vaxigrip, calendar.monthsAgo(1)),
          immunization(vaccines.prevenar20, calendar.monthsAgo(9.8)),
        ],
        vigilance: "Pas de prise de sang ni de tension au bras gauche. Pas d'œstrogènes.",
      }),
    ],
  };
}
