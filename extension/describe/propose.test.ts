import { findDocumentType } from "@carnet/sdk/terminology";
import { describe, expect, it } from "vitest";
import { readDates } from "./dates.ts";
import { propose } from "./propose.ts";
import { typeRules } from "./type-rules.ts";

const today = "2026-11-22";
const ask = (text: string, fileName = "", linkText = "") => propose({ text, fileName, linkText, today });

/** Openings as French hospitals, laboratories and practices write them; invented people and places. */
const openings: readonly (readonly [code: string, text: string])[] = [
  ["11490-0", "CH des Essais\nService de cardiologie\nLETTRE DE LIAISON À LA SORTIE\nHospitalisation du 12/10/2026"],
  ["34112-3", "Clinique\nCompte-rendu d’hospitalisation\ndu 01/02/2026 au 05/02/2026"],
  ["15507-7", "Service d'accueil des urgences\nCompte rendu de passage aux urgences"],
  ["34874-8", "COMPTE RENDU OPÉRATOIRE\nIntervention du 3 mars 2026 : cholécystectomie"],
  ["34749-2", "Consultation pré-anesthésique\nASA 2"],
  ["11502-2", "Laboratoire de biologie médicale des Tilleuls\nHÉMOGRAMME\nLeucocytes 6,1"],
  ["60568-3", "COMPTE RENDU D'ANATOMIE ET CYTOLOGIE PATHOLOGIQUES\nBiopsie"],
  ["18748-4", "Compte-rendu d'échographie abdominale\nIndication : douleur"],
  ["18748-4", "IRM cérébrale\nTechnique : séquences T1, T2"],
  ["18748-4", "Service de médecine nucléaire\nScintigraphie osseuse"],
  ["34794-8", "Réunion de concertation pluridisciplinaire (RCP) de sénologie"],
  ["11488-4", "Compte rendu de consultation\nMadame X, vue en consultation ce jour"],
  ["57833-6", "Dr A. Essai\nORDONNANCE\nParacétamol 1 g"],
  ["PRESC-BIO", "ORDONNANCE\nFaire pratiquer un bilan sanguin : NFS, CRP"],
  ["PRESC-KINE", "Ordonnance\n10 séances de kinésithérapie"],
  ["89601-9", "CERTIFICAT MÉDICAL\nJe soussigné"],
  ["96349-6", "Cher confrère,\nJe vous adresse Madame X pour avis"],
  ["60591-5", "VOLET DE SYNTHÈSE MÉDICALE"],
  ["15508-5", "Maternité\nCompte rendu d'accouchement"],
  ["56446-8", "Convocation\nVotre rendez-vous"],
];

describe("the type proposed", () => {
  it.each(openings)("%s for its usual opening", (code, text) => {
    expect(ask(text).types[0]?.type.code).toBe(code);
  });

  it("says which words decided", () => {
    expect(ask("LETTRE DE LIAISON À LA SORTIE").types[0]?.because).toBe("lettre de liaison a la sortie");
  });

  it("comes from the file's name or the link when the text is a scan", () => {
    expect(ask("", "CR_operatoire_2026.pdf").types[0]?.type.code).toBe("34874-8");
    expect(ask("", "doc1.pdf", "Ouvrir : Compte rendu d’imagerie")).toMatchObject({ title: "Compte rendu d’imagerie" });
  });

  it("is nothing when nothing decides: nobody chooses in the person's place", () => {
    expect(ask("Bonjour")).toMatchObject({ types: [], title: "" });
  });

  it("is always one that a CDA header may carry", () => {
    const unknown = typeRules.filter(({ code }) => findDocumentType(code)?.isInValueSet !== true);
    expect(unknown.map(({ code }) => code)).toEqual([]);
  });
});

describe("the title proposed", () => {
  it.each([
    [
      "CHU des Essais\nService des urgences\nCompte rendu de passage aux urgences\nMadame X",
      "Compte rendu de passage aux urgences",
    ],
    ["CH\nLETTRE DE LIAISON A LA SORTIE\nHospitalisation du 12/10/2026", "Lettre de liaison à la sortie"],
    ["COMPTE RENDU OPÉRATOIRE\nIntervention : cholécystectomie", "Compte rendu opératoire"],
    ["Dr A. Essai\nORDONNANCE\nParacétamol 1 g", "Ordonnance"],
    ["IRM CEREBRALE\nTechnique", "IRM cérébrale"],
  ])("is the document's own heading: %j", (text, title) => {
    expect(ask(text).title).toBe(title);
  });

  it.each([
    "Lettre de liaison DURAND Camille",
    "LETTRE DE SORTIE DURAND CAMILLE",
    "Compte rendu de consultation de Mme Durand",
    "Compte rendu de consultation 2 88 05 37 261 042 86",
    "Compte rendu de consultation : cancer du sein",
  ])("never carries a name, a number or a diagnosis: %j", (line) => {
    const { title, types } = ask(`Clinique\n${line}\n`);
    expect(title).toBe(types[0]?.type.display);
  });

  it("is what the page calls it when the document has no heading, unless that names somebody", () => {
    expect(ask("", "", "Voir : Radiographie du thorax").title).toBe("Radiographie du thorax");
    expect(ask("", "", "\u202eRadio\u00adgraphie du thorax\u202c").title).toBe("Radiographie du thorax");
    expect(ask("", "", "Ouvrir : Compte rendu de Camille MOREAU").title).not.toMatch(/Camille|MOREAU/);
    expect(ask("", "", "Compte rendu de consultation de Mme Durand").title).not.toMatch(/Durand/);
    expect(ask("", "", "Compte rendu 288053726104286").title).not.toMatch(/\d/);
  });
});

describe("the act date proposed", () => {
  it("follows the words of an act, not the birth date, not the letter's own", () => {
    expect(ask("Le 20/10/2026\nNé(e) le 14/03/1985\nHospitalisation du 12/10/2026 au 15/10/2026").actDate).toBe(
      "2026-10-12",
    );
  });
  it("is never a birth date", () => {
    expect(ask("Madame X, née le 14/03/1985").actDate).toBeUndefined();
  });
  it("is not the birth date of whom the document names, wherever its label stands", () => {
    const dateOf = (text: string) =>
      propose({ text, fileName: "", linkText: "", today, birthDates: ["1985-03-14"] }).actDate;
    expect(dateOf("Madame X\nDate de naissance\n14/03/1985\nLettre du 20/10/2026")).toBe("2026-10-20");
    expect(dateOf("TESTARD Camille F 14/03/1985\nBilan sanguin")).toBeUndefined();
    expect(dateOf("Formulaire du 01/02/1980\nBilan sanguin")).toBeUndefined();
    expect(dateOf("Consultation de TESTARD Camille 14/03/1985, vue le 20/10/2026")).toBe("2026-10-20");
  });
  it("is never in the future", () => {
    expect(ask("Consultation de contrôle le 12/01/2027").actDate).toBeUndefined();
  });
});

describe("dates in French", () => {
  it("are read in every usual form, and only when a calendar has them", () => {
    const text = "le 1er mars 2026, 03/04/2025, 3.4.2024, 12 févr. 2023, 2022-05-06, 31/02/2021, 14 août 2020";
    expect(readDates(text).map(({ date }) => date)).toEqual([
      "2026-03-01",
      "2025-04-03",
      "2024-04-03",
      "2023-02-12",
      "2022-05-06",
      "2020-08-14",
    ]);
  });
});
