import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findIdentities, findMentions, findOtherSubjects } from "./index.ts";

const first = (text: string) => findIdentities(text)[0]?.traits;

describe("the INS in a text", () => {
  it.each([
    "185057800608491",
    "1 85 05 78 006 084 91",
    "1 85 05 78 006 084 - clé : 91",
    "1.85.05.78.006.084/91",
    "1850578006084 91",
    "1 8 5 0 5 7 8 0 0 6 0 8 4 9 1",
  ])("R33: is read as %s", (number) => {
    expect(first(`Matricule INS : ${number}`)).toMatchObject({ ins: { value: "185057800608491" }, sex: "male" });
  });

  it("R33: is read for somebody born in Corsica", () => {
    expect(first("INS 1 80 03 2A 004 001 86")?.ins?.value).toBe("180032A00400186");
  });

  it("R34: with a wrong key counts only where the text calls it an INS, so that the slip is seen", () => {
    expect(first("INS : 1 85 05 78 006 084 90")?.ins?.value).toBe("185057800608490");
    expect(findIdentities("Facture 1 85 05 78 006 084 90")).toEqual([]);
  });

  it("is not taken from the insured parent, nor from a number of the hospital", () => {
    expect(findIdentities("Assuré : 1 85 05 78 006 084 91")).toEqual([]);
    expect(findIdentities("IPP 185057800608491")).toEqual([]);
  });

  it("is not a newborn's when the line says that it is its mother's, and is the patient's who came with her", () => {
    const number = "2 85 05 78 006 084 41";
    for (const line of [
      "INS de la mère : ",
      "Mère : Mme DUPONT Marie, INS ",
      "INS (mère) : ",
      "Représentant légal, NIR ",
    ])
      expect(first(`Nouveau-né DUPONT Léo\n${line}${number}`)?.ins).toBeUndefined();
    for (const line of ["Accompagnée de sa mère. INS : ", "Vue avec ses parents\nINS : "])
      expect(first(`${line}${number}`)?.ins?.value).toBe("285057800608441");
  });
});

describe("names and birth dates in a text", () => {
  it("R35: reads the fields of a form, one per line", () => {
    const text = [
      "Nom de naissance : LE GOFF",
      "Nom utilisé : MARTIN",
      "Prénom(s) de naissance : CAMILLE LOUISE",
      "Sexe : F",
      "Date de naissance (JJ/MM/AAAA) : 12/05/1985",
      "Lieu de naissance : code INSEE : 29019",
    ].join("\n");
    expect(findIdentities(text)).toEqual([
      {
        traits: {
          birthName: "LE GOFF",
          usedName: "MARTIN",
          birthGivenNames: ["CAMILLE", "LOUISE"],
          sex: "female",
          birthDate: "1985-05-12",
          birthPlaceCode: "29019",
        },
        where: expect.any(Array),
        isCalledPatient: true,
      },
    ]);
  });

  it("reads a form that lost its line breaks", () => {
    expect(
      first("NOM DE NAISSANCE : DURAND PRENOM : MARIE DATE DE NAISSANCE : 12/03/1980 SEXE : F Service de cardiologie"),
    ).toMatchObject({ birthName: "DURAND", firstGivenName: "MARIE", birthDate: "1980-03-12", sex: "female" });
  });

  it.each([
    [
      "Mme Marie MARTIN née DURAND le 12/03/1980",
      { usedName: "MARTIN", birthName: "DURAND", firstGivenName: "Marie", birthDate: "1980-03-12" },
    ],
    ["MME MARTIN MARIE NEE DURAND LE 12.03.1980", { usedName: "MARTIN", birthName: "DURAND", firstGivenName: "MARIE" }],
    [
      "Monsieur Jean-Pierre LE GOFF, né le 1er mars 1980 à Brest",
      { usedName: "LE GOFF", firstGivenName: "Jean-Pierre", birthDate: "1980-03-01", sex: "male" },
    ],
    [
      "Patient : DUPONT Marie, né(e) le 12 mars 1980",
      { usedName: "DUPONT", firstGivenName: "Marie", birthDate: "1980-03-12" },
    ],
    [
      "Patiente : Mme Anne de La Tour, née le 2 février 1971",
      { usedName: "de La Tour", firstGivenName: "Anne", birthDate: "1971-02-02" },
    ],
    ["Mme DURAND épouse MARTIN, née le 12/03/1980", { birthName: "DURAND", usedName: "MARTIN" }],
    ["Mme DURAND ép. MARTIN Marie", { birthName: "DURAND", usedName: "MARTIN", firstGivenName: "Marie" }],
    [
      "Nom de naiss. : DURAND\nPrénom : Marie\nDate de naiss. : 12/03/1980",
      { birthName: "DURAND", firstGivenName: "Marie", birthDate: "1980-03-12" },
    ],
    [
      "Mme Zoé d’Artagnan, née le 19/11/1988",
      { usedName: "d’Artagnan", firstGivenName: "Zoé", birthDate: "1988-11-19" },
    ],
    ["Mme Zoé d'ARTAGNAN", { usedName: "d'ARTAGNAN", firstGivenName: "Zoé" }],
    ["M. Jean DUPONT d’Angers, né le 12/03/1980", { usedName: "DUPONT", firstGivenName: "Jean" }],
    [
      "C O M P T E   R E N D U\nN O M : D U R A N D\nP r é n o m : P a u l\nDate de naissance : 1 2 0 3 1 9 8 0",
      { usedName: "DURAND", firstGivenName: "Paul", birthDate: "1980-03-12" },
    ],
    ["Nom / Prénom : DUPONT / Marie", { usedName: "DUPONT", firstGivenName: "Marie" }],
    [
      "Nom et prénom : Dupont Marie DDN : 12-03-1980",
      { usedName: "Dupont", firstGivenName: "Marie", birthDate: "1980-03-12" },
    ],
    ["M. Dupont, né à Lyon (69) le 12/03/1980", { usedName: "Dupont", birthDate: "1980-03-12" }],
  ])("reads « %s »", (text, expected) => {
    expect(first(text)).toMatchObject(expected);
  });

  it("reads the name that stands before a birth, when its capitals tell which word is which", () => {
    const traits = { usedName: "DUPONT", firstGivenName: "Léo", birthDate: "2026-03-12", sex: "male" };
    for (const text of [
      "DUPONT Léo né le 12/03/2026",
      "Compte rendu\nLéo DUPONT, né le 12/03/2026",
      "Concernant : DUPONT Léo né le 12/03/2026",
      "Je certifie que l’enfant Léo DUPONT, né le 12/03/2026, va bien.",
    ])
      expect(first(text)).toEqual(traits);
    for (const text of [
      "Vu à Necker DUPONT Léo né le 12/03/2026",
      "Léo Paul DUPONT né le 12/03/2026",
      "PATIENT DU SERVICE NÉ LE 12/03/2026",
      "Dr DUPONT Léo, patient né le 12/03/2026",
    ])
      expect(first(text)?.usedName).toBeUndefined();
  });

  it("reads labels that stand above their values", () => {
    expect(first("NOM DE NAISSANCE\nDUPONT\nPRÉNOM(S)\nJEAN PIERRE\nNÉ LE\n12/03/1980")).toMatchObject({
      birthName: "DUPONT",
      birthGivenNames: ["JEAN", "PIERRE"],
      birthDate: "1980-03-12",
    });
  });

  it("leaves the birth date of a parent", () => {
    const text = "Date de naissance du père : 02/02/1970. Patient : Mlle PETIT Zoé, née le 2 mars 2012";
    expect(findIdentities(text).map((one) => one.traits.birthDate)).toEqual(["2012-03-02"]);
  });

  it.each(["12-MAR-1980", "12-mars-1980", "12 – mars – 1980", "1980/03/12", "1980.03.12", "19800312", "12031980"])(
    "reads a birth date printed as %s",
    (date) => {
      expect(first(`Nom de naissance : DUPONT\nPrénom : Marie\nDate de naissance : ${date}`)?.birthDate).toBe(
        "1980-03-12",
      );
    },
  );

  it("does not guess the century of a year of two digits, nor a day that does not exist", () => {
    expect(first("M. Jean DUPONT né le 12/03/26")?.birthDate).toBeUndefined();
    for (const date of ["31/02/1980", "1980/02-12", "19801312", "1980/13/12"])
      expect([first(`M. Jean DUPONT né le ${date}`)?.birthDate, date]).toEqual([undefined, date]);
  });

  it("does not take the negation for a birth", () => {
    expect(first("M. Jean DUPONT ne présente pas de fièvre le 12/03/2024")?.birthDate).toBeUndefined();
  });

  it("reads names through what nobody sees in them: soft hyphens, joiners, marks of direction", () => {
    const text =
      "\u202aNom de naissance : DU\u00adPONT\u200b-MAR\u00adTIN\u202c\nPré\u200bnom : \u2066Anne\u2069\nNée le 12/03/1980";
    const [found] = findIdentities(text);
    expect(found?.traits).toEqual({
      birthName: "DUPONT-MARTIN",
      firstGivenName: "Anne",
      birthDate: "1980-03-12",
      sex: "female",
    });
    expect(text.slice(found?.where.at(-1)?.start)).toBe("Née le 12/03/1980");
  });

  it("says where it read", () => {
    const text = "Cher confrère,\nje vois ce jour Mme Marie MARTIN née DURAND le 12/03/1980.";
    const found = findIdentities(text)[0];
    expect(found?.where.map(({ start, end }) => text.slice(start, end))).toEqual([
      "Mme Marie MARTIN",
      "née DURAND le 12/03/1980",
    ]);
  });
});

describe("people who are not the patient", () => {
  it.each([
    "Dr Paul BERNARD",
    "Docteur Anne PETIT, cardiologue",
    "Copie à : M. Louis BERNARD",
    "Signé : Mme Anne PETIT",
    "Médecin traitant : Monsieur BERNARD",
    "Personne à prévenir : Mme Anne PETIT",
    "sa mère, Mme Anne PETIT",
    "Mme Anne PETIT, secrétaire",
    "Mme Anne PETIT\nSage-femme\nMme Anne PETIT\nDocument signé",
    "Docteur Anne PETIT … Mme Anne PETIT",
    "Demandé par : Mme LEROY Anne",
    "Madame, Monsieur, veuillez agréer",
    "Monsieur le Directeur",
  ])("« %s » gives nobody", (text) => {
    expect(findIdentities(text)).toEqual([]);
  });

  it("keeps the patient of a letter and leaves its author and recipient", () => {
    const text = [
      "Docteur Paul BERNARD",
      "Destinataire : Mme le Docteur Sophie LEROY",
      "Cher confrère, je vous adresse Mme Marie MARTIN née le 12/03/1980, accompagnée de son mari M. Louis MARTIN.",
      "Mme MARTIN va bien.",
      "Dr Paul BERNARD",
    ].join("\n");
    expect(findIdentities(text).map((one) => one.traits)).toEqual([
      { usedName: "MARTIN", firstGivenName: "Marie", sex: "female", birthDate: "1980-03-12" },
    ]);
  });

  it("tells the patient of a letter from somebody whom it only names", () => {
    const called = (text: string) => findIdentities(text).map((one) => one.isCalledPatient);
    for (const text of [
      "Patient : DURAND Paul",
      "je vois ce jour\nM. Paul DURAND",
      "M. Paul DURAND, 45 ans",
      "Mme DURAND née MARTIN",
      "M. Paul DURAND a été hospitalisé",
    ])
      expect([called(text), text]).toEqual([[true], text]);
    for (const text of [
      "M. Paul DURAND",
      "Vue avec M. Paul DURAND",
      "Consultation\nM. Paul DURAND",
      "Adressé à M. Paul DURAND",
    ])
      expect([called(text), text]).toEqual([[false], text]);
  });

  it("keeps a birth name with the name before it, and both apart from another patient's", () => {
    const form = "Nom de naissance : PETIT\nPrénom : Anne\nNée le 12/03/1980\n";
    expect(findIdentities(`${form}Concerne : Mme DURAND née MARTIN`).map(({ traits }) => traits)).toEqual([
      { birthName: "PETIT", firstGivenName: "Anne", birthDate: "1980-03-12", sex: "female" },
      { usedName: "DURAND", birthName: "MARTIN", sex: "female" },
    ]);
    expect(findIdentities(`${form}Mme DURAND née PETIT va bien.`).map(({ traits }) => traits)).toEqual([
      { birthName: "PETIT", usedName: "DURAND", firstGivenName: "Anne", birthDate: "1980-03-12", sex: "female" },
    ]);
  });

  it("gives two candidates for a text about two patients, and for twins", () => {
    const two = "Mme Marie MARTIN née le 12/03/1980. Résultat joint par erreur : M. Jean DUPONT né le 04/07/1951.";
    expect(findIdentities(two).map((one) => one.traits.birthDate)).toEqual(["1980-03-12", "1951-07-04"]);
    const twins = "Enfant Léa PETIT née le 01/02/2020\nEnfant Léo PETIT né le 01/02/2020";
    expect(findIdentities(twins).map((one) => one.traits.firstGivenName)).toEqual(["Léa", "Léo"]);
  });
});

describe("a text about somebody by another person", () => {
  it.each([
    "Nouveau-né de Mme Marie DUPONT, née le 12/03/1990",
    "NN de Mme DUPONT Marie née MARTIN le 12/03/1990",
    "Nouveau né de sexe masculin de Madame Marie-Christine DE LA TOUR DUPONT née MARTIN le 12/03/1990",
    "J’ai vu le bébé de Mme Marie DUPONT (née le 12/03/1990)",
    "Patient : Nouveau-né de DUPONT Marie, née le 12/03/1990",
    "Enfant de M. et Mme DUPONT",
    "Jumeau 1 de Mme Marie DUPONT, née le 12/03/1990",
    "Cas contact de M. Paul DURAND né le 12/03/1990",
    "Conjoint : M. Paul DUPONT né le 12/03/1990",
    "Contact : Mme DUPONT Marie née le 12/03/1990",
    "Maman : DUPONT Marie née le 12/03/1990",
    "Accompagnant : M. DUPONT Paul né le 12/03/1980",
    "Nouveau-né de sexe masculin\nMère\nNom de naissance : DUPONT\nPrénom : Marie\nDate de naissance : 12/03/1990\nINS : 2 85 05 78 006 084 41",
  ])("« %s » leaves that other person", (text) => {
    expect(findIdentities(text)).toEqual([]);
  });

  it("takes a birth for the child's when its gender says that it is not the mother's", () => {
    for (const text of [
      "Fils de Mme Marie DUPONT, né le 12/03/2026",
      "Bébé DUPONT, né le 12/03/2026 de Mme DUPONT Marie née le 12/03/1990",
      "Nouveau-né DUPONT Léo né le 12/03/2026\nIdentité de la mère :\nNom de naissance : DUPONT\nPrénom : Marie\nNée le 12/03/1990",
    ])
      expect(findIdentities(text).map(({ traits }) => traits)).toEqual([{ sex: "male", birthDate: "2026-03-12" }]);
  });

  it("leaves the birth of a late husband or wife", () => {
    const text = "M. Jean DUPONT, veuf de Mme Anne DUPONT née le 01/02/1955, né le 12/03/1950";
    expect(findIdentities(text).map(({ traits }) => traits)).toEqual([
      { usedName: "DUPONT", firstGivenName: "Jean", sex: "male", birthDate: "1950-03-12" },
    ]);
  });

  it("takes no word in place of a name for a name", () => {
    const traits = first("Nom de naissance : DUPONT\nPrénom : Nouveau-né\nDate de naissance : 12/03/2026");
    expect(traits).toEqual({ birthName: "DUPONT", birthDate: "2026-03-12" });
  });

  it("comes back to the patient after the fields of a parent", () => {
    const parents =
      "Mère :\nNom de naissance : DURAND\nPrénom : Anne\nPère :\nNom de naissance : PETIT\nPrénom : Jean\n";
    const child = "Nom de naissance : PETIT\nPrénom : Zoé\nDate de naissance : 02/03/2012";
    const traits = { birthName: "PETIT", firstGivenName: "Zoé", birthDate: "2012-03-02" };
    expect(first(`${parents}Patient\n${child}`)).toEqual(traits);
    expect(first(`${parents}${child}`)).toEqual(traits);
  });

  it("takes a hospital of mothers and children for nobody's mother", () => {
    for (const place of ["Hôpital Femme Mère Enfant", "Pôle mère-enfant"])
      expect(first(`${place}\nNom de naissance : DUPONT`)).toEqual({ birthName: "DUPONT" });
  });

  it("does not take the birth of the next person for that of a doctor called Née", () => {
    expect(first("Dr Marie Née\nMme Anne PETIT née le 01/02/1980")).toMatchObject({
      usedName: "PETIT",
      firstGivenName: "Anne",
      birthDate: "1980-02-01",
    });
  });

  it.each([
    ["child", "Nouveau-né de Mme Marie DUPONT"],
    ["child", "enfant de Mme DUPONT"],
    ["child", "NN DUPONT"],
    ["child", "Bébé : DUPONT Léo"],
    ["child", "Prénom : NN"],
    ["child", "NN DE DUPONT MARIE"],
    ["child", "Examen clinique du nouveau-né"],
    ["child", "FILS DE MME DUPONT"],
    ["child", "Je vois en urgence la fille de Mme Marie DUPONT"],
    ["child", "Léo, 3 ans, fils de Mme Marie DUPONT, tousse"],
    ["child", "L’enfant Léa PETIT"],
    ["child", "Je vois ce jour la petite Lucie, 3 jours, pour un ictère."],
    ["child", "Madame, j’ai vu votre fils Lucas pour une otite."],
    ["child", "J’ai examiné votre enfant en urgence."],
    ["twin", "Jumeau 2"],
    ["twin", "Jumelle B : DUPONT Léa"],
    ["twin", "Le second jumeau va bien"],
    ["other", "Conjoint de Mme Marie DUPONT"],
    ["other", "Concerne : mari de Mme Marie DUPONT"],
    ["other", "Donneur : M. Paul DURAND"],
    ["other", "Donneuse de M. Paul DURAND né le 12/03/1990"],
  ] as const)("is about a %s: « %s »", (relation, text) => {
    expect(findOtherSubjects(text).map((one) => one.relation)).toEqual([relation]);
  });

  it.each([
    "La fille de Mme DUPONT nous dit que sa mère va bien.",
    "Votre fille vous accompagnera.",
    "Épanchement de la petite cavité, le petit bassin est libre.",
    "Mme DURAND, épouse de M. MARTIN, va bien.",
    "Je vois Mme Marie DURAND, fille de M. PETIT Paul né le 01/01/1940, pour avis.",
    "M. Jean DUPONT, veuf de Mme Anne DUPONT née le 01/02/1955",
    "Veuve de M. DUPONT. Deux enfants.",
    "Accouchement d’un nouveau-né vivant de 3 200 g.",
    "Service de néonatologie et du nouveau-né\nHôpital de LENS",
    "L’enfant a été suivi à l’hôpital de LENS",
    "Contracture du muscle jumeau interne",
    "3 enfants de 4, 6 et 9 ans",
    "Fœtus de Mme Marie DUPONT",
    "Mme Marie DUPONT née le 12/03/1990",
  ])("« %s » is about whom it names", (text) => {
    expect(findOtherSubjects(text)).toEqual([]);
  });

  it("says where, and how that somebody is called", () => {
    const text = "Service\nJumeau n° 1 : DUPONT Léa, née le 12/03/2026";
    const [found] = findOtherSubjects(text);
    expect(found).toMatchObject({ relation: "twin", givenName: "Léa" });
    expect(text.slice(found?.start, found?.end)).toBe("Jumeau n° 1 : DUPONT Léa");
  });
});

describe("words that may name somebody, and are no identity", () => {
  const said = (text: string) => findMentions(text).map(({ start, end, ...rest }) => rest);

  it.each([
    ["Réf. : DURAND Paul – 12/03/1980", { name: "DURAND Paul", shape: "told", date: "1980-03-12" }],
    ["Dossier n° 4512 : MARTIN Lucie", { name: "MARTIN Lucie", shape: "told" }],
    ["Objet : consultation de Paul DURAND", { name: "Paul DURAND", shape: "told" }],
    ["DURAND Paul - IPP 8845512 - Page 1/2", { name: "DURAND Paul", shape: "told" }],
    ["DURAND^PAUL 19800312 M", { name: "DURAND PAUL", shape: "told", date: "1980-03-12", isCalledPatient: false }],
    [
      "MARTIN NOE\nné le 07/04/2019",
      { name: "MARTIN NOE", shape: "capitals", date: "2019-04-07", isCalledPatient: false },
    ],
    [
      "Mme MARTIN Claire 14/09/1990",
      { name: "MARTIN Claire", shape: "told", date: "1990-09-14", isCalledPatient: false },
    ],
    ["Ch 101 DURAND Paul 78 ans", { name: "DURAND Paul", shape: "told", age: 78, isCalledPatient: false }],
    ["Je vois Noé ce jour.", { name: "Noé", shape: "given" }],
    ["née le 12/03/52", { shortBirthDate: "52-03-12" }],
    ["DDN : 120352", { shortBirthDate: "52-03-12" }],
    ["Né(e) le : 29 février 00", { shortBirthDate: "00-02-29" }],
  ])("reads « %s »", (text, expected) => {
    expect(said(text)).toEqual([{ isCalledPatient: true, ...expected }]);
  });

  it.each([
    "Réf. : AL/PB 2026-112",
    "Objet : Scanner Thoracique",
    "Objet : IRM Cérébrale du 12/11/2026",
    "Hôpital LYON Sud 12/11/2026",
    "Dr Louis BERNARD\nRéf. : BERNARD Louis",
    "Vu par LEROY Lucie le 12/11/2026",
    "LEROY Lucie, infirmière",
    "Rue Victor HUGO, 12/11/2026",
    "Mère : MARTIN Sophie 12/03/1980",
    "Sa sœur, née le 12/03/52",
    "Mère\nNom : DURAND\nDDN : 12/03/52",
    "Prélevé le 12/03/52",
    "KARDEGIC Protect 75 mg",
  ])("leaves « %s »", (text) => {
    expect(said(text)).toEqual([]);
  });
});

describe("whatever the text", () => {
  it("answers without failing, with places inside the text", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        "M. ",
        "Mme ",
        "né le ",
        "née ",
        "Nom : ",
        "Patient : ",
        "12/03/1980",
        "DUPONT ",
        "\n",
        "(",
        ":",
        "1 85 05 78 006 084 91",
        "Nouveau-né ",
        "Mère",
        "jumeau ",
        "de ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const where = [
          ...findIdentities(text).flatMap((one) => one.where),
          ...findOtherSubjects(text),
          ...findMentions(text),
        ];
        for (const { start, end } of where) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it("reads a text made to slow it down", () => {
    for (const unit of ["1 ", "a-", "M. ", "NOM DE ", "né ", "A'", "(", "NN de ", "Mère\n"])
      expect(findIdentities(unit.repeat(30_000)).length).toBeLessThan(21);
    expect(findOtherSubjects("NN de ".repeat(30_000)).length).toBeLessThan(101);
    for (const unit of ["A Bb CC ", "\n", "Objet de Aa BB ", "M. Aa\n"])
      expect(findMentions(unit.repeat(5_000)).length).toBeLessThan(201);
  });
});
