import {
  computeInsKey,
  findIdentities,
  findMentions,
  findOtherSubjects,
  type IdentityTraits,
} from "@carnet/sdk/identity";
import { describe, expect, it } from "vitest";
import { chooseRecord, type Evidence, judge } from "./judge.ts";
import { patientsIn, placedMentions } from "./places.ts";
import { type IdentityPair, identityPairs, records } from "./testing/identity-pairs.ts";

/**
 * What the panel does with this document in front of this record: the tool's page shows the record's patient (the
 * hazard is a page that stayed on somebody else), the document says what it says.
 */
function outcomeOf({ text, record }: Pick<IdentityPair, "text" | "record">): "sent" | "asked" | "refused" {
  const found = findIdentities(text);
  const evidence: Evidence = {
    document: found.map(({ traits }) => traits),
    page: [record],
    typed: undefined,
    patients: patientsIn(found),
    others: findOtherSubjects(text),
    mentions: placedMentions(text, findMentions(text)),
    today: "2026-11-22",
  };
  const choice = chooseRecord(evidence);
  if (choice.kind === "refused") return "refused";
  const { verdict } = judge(evidence, record);
  return { certain: "sent", doubtful: "asked", wrong: "refused" }[verdict] as "sent" | "asked" | "refused";
}

const outcomes = identityPairs.map((pair) => ({ ...pair, outcome: outcomeOf(pair) }));
const rulesOf = (found: readonly IdentityPair[]) =>
  found.map(({ rule, record }) => `${rule}: ${record.birthName} ${record.firstGivenName}`);

describe("the wrong-patient set", () => {
  const same = outcomes.filter(({ isSamePerson }) => isSamePerson);
  const others = outcomes.filter(({ isSamePerson }) => !isSamePerson);

  it("has at least 400 pairs, of both kinds", () => {
    expect(identityPairs.length).toBeGreaterThanOrEqual(400);
    expect(Math.min(same.length, others.length)).toBeGreaterThanOrEqual(200);
  });

  it("R40 sends no document of somebody else without asking", () => {
    expect(rulesOf(others.filter(({ outcome }) => outcome === "sent"))).toEqual([]);
  });

  it("R40 refuses at most 2 % of the documents of the right person", () => {
    const refused = same.filter(({ outcome }) => outcome === "refused");
    expect(refused.length / same.length, rulesOf(refused).join("\n")).toBeLessThanOrEqual(0.02);
  });

  it("R40 refuses outright, without a question, at least four in five of the documents of somebody else", () => {
    const asked = others.filter(({ outcome }) => outcome === "asked");
    expect(asked.length / others.length, rulesOf(asked).join("\n")).toBeLessThanOrEqual(0.2);
  });

  it("R40 asks nothing for most documents that name the right person in full", () => {
    const full = same.filter(({ rule }) => /form|letter|capitals|accents|separators|date$|given name only/.test(rule));
    const asked = full.filter(({ outcome }) => outcome !== "sent");
    expect(asked.length / full.length, rulesOf(asked).join("\n")).toBeLessThanOrEqual(0.25);
  });
});

describe("a form whose labels stand in one line, above the values", () => {
  const [camille = {}, yann = {}] = records;
  const twoNames = "LEPRÊTRE-D'ORMESSON MARTIN";

  it.each([
    [yann, "Nom de naissance Prénom Date de naissance Sexe\nLE GOFF Yann 03/11/1951 M"],
    [yann, "Nom de naissance\tPrénom(s)\tDate de naissance\tSexe\nLE GOFF\tYann\t03/11/1951\tM"],
    [yann, "Nom de naissance | Prénom | Date de naissance\nLE GOFF | Yann | 03/11/1951"],
    [yann, "Nom :   Prénom :   Né(e) le :\nLE GOFF   Yann   03/11/1951"],
    [yann, "Nom de naissance Prénoms Date de naissance INS\nLE GOFF Yann Erwan 03/11/1951 1511129019023"],
    [yann, "Nom de naissance Prénom Date de naissance\nLE GOFF YANN 03/11/1951"],
    [camille, `Nom de naissance Nom d’usage Prénom Date de naissance\n${twoNames} Camille 12/05/1985`],
  ])("R40 is read as the table that it is: %#", (record, text) => {
    expect(outcomeOf({ text, record })).toBe("sent");
    for (const change of [{ birthName: "QUERCY", usedName: "BRESSUIRE" }, { birthDate: "1951-11-04" }])
      expect([outcomeOf({ text, record: { ...record, ...change } }), change]).not.toEqual(["sent", change]);
  });

  it("is asked about, and not refused, where nobody can tell the columns of its words", () => {
    const text = "Nom de naissance Prénom Date de naissance\nLE GOFF QUERCY YANN 03/11/1951";
    expect(outcomeOf({ text, record: yann })).toBe("asked");
  });
});

describe("the name of a patient that has particles, or two words", () => {
  const youssef = { birthName: "EL AMRANI", firstGivenName: "Youssef", sex: "male", birthDate: "1978-07-21" } as const;
  const fatima = {
    birthName: "AÏT OUALI",
    firstGivenName: "Fatima-Zohra",
    sex: "female",
    birthDate: "1968-05-09",
  } as const;
  const yann = { birthName: "LE GOFF", firstGivenName: "Yann", sex: "male", birthDate: "1951-11-03" } as const;

  it.each([
    [youssef, "je vois M. El Amrani Youssef, né le 21/07/1978."],
    [youssef, "M. Youssef El Amrani, né le 21/07/1978, va bien. M. El Amrani reviendra."],
    [yann, "Vu ce jour M. Le Goff Yann né le 3 novembre 1951"],
    [fatima, "Mme Fatima-Zohra BELKACEM, née AIT OUALI le 09/05/1968"],
    [fatima, "Mme BELKACEM Fatima-Zohra née Aït Ouali, le 09/05/1968"],
    [fatima, "Nom de naissance AIT OUALI Prénom FATIMA-ZOHRA Né(e) le 09/05/1968 Sexe F"],
    [fatima, "Nom de naissance / Birth name : AIT OUALI\nPrénom / First name : Fatima Zohra\nDate naiss. : 09/05/1968"],
  ] as const)("R40 is read whole: %#", (record, text) => {
    expect(outcomeOf({ text, record })).toBe("sent");
    expect(outcomeOf({ text, record: { ...record, birthName: "QUERCY" } })).not.toBe("sent");
    expect(outcomeOf({ text, record: { ...record, firstGivenName: "Claude" } })).not.toBe("sent");
  });
});

describe("a letter that names its patient, and no field calls the name one of birth", () => {
  const letter = (one: IdentityTraits, name = one.birthName) =>
    `Cher confrère, je vois ${one.sex === "female" ? "Mme" : "M."} ${one.firstGivenName} ${name}, né(e) le ${one.birthDate?.split("-").reverse().join("/")}.`;

  it("R40 is sent without a question to a man or a child whose record knows one name", () => {
    const ofOneName = records.filter(({ sex, birthDate = "" }) => sex === "male" || birthDate > "2009");
    expect(ofOneName.length).toBeGreaterThan(8);
    for (const record of ofOneName)
      expect([outcomeOf({ text: letter(record), record }), record]).toEqual(["sent", record]);
  });

  it("R40 is sent without a question to whoever bears a name in use that the record knows, by either name or by both", () => {
    const ofTwoNames = records.filter(({ usedName }) => usedName !== undefined);
    expect(ofTwoNames.length).toBeGreaterThan(4);
    for (const record of ofTwoNames) {
      const { birthName = "", usedName = "" } = record;
      for (const name of [birthName, usedName, `${birthName}-${usedName}`, `${usedName} ${birthName}`])
        expect([outcomeOf({ text: letter(record, name), record }), name]).toEqual(["sent", name]);
      for (const change of [{ firstGivenName: "Paule" }, { birthDate: "1951-11-04" }, { birthName: "QUERCY" }] as const)
        expect([outcomeOf({ text: letter({ ...record, ...change }), record }), change]).not.toEqual(["sent", change]);
    }
  });

  it("R40 is asked about for a woman of whom one name is known: it may be the birth name of somebody else", () => {
    const [man = {}] = records.filter(({ sex }) => sex === "male");
    for (const record of records.filter(
      (one) => one.sex === "female" && !one.usedName && (one.birthDate ?? "") < "2005",
    ))
      expect([outcomeOf({ text: letter(record), record }), record]).toEqual(["asked", record]);
    for (const change of [{ sex: "female" }, { firstGivenName: "Paul" }, { birthDate: "1951-11-04" }] as const)
      expect([outcomeOf({ text: letter({ ...man, ...change }), record: man }), change]).not.toEqual(["sent", change]);
  });
});

/** The label of the mother: the hospital prints it on all the papers of her child, who has no number yet. */
const labelOf = (mother: IdentityTraits) =>
  `INS : ${mother.ins?.value}\nNom de naissance : ${mother.birthName}\nPrénom : ${mother.firstGivenName}\nDate de naissance : ${mother.birthDate?.split("-").reverse().join("/")}\nSexe : F\n`;

describe("a document about a child, under the label of its mother", () => {
  const mothers = records.filter(({ sex, birthDate = "" }) => sex === "female" && birthDate < "2005");
  const about: readonly ((mother: IdentityTraits) => string)[] = [
    ({ birthName, birthDate }) => `Nouveau-né de Mme ${birthName}, née le ${birthDate}\nPoids 3 200 g`,
    ({ birthName, firstGivenName }) => `Nouveau-né de sexe masculin\nde Madame ${firstGivenName} ${birthName}`,
    ({ usedName, birthName }) => `NN ${usedName ?? birthName?.toUpperCase()}\nGuthrie`,
    () => "Bébé : MARTIN Léo\nApgar 10",
    ({ birthName }) => `Cher confrère, je vois l’enfant de Mme ${birthName} pour un ictère.`,
    ({ birthName }) => `FILS DE MME ${birthName}\nNuméro de bracelet 12`,
    ({ birthName }) => `Je reçois la fille de Mme ${birthName} pour une toux.`,
    () => "COMPTE RENDU D’HOSPITALISATION DU NOUVEAU-NÉ\nIctère",
    ({ birthName }) => `Jumeau 2 de Mme ${birthName}\nPoids 2 100 g`,
    () => "Enfant Hugo MARTIN, tousse",
    () => "Je vois la petite Lucie, 3 jours, pour un ictère.",
    () => "Madame,\nj’ai vu votre fils Lucas pour une otite.",
    () => "Nourrisson de 8 mois amené par sa mère pour fièvre.",
    () => "Ce jour :\nBébé âgé de 3 semaines, adressé pour ictère.",
    () => "Enfant de 8 mois, vue pour une toux.",
  ];

  it("R40 is never sent to the mother without asking, and says why", () => {
    expect(mothers.length).toBeGreaterThan(5);
    for (const record of mothers) {
      expect(outcomeOf({ text: labelOf(record), record })).toBe("sent");
      for (const write of about) {
        const text = labelOf(record) + write(record);
        expect([outcomeOf({ text, record }), text]).toEqual(["asked", text]);
      }
    }
  });

  it("R40 is not hers when it says who the child is", () => {
    const [record = {}] = mothers;
    const text = `${labelOf(record)}Nouveau-né : MARTIN Léo, né le 12/10/2026`;
    expect(outcomeOf({ text, record })).toBe("asked");
    expect(outcomeOf({ text: `Nouveau-né de Mme ${record.birthName}, né le 12/10/2026`, record })).toBe("refused");
  });

  const number = "1261069123066";
  const child: IdentityTraits = {
    ins: { system: "urn:oid:1.2.250.1.213.1.4.8", value: number + computeInsKey(number) },
    birthName: "MARTIN",
    birthGivenNames: ["Léo"],
    firstGivenName: "Léo",
    sex: "male",
    birthDate: "2026-10-12",
  };
  const childsLabel = `INS : ${child.ins?.value}\nNom de naissance : MARTIN\nPrénom : Léo\nNé le 12/10/2026\n`;

  it("goes to the child by its own number, whoever its mother is", () => {
    for (const words of ["Nouveau-né de Mme Anne MARTIN, née le 14/03/1990", "Enfant Léo MARTIN", "NN MARTIN"])
      expect(outcomeOf({ text: childsLabel + words, record: child })).toBe("sent");
  });

  it("is asked about when it is one of twins and does not say which", () => {
    expect(outcomeOf({ text: `${childsLabel}Jumeau 1 : MARTIN Léo`, record: child })).toBe("sent");
    for (const words of ["Jumeau 2", "Jumeau 1 : MARTIN Léo\nJumeau 2 : MARTIN Noé", "Deuxième jumeau de Mme MARTIN"])
      expect(outcomeOf({ text: childsLabel + words, record: child })).toBe("asked");
  });
});

describe("a document about a relative, a donor or a contact", () => {
  it("R40 is never sent without asking to the person whose name it bears", () => {
    for (const record of records.filter(({ birthDate = "" }) => birthDate < "2005")) {
      const civility = record.sex === "female" ? "Mme" : "M.";
      const born = `${record.sex === "female" ? "née" : "né"} le ${record.birthDate?.split("-").reverse().join("/")}`;
      for (const words of [
        `Conjoint de ${civility} ${record.birthName}`,
        `Je vois le frère de ${civility} ${record.firstGivenName} ${record.birthName}, ${born}`,
        `Cas contact de ${civility} ${record.birthName}, ${born}`,
        `Donneur : ${civility} Paul DURAND`,
      ]) {
        const text = labelOf(record).replace("Sexe : F", "") + words;
        expect([outcomeOf({ text, record }), text]).toEqual(["asked", text]);
      }
    }
  });
});

describe("a letter about somebody whom it names by name alone, under the label of another patient", () => {
  const adults = records.filter(({ birthDate = "" }) => birthDate < "2005");
  const under = (record: IdentityTraits, words: string) =>
    outcomeOf({ text: `${labelOf(record).replace("Sexe : F", "")}\nCentre hospitalier\n${words}\n`, record });

  it("R40 is never sent to that other patient without asking", () => {
    for (const record of adults)
      for (const words of [
        "Concerne : Mme QUERCY née BRESSUIRE",
        "Concerne : Mme Sophie QUERCY née BRESSUIRE",
        "Patient : QUERCY Paul",
        "Objet : M. Paul QUERCY",
        "Nom de naissance : QUERCY\nPrénom : Paul",
        "Cher confrère,\nje vois ce jour Mme Sophie QUERCY pour une toux.",
        "Cher confrère, merci de m’avoir adressé M. Paul QUERCY, 45 ans.",
        "M. Paul QUERCY a été hospitalisé du 12/10/2026 au 15/10/2026.",
        "Réf. : M. Paul QUERCY",
        "À propos de Monsieur Paul QUERCY",
        "Je vous donne des nouvelles de Mme Sophie QUERCY, que je suis pour une BPCO.",
        "Votre patiente, Mme Sophie QUERCY, va mieux.",
        "Merci de m’avoir confié Monsieur Paul QUERCY pour avis.",
        "Mme Sophie QUERCY a bénéficié d’une coloscopie.",
        "Je soussigné certifie que M. Paul QUERCY ne peut travailler.",
        "L’état de santé de M. Paul QUERCY nécessite du repos.",
        "ORDONNANCE\nPour M. Paul QUERCY",
        "Ordonnance pour : Mme Sophie QUERCY",
        "EXAMEN DE : Mme Sophie QUERCY",
        "Dossier de Mme Sophie QUERCY",
        "M. Paul QUERCY né le 01/02/60",
        "Nom / Prénom : QUERCY / Paul",
        "Bénéficiaire des soins : QUERCY Paul",
        "Patient name: QUERCY Paul\nDOB: 01/02/1960",
        "Nom du malade : QUERCY Paul",
        "Opéré : QUERCY Paul",
        "NOM : QUERCY\nPRENOM : PAUL\nService de cardiologie",
        "First name : Paul\nSurname : QUERCY",
        "SCANNER THORACIQUE de Madame Sophie QUERCY",
        "MADAME QUERCY SOPHIE\nSCANNER THORACIQUE",
        "Dr BERNARD\nORDONNANCE\nLe 12/11/2026\nMme Sophie QUERCY\nParacétamol 1 g",
        "Certificat délivré à Monsieur Paul QUERCY",
        "Receveur : QUERCY Paul",
        "Enfant : Hugo\nBronchiolite",
        "ORDONNANCE — M. Paul QUERCY",
        "COMPTE RENDU : M. Paul QUERCY",
        "LETTRE DE LIAISON - M. QUERCY PAUL",
        "CERTIFICAT DE VACCINATION — Mme Sophie QUERCY",
        "COMPTE RENDU DE CONSULTATION\nM. Paul QUERCY",
        "COMPTE-RENDU D’HOSPITALISATION DU 12/10/2026\nMonsieur QUERCY Paul",
        "COMPTE RENDU OPÉRATOIRE\nM. Paul QUERCY\nHernie inguinale",
        "Compte rendu opératoire de M. Paul QUERCY",
        "CONVOCATION\nMonsieur Paul QUERCY",
        "BON DE TRANSPORT\nM. Paul QUERCY",
        "ARRÊT DE TRAVAIL\nM. Paul QUERCY",
        "Prélèvement de M. Paul QUERCY",
        "Vaccination de M. Paul QUERCY ce jour.",
        "Radio de M. Paul QUERCY",
        "Identité du malade\nQUERCY Paul",
        "QUERCY Paul, 46 ans, consulte pour une toux.",
        "Hugo, 8 mois, amené par sa mère pour fièvre.",
        "Lucie, 3 ans, est vue pour une otite.",
        "Sa fille Lucie est vue ce jour pour une otite.",
        `Je reçois ce jour ${record.sex === "male" ? "Mme" : "M."} ${record.birthName} pour un contrôle.`,
        ...(record.sex === "male"
          ? ["Je vois ce jour M. QUERCY pour une toux.", `M. ${record.firstGivenName} QUERCY va bien.`]
          : ["IOA : Mr QUERCY, 78 ans, amené par les pompiers"]),
        `Je reçois ce jour ${record.sex === "male" ? "Mme Odile" : "M. Hector"} ${record.birthName} pour un contrôle.`,
      ])
        expect([under(record, words), words]).toEqual(["asked", words]);
  });

  it("is sent without a question when those whom it names are not called its patients, or are that patient by another name", () => {
    const [record = {}] = adults.filter(({ sex, usedName }) => sex === "female" && usedName === undefined);
    for (const words of [
      "Secrétariat : Mme Anne PETIT",
      "Je vois ce jour Mme QUERCY pour une toux.",
      "Le 12/11/2026\nMme Anne PETIT\n12 rue de Paris",
      "Ordonnance remise en main propre\nMme Anne PETIT, secrétaire",
      "Comparé au scanner thoracique lu par Mme Anne PETIT",
      "Situation familiale : deux enfants",
      "M. Paul QUERCY, Directeur",
      "Adressée par Mme Anne PETIT, vue avec M. Paul QUERCY",
      "Vue ce jour en consultation avec Mme Anne PETIT",
      "Son dossier a été adressé à Mme Anne PETIT",
      "Dossier suivi par Mme Anne PETIT",
      "Fax pour : Mme Anne PETIT",
      "Pour Mme Anne PETIT et M. Paul QUERCY",
      "Consultation de Mme Anne PETIT",
      "Ordonnance de Mme Anne PETIT",
      "Ordonnance\nfaite pour dix jours par M. Paul QUERCY",
      "Résultats transmis à Mme Anne PETIT",
      "Mme Anne PETIT ne vient plus",
      "COMPTE RENDU\nDr Anne PETIT",
      "COMPTE RENDU D’ENTRETIEN\nMme Anne PETIT, psychologue",
      "COMPTE RENDU DE RÉUNION\nMme Anne PETIT\nOrthophoniste",
      "COMPTE RENDU — M. Paul QUERCY, psychologue",
      "Compte rendu destiné à : Mme Anne PETIT",
      "Compte rendu relu par : Mme Anne PETIT",
      "Compte rendu de Mme Anne PETIT",
      "ORDONNANCE — Dr Paul QUERCY",
      "Bon courage\nMme Anne PETIT",
      "Arrêt du tabac\nMme Anne PETIT",
      "LETTRE DE LIAISON\nMonsieur Paul QUERCY\n12 rue de Paris",
      "Lettre au médecin traitant\nMme Anne PETIT",
      "Kardégic, 8 mois",
      "Prothèse Stryker, 8 mois après la pose",
      "Plâtre, 8 semaines, ablation prévue",
      "Deux enfants : Hugo, 8 mois, et Lucie, 3 ans",
      "Enfant de 8 mois à charge",
      "A un nourrisson de 8 mois, gardé par sa mère",
      "Petit-fils Hugo, 8 mois",
      "Sa fille Lucie est présente.",
      "Sa fille Lucie a été opérée d’un strabisme.",
      `Je vois ce jour Mme ${record.firstGivenName} QUERCY pour une toux.`,
      `Concerne : Mme ${record.firstGivenName} QUERCY née ${record.birthName}`,
      `Mme ${record.birthName} a été hospitalisée.`,
    ])
      expect([under(record, words), words]).toEqual(["sent", words]);
  });
});

describe("a letter whose words are no identity, under the label of another patient", () => {
  const adults = records.filter(({ birthDate = "" }) => birthDate < "2005" && birthDate > "1936");
  const under = (record: IdentityTraits, words: string) =>
    outcomeOf({ text: `${labelOf(record).replace("Sexe : F", "")}\nCentre hospitalier\n${words}\n`, record });
  const civility = ({ sex }: IdentityTraits) => (sex === "female" ? "Mme" : "M.");
  const slashedOf = ({ birthDate = "" }: IdentityTraits) => birthDate.split("-").reverse().join("/");
  const short = (record: IdentityTraits) => slashedOf(record).replace(/\d\d(\d\d)$/, "$1");
  const whole = ({ birthName, firstGivenName }: IdentityTraits) => `${birthName} ${firstGivenName}`;

  it("R40 is asked about when it speaks of somebody else", () => {
    for (const record of adults)
      for (const words of [
        `${civility(record)} ${whole(record)}, ${record.sex === "female" ? "née" : "né"} le 12/03/35`,
        "DDN : 04-07-35",
        "né(e) le 4 juillet 35",
        `Réf. : QUERCY Paul – ${slashedOf(record)}`,
        "Réf. : QUERCY Paul – 04/07/1935",
        "Dossier : QUERCY Lucie",
        "Dossier : CLEMENT Marguerite",
        "Dossier : SAINT-MARTIN Mai",
        "Nos réf. : QUERCY Lucie / 4512",
        "Objet : QUERCY Lucie, consultation du 12/11/2026",
        "Votre patiente QUERCY Lucie a consulté le 12/11/2026.",
        "Analyses de QUERCY Lucie",
        "Compte rendu d’hospitalisation de QUERCY Lucie",
        "Je certifie avoir examiné ce jour Paul QUERCY.",
        "Nous vous transférons Lucie QUERCY pour avis.",
        "QUERCY Lucie (14/09/1935)\nScanner abdominal",
        "QUERCY^LUCIE 19350914 F",
        "QUERCY Lucie, 99 ans",
        "QUERCY Lucie - IPP 8845512 - Page 1/2",
        `${record.birthName} NOELIE\n${slashedOf(record)}`,
        `${record.birthName?.toUpperCase()} NOELIE née le ${slashedOf(record)}`,
        "Je vois Noélie ce jour, pour une otite.",
      ])
        expect([under(record, words), words, record.birthName]).toEqual(["asked", words, record.birthName]);
  });

  it("is sent without a question when they speak of that patient, or of nobody", () => {
    for (const record of adults)
      for (const words of [
        `${civility(record)} ${whole(record)}, ${record.sex === "female" ? "née" : "né"} le ${short(record)}`,
        `Réf. : ${whole(record)} – ${slashedOf(record)}`,
        `${whole(record).toUpperCase()}\n${slashedOf(record)}`,
        `${whole(record)} - IPP 8845512 - 12/11/2026`,
        `Je vois ${record.firstGivenName} ce jour.`,
        "Réf. : BERNARD Louis – 12/11/2026",
        "LYON SUD\n12/11/2026",
        "Tapé par : QUERCY Lucie\nSigné le 12/11/2026 par BERNARD Louis",
        "ORDONNANCE\nLe 12/11/2026\nPARACETAMOL Mylan 1 g",
        "Sa sœur, née le 04/07/35, est diabétique.",
        "Objet : IRM Cérébrale",
        "Hospitalisation de JOUR Cardiologie",
        "Adresse : VILLEURBANNE Cedex",
        "BCG Fait 12/03/2010\nREPEVAX Rappel 12/03/2001",
        "Praticiens hospitaliers\nBERNARD Louis\nQUERCY Lucie",
        "Le patient PORTEUR Pacemaker est stable.",
      ])
        expect([under(record, words), words, record.birthName]).toEqual(["sent", words, record.birthName]);
  });
});
