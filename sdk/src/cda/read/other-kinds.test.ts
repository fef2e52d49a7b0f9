/**
 * Documents of kinds that no model of their own reads (imaging, oncology, genetics, ophthalmology, rare diseases,
 * obstetrics, anaesthesia): what stands deep in their entries, who is named there, and about whom it is said.
 */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { cdaToFhir } from "./index.ts";
import { convert, documentXml, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const ccam = 'codeSystem="1.2.250.1.213.2.5"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const related = (inner: string, type = "COMP") => `<entryRelationship typeCode="${type}">${inner}</entryRelationship>`;
const coded = (code: string, label: string) => `<code code="${code}" displayName="${label}" ${loinc}/>`;
const found = (label: string, inner = "", template = "48") =>
  observationXml(template, coded("1-1", label), '<value xsi:type="ST">vu</value>', 'moodCode="EVN"', inner);
const act = (label: string, inner = "", attributes = 'moodCode="EVN"') =>
  `<procedure classCode="PROC" ${attributes}>${fr("62")}<code code="NFKA007" displayName="${label}" ${ccam}/><statusCode code="completed"/>${inner}</procedure>`;
const meeting = (inner: string, mood = "EVN") =>
  `<encounter classCode="ENC" moodCode="${mood}">${fr("58")}<code code="AMB" displayName="Consultation" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20240105"/>${inner}</encounter>`;
const group = (label: string, inner: string, attributes = 'classCode="CLUSTER"') =>
  `<organizer ${attributes} moodCode="EVN">${fr("74")}${label ? coded("2-2", label) : ""}<statusCode code="completed"/>${inner}</organizer>`;
const member = (inner: string) => `<component>${inner}</component>`;
const comment = (text: string) =>
  `<act classCode="ACT" moodCode="EVN">${fr("32")}<code code="48767-8" ${loinc}/><text>${text}</text></act>`;
const person = (given: string, family: string) => `<name><given>${given}</given><family>${family}</family></name>`;
const fetus =
  '<subject><relatedSubject classCode="PRS"><code code="CHILD" displayName="Enfant"/></relatedSubject></subject>';
const product = "<name>FICTIMAB 5 mg</name>";
const notesOf = (resource: { note?: { text: string }[] } | undefined) => resource?.note?.map(({ text }) => text);

describe("a fact within a fact about somebody else", () => {
  it("is about that person too, at any depth", () => {
    const heart = found("Rythme cardiaque", fetus + related(found("Variabilité", related(found("Oscillation")))));
    const bundle = convert(
      sectionXml("57075-4", "Travail", "x", found("Examen", related(heart)), meeting(related(heart))),
    );
    const whose = all(bundle, "Observation").map((each) => [each.code.text, each.focus?.[0]?.display]);
    expect(whose).toEqual([
      ["Examen", undefined],
      ...[1, 2].flatMap(() => [
        ["Rythme cardiaque", "Enfant"],
        ["Variabilité", "Enfant"],
        ["Oscillation", "Enfant"],
      ]),
    ]);
  });

  it("is never asked for, or aimed at, as if it were the patient's", () => {
    const plan = (mood: string) =>
      observationXml("27", coded("5-5", "Échographie cérébrale"), "", `moodCode="${mood}"`, fetus);
    const bundle = convert(sectionXml("18776-5", "Suivi", "x", plan("INT"), plan("GOL")));
    expect([...all(bundle, "ServiceRequest"), ...all(bundle, "Goal"), ...all(bundle, "CarePlan")]).toEqual([]);
  });

  it("when it is the illness of a relative or an allergy, is never a finding of the patient", () => {
    const relative = observationXml(
      "51",
      `<code code="64572001" ${snomed}/>`,
      '<value xsi:type="CD" code="C50" displayName="Cancer du sein" codeSystem="2.16.840.1.113883.6.3"/>',
    );
    const allergy = `<observation classCode="OBS" moodCode="EVN">${fr("41")}<code code="416098002" displayName="allergie médicamenteuse" ${snomed}/><participant typeCode="CSM"><participantRole><playingEntity><name>Iode</name></playingEntity></participantRole></participant></observation>`;
    const bundle = convert(sectionXml("30954-2", "RCP", "x", found("Terrain", related(relative) + related(allergy))));
    expect(all(bundle, "Observation").map(({ code }) => code.text)).toEqual(["Terrain"]);
    expect(all(bundle, "FamilyMemberHistory")[0]?.condition?.[0]?.code.text).toBe("Cancer du sein");
    expect(all(bundle, "AllergyIntolerance").map(({ code }) => code?.text)).toEqual(["Iode"]);
  });
});

describe("a group of findings (CR-GM, OPH, CR-BIO)", () => {
  it("keeps the comment that stands among its members, battery or not, named or not", () => {
    const groups = [
      group("Recherche de mutations", member(found("KRAS")) + member(comment("Pas d'anomalie des autres gènes."))),
      group("", member(found("NRAS")) + member(comment("Contrôle conseillé.")), 'classCode="BATTERY"'),
      group("Non interprétable", member(comment("ADN dégradé."))),
    ];
    const said = all(convert(sectionXml("22637-3", "Conclusion", "x", ...groups)), "Observation").filter(
      (each) => each.note,
    );
    expect(said.map((each) => [each.code.text, notesOf(each)?.[0], each.hasMember?.length])).toEqual([
      ["Recherche de mutations", "Pas d'anomalie des autres gènes.", 1],
      ["Conclusion", "Contrôle conseillé.", 1],
      ["Non interprétable", "ADN dégradé.", undefined],
    ]);
  });

  it("gives its members who recorded it and when, unless they name somebody of their own", () => {
    const doctor = (name: string, day: string) =>
      `<author><time value="${day}093000+0100"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="89970000${name.length}"/><assignedPerson>${person("Ada", name)}</assignedPerson></assignedAuthor></author>`;
    const measures = group(
      "Réfraction",
      doctor("OPHTALMO", "20240110") + member(found("Sphère")) + member(found("Axe", doctor("AUTRE", "20240111"))),
    );
    const results = all(convert(sectionXml("70938-6", "Mesures", "x", measures)), "Observation");
    expect(results.map((each) => [each.performer?.[0]?.display, each.issued])).toEqual([
      ["Ada OPHTALMO", "2024-01-10T09:30:00+01:00"],
      ["Ada AUTRE", "2024-01-11T09:30:00+01:00"],
    ]);
  });

  it("names what it groups beside an act", () => {
    const bundle = convert(sectionXml("47519-4", "Actes", "x", group("Temps opératoire", member(act("Ostéotomie")))));
    expect(notesOf(all(bundle, "Procedure")[0])).toEqual(["Groupe : Temps opératoire"]);
  });
});

describe("a place on the body", () => {
  const knee = (qualifier: string) =>
    `<targetSiteCode code="72696002" displayName="genou" ${snomed}><originalText><reference value="#s"/></originalText><qualifier>${qualifier}</qualifier></targetSiteCode>`;
  const left = `<value code="7771000" displayName="gauche" ${snomed}/>`;
  const siteOf = (words: string, qualifier: string) => {
    const request = act("Radiographie", knee(qualifier), 'moodCode="INT"');
    const text = `<table><tbody><tr><td ID="s">${words}</td><td>Gauche</td></tr></tbody></table>`;
    return all(convert(sectionXml("18776-5", "Actes demandés", text, request)), "ServiceRequest")[0]?.bodySite?.[0]
      ?.text;
  };

  it("keeps its side in words, where the narrative gives that in a cell of its own", () => {
    for (const name of [`<name code="20228-3" ${loinc}/>`, `<name code="106233006" ${snomed}/>`, ""])
      expect(siteOf("Genou", name + left)).toBe("Genou (gauche)");
    expect(siteOf("Genou gauche", left)).toBe("Genou gauche");
    expect(siteOf("Genou", `<name code="MED-1" ${loinc}/><value code="X" displayName="profil" ${loinc}/>`)).toBe(
      "Genou",
    );
  });
});

describe("a measure of the eye", () => {
  it("in `d` is in dioptres, not in days, which it is elsewhere", () => {
    const measure = observationXml("122", coded("95290-3", "Sphère"), '<value xsi:type="PQ" value="2.5" unit="d"/>');
    const read = (section: string) =>
      all(convert(sectionXml(section, "S", "x", measure)), "Observation")[0]?.valueQuantity;
    expect(read("70938-6")).toEqual({ value: 2.5, unit: "d" });
    expect(read("30954-2")).toMatchObject({ unit: "d", code: "d" });
  });
});

describe("people named in an entry", () => {
  const informant = `<informant><relatedEntity classCode="PRS"><code code="MTH" displayName="Mère" codeSystem="2.16.840.1.113883.5.111"/><relatedPerson>${person("Zoé", "MODELE")}</relatedPerson></relatedEntity></informant>`;
  const taking = (type: string, name: string, role: string) =>
    `<participant typeCode="${type}"><participantRole>${coded("3-3", role)}<playingEntity>${person("Ali", name)}</playingEntity><scopingEntity><desc>Hôpital du Test</desc></scopingEntity></participantRole></participant>`;

  it("who told it, answer for it or took part in it are told in words, of any kind of entry", () => {
    const people =
      informant + taking("RESP", "GARANT", "Autorisation d'irradiation") + taking("CON", "BIOLOGISTE", "Biologie");
    const bundle = convert(
      sectionXml("73569-6", "Exposition", "x", act("Exposition", people), found("Avis", people)),
      sectionXml("10160-0", "Traitements", "x", treatmentXml(product, people)),
    );
    const expected = [
      "Informateur : Zoé MODELE (Mère)",
      "Responsable : Ali GARANT (Autorisation d'irradiation, Hôpital du Test)",
      "Participant : Ali BIOLOGISTE (Biologie, Hôpital du Test)",
    ];
    for (const kind of ["Procedure", "Observation", "MedicationStatement"] as const)
      expect(notesOf(all(bundle, kind)[0]), kind).toEqual(expected);
  });

  it("the one who wrote an act down is not the one who did it", () => {
    const doctor = (tag: string, role: string, name: string) =>
      `<${tag}>${tag === "performer" ? '<functionCode code="SPRF" displayName="Aide opératoire" codeSystem="2.16.840.1.113883.5.88"/>' : ""}<time value="20240101"/><${role}><id root="1.2.250.1.71.4.2.1" extension="8${name}"/><assignedPerson>${person("Ada", name)}</assignedPerson></${role}></${tag}>`;
    const written = doctor("author", "assignedAuthor", "SECRETAIRE");
    const bundle = convert(
      sectionXml(
        "47519-4",
        "Actes",
        "x",
        act("Prothèse", doctor("performer", "assignedEntity", "OPERATEUR") + written),
        act("Ablation", written),
      ),
    );
    expect(
      all(bundle, "Procedure").map((each) => [
        each.performer?.[0]?.function?.text,
        each.performer?.[0]?.actor.display,
        each.recorder?.display,
      ]),
    ).toEqual([
      ["Aide opératoire", "Ada OPERATEUR", "Ada SECRETAIRE"],
      [undefined, undefined, "Ada SECRETAIRE"],
    ]);
  });

  it("who prescribed a device worn, when, and why", () => {
    const author = `<author><time value="20240102"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899"/><assignedPerson>${person("Ada", "PRESCRIPTEUR")}</assignedPerson></assignedAuthor></author>`;
    const reason = related(
      observationXml(
        "37",
        `<code code="282291009" ${snomed}/>`,
        '<value xsi:type="CD" code="I44" displayName="Bloc" codeSystem="2.16.840.1.113883.6.3"/>',
      ),
      "RSON",
    );
    const device = (mood: string) =>
      `<supply classCode="SPLY" moodCode="${mood}">${fr("20")}<statusCode code="completed"/><effectiveTime><low value="2020"/></effectiveTime>${author}<participant typeCode="DEV"><participantRole><playingDevice><code code="J01" displayName="Stimulateur" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant>${reason}</supply>`;
    const bundle = convert(sectionXml("46264-8", "DM", "x", device("EVN"), device("INT")));
    expect(all(bundle, "DeviceUseStatement")).toMatchObject([
      { source: { display: "Ada PRESCRIPTEUR" }, recordedOn: "2024-01-02", reasonCode: [{ text: "Bloc" }] },
    ]);
    expect(all(bundle, "DeviceRequest")).toMatchObject([
      { requester: { display: "Ada PRESCRIPTEUR" }, authoredOn: "2024-01-02", reasonCode: [{ text: "Bloc" }] },
    ]);
  });

  it("in a meeting, with its comment and its urgency, stand with its line", () => {
    const inner = `<priorityCode code="UR" displayName="Urgent" codeSystem="2.16.840.1.113883.5.7"/>${informant}${taking("RESP", "GARANT", "Directeur")}${related(comment("Annulée deux fois."), "SUBJ")}`;
    const bundle = convert(
      sectionXml(
        "46240-8",
        "Rencontres",
        '<paragraph ID="r">Consultation du 5</paragraph>',
        meeting(`<text><reference value="#r"/></text>${inner}`),
      ),
    );
    const encounter = all(bundle, "Encounter").find((each) => each.priority);
    expect(encounter?.priority?.text).toBe("Urgent");
    expect(encounter?.extension?.map((each) => each.valueString)).toEqual([
      "Consultation du 5 | Annulée deux fois. | Informateur : Zoé MODELE (Mère) | Responsable : Ali GARANT (Directeur, Hôpital du Test)",
    ]);
  });

  it("have written a comment, on a day", () => {
    const written = comment("À revoir").replace(
      "</act>",
      `<author><time value="20240302"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="898"/><assignedPerson>${person("Ada", "RELECTRICE")}</assignedPerson></assignedAuthor></author></act>`,
    );
    const bundle = convert(sectionXml("30954-2", "Examen", "x", found("Opacité", related(written, "SUBJ"))));
    expect(all(bundle, "Observation")[0]?.note).toEqual([
      { authorString: "Ada RELECTRICE", time: "2024-03-02", text: "À revoir" },
    ]);
  });

  it("by an identifier alone is whom the header names by it, unless that is several", () => {
    const author = (id: string) =>
      `<author><time value="20240101"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="${id}"/></assignedAuthor></author>`;
    const signer = (name: string) =>
      `<authenticator><time value="20240101"/><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000041"/><assignedPerson>${person("Ada", name)}</assignedPerson></assignedEntity></authenticator>`;
    const header = signer("UNE") + signer("AUTRE");
    const entries = ["899700000017", "899700000041", "899700000099"].map((id) => found("Avis", author(id)));
    const bundle = cdaToFhir(documentXml({ header, sections: sectionXml("30954-2", "Avis", "x", ...entries) }));
    const authors = all(bundle, "Observation").map((each) => each.performer?.[0]);
    expect(authors.map((each) => each?.display)).toEqual(["DR M Ali TESTEUR", undefined, undefined]);
    expect(authors[0]).toEqual(all(bundle, "Composition")[0]?.author[0]);
  });

  it("the relative in whom an illness is told, with the day of birth", () => {
    const brother = `<organizer classCode="CLUSTER" moodCode="EVN">${fr("59")}<subject><relatedSubject classCode="PRS"><code code="BRO" displayName="Frère" codeSystem="2.16.840.1.113883.5.111"/><subject><birthTime value="19570103"/></subject></relatedSubject></subject>${member(observationXml("51", `<code code="64572001" ${snomed}/>`, '<value xsi:type="CD" code="I10" displayName="HTA" codeSystem="2.16.840.1.113883.6.3"/>'))}</organizer>`;
    expect(all(convert(sectionXml("10157-6", "Famille", "x", brother)), "FamilyMemberHistory")[0]?.bornDate).toBe(
      "1957-01-03",
    );
  });
});

describe("what an entry holds", () => {
  const kinds = (entry: string, section = "30954-2") => {
    const bundle = convert(sectionXml(section, "Section", "x", entry));
    return (["Procedure", "MedicationStatement", "Condition"] as const).flatMap((kind) =>
      all(bundle, kind).map(() => kind),
    );
  };

  it.each(["COMP", "SUBJ", "REFR", "SPRT", "GEVL"])("is told whatever relates it: %s", (type) => {
    const treatment = related(treatmentXml(product), type);
    expect(kinds(meeting(related(act("Ponction"), type)))).toEqual(["Procedure"]);
    expect(kinds(found("Score", related(act("Ponction"), type)))).toEqual(["Procedure"]);
    expect(kinds(act("Anesthésie", treatment))).toEqual(["Procedure", "MedicationStatement"]);
    const illness = problemXml(
      '<value xsi:type="CD" code="C50" displayName="Cancer" codeSystem="2.16.840.1.113883.6.3"/>',
      { inner: treatment },
    );
    expect(kinds(illness, "11450-4")).toEqual(["MedicationStatement", "Condition"]);
  });

  it("is told once, however deep it stands", () => {
    const deep = act("Ponction", related(found("Score", related(found("Item", related(treatmentXml(product)))))));
    expect(kinds(deep)).toEqual(["Procedure", "MedicationStatement"]);
    const illness = problemXml(
      '<value xsi:type="CD" code="C50" displayName="Cancer" codeSystem="2.16.840.1.113883.6.3"/>',
      {
        inner: related(found("Stade", related(deep))),
      },
    ).replace(/<\/act>$/, `${related(deep, "REFR")}</act>`);
    expect(kinds(illness, "11450-4")).toEqual([
      ...["Procedure", "Procedure"],
      ...["MedicationStatement", "MedicationStatement"],
      "Condition",
    ]);
  });

  it("as the suspect of an adverse effect is no treatment", () => {
    const effect = `<observation classCode="OBS" moodCode="EVN">${fr("210")}<value xsi:type="CD" code="R11" displayName="Nausée" codeSystem="2.16.840.1.113883.6.3"/>${related(treatmentXml(product))}</observation>`;
    expect(kinds(act("Anesthésie", related(effect)))).toEqual(["Procedure"]);
  });

  it("and refers to is told once, where it stands", () => {
    const same = act("Ponction", '<id root="1.2.3" extension="ponction"/>');
    const bundle = convert(
      sectionXml("47519-4", "Actes", "x", same),
      sectionXml("46240-8", "Rencontres", "x", meeting(related(same, "REFR"))),
    );
    expect(all(bundle, "Procedure")).toHaveLength(1);
  });

  it("as a plan in a plan is a plan; what is no plan there is told in words, and never as done", () => {
    const planned = act(
      "Chimiothérapie",
      related(treatmentXml(product, "", 'moodCode="INT"', "83")) +
        related(act("Voie centrale")) +
        related(treatmentXml("<name>AUTREMAB</name>")),
      'moodCode="INT"',
    );
    const bundle = convert(sectionXml("18776-5", "Programme de soins", "x", planned));
    expect(all(bundle, "MedicationRequest").map((each) => each.medicationCodeableConcept?.text)).toEqual([
      "FICTIMAB 5 mg",
    ]);
    expect(notesOf(all(bundle, "ServiceRequest")[0])).toEqual(["Avec : Voie centrale", "Avec : AUTREMAB"]);
    expect([...all(bundle, "Procedure"), ...all(bundle, "MedicationStatement")]).toEqual([]);
  });

  it("in a plan, as a measure, has its date", () => {
    const weight = related(
      observationXml(
        "50",
        coded("29463-7", "Poids"),
        '<effectiveTime value="20240301"/><value xsi:type="PQ" value="80" unit="kg"/>',
      ),
    );
    const plan = act("Scanner", `<methodCode code="M" displayName="Basse dose" ${loinc}/>${weight}`, 'moodCode="INT"');
    expect(notesOf(all(convert(sectionXml("18776-5", "Plan", "x", plan)), "ServiceRequest")[0])).toEqual([
      "Poids : 80 kg (1er mars 2024)",
      "Méthode : Basse dose",
    ]);
  });

  it("as the reason of a finding, or as an illness or a device in a plan, is told in words", () => {
    const asthma = (type: string) =>
      related(
        observationXml(
          "37",
          `<code code="282291009" displayName="Diagnostic" ${snomed}/>`,
          '<value xsi:type="CD" code="J45" displayName="Asthme" codeSystem="2.16.840.1.113883.6.3"/>',
        ),
        type,
      );
    const device = related(
      `<supply classCode="SPLY" moodCode="EVN">${fr("20")}<participant typeCode="DEV"><participantRole><playingDevice><code code="R01" displayName="Masque" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`,
    );
    const bundle = convert(
      sectionXml("30954-2", "Examen", "x", found("Spirométrie", asthma("RSON"))),
      sectionXml("18776-5", "Plan", "x", act("Spirométrie", asthma("COMP") + device, 'moodCode="INT"')),
    );
    expect(notesOf(all(bundle, "Observation")[0])).toEqual(["Motif : Asthme"]);
    expect(notesOf(all(bundle, "ServiceRequest")[0])).toEqual(["Diagnostic : Asthme", "Avec : Masque"]);
    expect([...all(bundle, "Condition"), ...all(bundle, "DeviceUseStatement")]).toEqual([]);
  });

  it("in a plan, as words alone, is told by them", () => {
    const event = related(
      observationXml("48", coded("GEN-296", "Évènement associé"), "<text>Chute de sa hauteur</text>"),
    );
    const plan = act("Radiographie", event, 'moodCode="INT"');
    expect(notesOf(all(convert(sectionXml("18776-5", "Plan", "x", plan)), "ServiceRequest")[0])).toEqual([
      "Évènement associé : Chute de sa hauteur",
    ]);
  });

  it("as a degree of a finding, is told beside it", () => {
    const severe = related(
      `<observation classCode="OBS" moodCode="EVN">${fr("29")}<code code="SEV" displayName="Sévérité" codeSystem="2.16.840.1.113883.5.4"/><value xsi:type="CD" code="H" displayName="Élevée" codeSystem="2.16.840.1.113883.5.1063"/></observation>`,
      "SUBJ",
    );
    const bundle = convert(sectionXml("30954-2", "Examen", "x", found("Opacité", severe)));
    expect(notesOf(all(bundle, "Observation")[0])).toEqual(["Sévérité : Élevée"]);
  });
});

describe("words that FHIR has no place for", () => {
  it("of an act: when it was done and written down, what it cites, on what condition it holds", () => {
    const inner = `<effectiveTime value="20240101"/><performer><time value="20240102"/><assignedEntity><id root="1.2" extension="1"/></assignedEntity></performer><author><time value="20240103"/><assignedAuthor><id root="1.2" extension="1"/></assignedAuthor></author><reference typeCode="REFR"><externalDocument><id root="1.2.3"/><text>Protocole XYZ</text></externalDocument></reference><precondition><criterion><text>si saignement</text></criterion></precondition>`;
    expect(notesOf(all(convert(sectionXml("47519-4", "Actes", "x", act("Drainage", inner))), "Procedure")[0])).toEqual([
      "Document cité : Protocole XYZ",
      "Condition : si saignement",
      "Réalisé le 2 janvier 2024",
      "Consigné le 3 janvier 2024",
    ]);
  });

  it("that an entry holds itself are its narrative", () => {
    const entry = found("Opacité", "<text>en verre dépoli, lobe inférieur</text>");
    expect(all(convert(sectionXml("30954-2", "Examen", "x", entry)), "Observation")[0]?.extension).toMatchObject([
      { valueString: "en verre dépoli, lobe inférieur" },
    ]);
  });

  it("of a place that the patient goes to: its kind and address, once", () => {
    const place = `<participant typeCode="DST"><participantRole><code code="SA01" displayName="Établissement public" ${loinc}/><addr><streetAddressLine>4 rue des Lilas</streetAddressLine><postalCode>75020</postalCode><city>PARIS</city></addr><playingEntity><name>Hôpital du Test</name></playingEntity></participantRole></participant>`;
    const transfer = `<act classCode="ACT" moodCode="EVN">${fr("28")}${coded("80413-8", "Transfert")}${place}${place}</act>`;
    expect(all(convert(sectionXml("42545-4", "Sortie", "x", transfer)), "Observation")).toMatchObject([
      { valueString: "Hôpital du Test", note: [{ text: "Lieu : Établissement public, 4 rue des Lilas 75020 PARIS" }] },
    ]);
  });
});

describe("an act of no model", () => {
  const bare = (attributes: string, inner = "") =>
    `<act classCode="ACT" ${attributes}><code code="X1" displayName="Information du patient" ${loinc}/><statusCode code="completed"/><effectiveTime value="20240102"/>${inner}</act>`;

  it("outside of the sections of acts is one as well: done, not done, asked for", () => {
    const bundle = convert(
      sectionXml(
        "99-9",
        "Autre",
        "x",
        bare('moodCode="EVN"'),
        bare('moodCode="EVN" negationInd="true"'),
        bare('moodCode="RQO"'),
      ),
    );
    expect(all(bundle, "Procedure").map((each) => [each.code?.text, each.status, each.performedDateTime])).toEqual([
      ["Information du patient", "completed", "2024-01-02"],
      ["Information du patient", "not-done", "2024-01-02"],
    ]);
    expect(all(bundle, "ServiceRequest")).toMatchObject([{ intent: "order", occurrenceDateTime: "2024-01-02" }]);
  });

  it("in such a section is kept with what it holds", () => {
    const bundle = convert(sectionXml("47519-4", "Actes", "x", bare('moodCode="EVN"', related(treatmentXml(product)))));
    expect(all(bundle, "Procedure")).toHaveLength(1);
    expect(all(bundle, "MedicationStatement")).toHaveLength(1);
  });

  it("that only says what kind of wrapper it is, or only wraps, is none", () => {
    const wrapper = `<act classCode="ACT" moodCode="EVN"><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/></act>`;
    const bundle = convert(sectionXml("99-9", "Autre", "x", wrapper, bare('moodCode="EVN"', related(found("Score")))));
    expect(all(bundle, "Procedure")).toEqual([]);
    expect(all(bundle, "Observation")).toHaveLength(1);
  });
});

describe("a place of a meeting", () => {
  it("keeps its address, telephone and kinds", () => {
    const place = `<participant typeCode="LOC"><participantRole classCode="SDLOC"><code code="ORG-070" displayName="Site maladies rares" ${loinc}/><addr><streetAddressLine>4 rue des Lilas</streetAddressLine><city>PARIS</city></addr><telecom value="tel:0100000001"/><playingEntity classCode="PLC"><code code="S1" displayName="Centre de référence" ${loinc}/><name>Hôpital du Test</name></playingEntity></participantRole></participant>`;
    const bundle = convert(sectionXml("46240-8", "Rencontres", "x", meeting(place)));
    expect(all(bundle, "Location").find(({ name }) => name === "Hôpital du Test")).toMatchObject({
      type: [{ text: "Centre de référence" }, { text: "Site maladies rares" }],
      telecom: [{ value: "0100000001" }],
      address: { line: ["4 rue des Lilas"], city: "PARIS" },
    });
  });
});

describe("a pregnancy told in the document of a child", () => {
  const sections = [
    sectionXml("57078-8", "Examens prénataux", "x", group("Surveillance", member(found("Recherche Ag HBs")))),
    sectionXml(
      "10162-6",
      "Grossesses",
      "x",
      found("Gestité"),
      problemXml('<value xsi:type="CD" code="O14" displayName="Prééclampsie" codeSystem="2.16.840.1.113883.6.3"/>'),
    ),
    sectionXml("8716-3", "Mesures", "x", found("Poids")),
  ].join("");
  const read = (from: string, to: string) => cdaToFhir(documentXml({ sections }).replaceAll(from, to));
  const whose = (bundle: ReturnType<typeof read>) =>
    all(bundle, "Observation").map((each) => [
      each.code.text ?? each.valueCodeableConcept?.text,
      each.focus?.[0]?.display,
    ]);
  const ofMother = [
    ["Recherche Ag HBs", "Mère"],
    ["Gestité", "Mère"],
    ["Prééclampsie", "Mère"],
    ["Poids", undefined],
  ];

  it("is that of the mother", () => {
    const bundle = read('<birthTime value="19851212"/>', '<birthTime value="20240301"/>');
    expect(whose(bundle)).toEqual(ofMother);
    expect(all(bundle, "Condition")).toEqual([]);
  });

  it.each(["F", "M"])("is the patient's own in the document of an adult, whatever the sex on record: %s", (sex) => {
    const bundle = read('administrativeGenderCode code="F"', `administrativeGenderCode code="${sex}"`);
    expect(whose(bundle).map(([, who]) => who)).toEqual([undefined, undefined, undefined]);
    expect(all(bundle, "Condition")).toHaveLength(1);
  });
});

describe("a section about a birth", () => {
  const weight = (time: string) =>
    observationXml("50", coded("29463-7", "Poids"), `${time}<value xsi:type="PQ" value="2500" unit="g"/>`);
  const inner = (time: string) =>
    `<component><section><code code="57075-4" ${loinc}/><title>Informations néonatales</title>${sectionXml("8716-3", "Signes vitaux", "x", weight(time))}</section></component>`;

  it("says of a measure without date that it is of then; one of the mother's later days is the newborn's", () => {
    const [undated, own, newborn] = ["", '<effectiveTime value="19851213"/>', '<effectiveTime value="20240101"/>'].map(
      (time) => all(convert(inner(time)), "Observation")[0],
    );
    for (const each of [undated, own]) {
      expect(each?.focus).toBeUndefined();
      expect(each?.category?.at(-1)).toMatchObject({ coding: [{ code: "57075-4" }] });
      expect(notesOf(each)).toEqual(["Groupe : Informations néonatales"]);
    }
    expect(newborn?.focus?.[0]?.display).toBe("Nouveau-né");
  });
});

describe("what makes another finding precise", () => {
  const site = (label: string) =>
    related(
      observationXml(
        "48",
        coded("39111-0", "Localisation"),
        `<value xsi:type="CD" code="S" displayName="${label}" ${snomed}/>`,
      ),
    );

  it("says which: a finding, an act, a meeting", () => {
    const bundle = convert(
      sectionXml(
        "30954-2",
        "Imagerie",
        "x",
        found("Scanner", site("cervelet")),
        act("Intubation", site("trachée")),
        meeting(site("salle 2")),
      ),
    );
    expect(all(bundle, "Observation").flatMap((each) => notesOf(each) ?? [])).toEqual([
      "Précise : Scanner : vu",
      "Précise : Intubation",
      "Précise : Consultation",
    ]);
  });

  it("under a code that only asserts is named by what is asserted, or denied", () => {
    const asserted = (attributes: string) =>
      observationXml(
        "48",
        '<code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/>',
        `<value xsi:type="CD" code="M1" displayName="Microsaignements" ${loinc}/>`,
        attributes,
      );
    const [yes, no] = all(
      convert(
        sectionXml(
          "30954-2",
          "Imagerie",
          "x",
          asserted('moodCode="EVN"'),
          asserted('moodCode="EVN" negationInd="true"'),
        ),
      ),
      "Observation",
    );
    expect(yes).toMatchObject({
      code: { coding: [{ code: "M1" }, { code: "ASSERTION" }], text: "Microsaignements" },
      valueCodeableConcept: { coding: [{ code: "M1" }] },
    });
    expect(no).toMatchObject({ code: { text: "Microsaignements" }, valueBoolean: false });
  });
});

describe("a section of a plan in which nothing is planned", () => {
  it("makes no plan under its title: a care that was refused, a vaccine that is only recommended", () => {
    const refused = act("Soins palliatifs", "", 'moodCode="EVN" negationInd="true"');
    const plans = (...entries: string[]) =>
      all(convert(sectionXml("18776-5", "Soins palliatifs", "x", ...entries)), "CarePlan");
    expect(plans(refused)).toEqual([]);
    expect(plans(refused, act("Kinésithérapie", "", 'moodCode="INT"'))).toMatchObject([
      { activity: [{ reference: { type: "ServiceRequest" } }] },
    ]);
  });
});

describe("the subject of an entry", () => {
  const about = (content: string) => `<subject><relatedSubject ${content}</relatedSubject></subject>`;
  const child = about('classCode="PRS"><code code="CHILD" displayName="Enfant"/>');
  const named = (bundle: ReturnType<typeof convert>) =>
    all(bundle, "Observation").map((each) => [each.code.text, each.focus?.[0]?.display]);

  it("may be said to be the patient, within a group about another too", () => {
    for (const self of [about('classCode="PAT">'), about('classCode="PRS"><code code="ONESELF"/>')]) {
      const members = member(found("De la mère", self)) + member(found("De l'enfant"));
      expect(named(convert(sectionXml("30954-2", "Examen", "x", group("", child + members))))).toEqual([
        ["De la mère", undefined],
        ["De l'enfant", "Enfant"],
      ]);
    }
    const illness = problemXml(
      '<value xsi:type="CD" code="I10" displayName="HTA" codeSystem="2.16.840.1.113883.6.3"/>',
      { inner: about('classCode="PAT">') },
    );
    const bundle = convert(sectionXml("11450-4", "Problèmes", "x", illness).replace("<title>", `${child}<title>`));
    expect(all(bundle, "Condition")).toHaveLength(1);
  });

  it("may be told as a participant", () => {
    const subject = `<participant typeCode="SBJ"><participantRole classCode="PRS"><code code="SIS" displayName="Sœur" codeSystem="2.16.840.1.113883.5.111"/><playingEntity>${person("Zoé", "MODELE")}</playingEntity></participantRole></participant>`;
    const bundle = convert(sectionXml("30954-2", "Examen", "x", found("Caryotype", subject)));
    expect(named(bundle)).toEqual([["Caryotype", "Zoé MODELE"]]);
    expect(notesOf(all(bundle, "Observation")[0])).toBeUndefined();
  });

  it("is never the patient of an adverse effect, a directive, images, a transfer or a report", () => {
    const effect = `<observation classCode="OBS" moodCode="EVN">${fr("210")}${child}<value xsi:type="CD" code="R11" displayName="Nausée" codeSystem="2.16.840.1.113883.6.3"/></observation>`;
    const wish = observationXml(
      "54",
      coded("1-9", "Réanimation"),
      '<value xsi:type="BL" value="true"/>',
      'moodCode="EVN"',
      child,
    );
    const images = `<act classCode="ACT" moodCode="EVN">${fr("155")}<id root="1.2.3"/>${child}</act>`;
    const transfer = `<act classCode="ACT" moodCode="EVN">${fr("28")}${coded("80413-8", "Transfert")}${child}</act>`;
    const told = `<act classCode="ACT" moodCode="EVN">${coded("9-9", "Information")}${child}</act>`;
    const result = observationXml("80", coded("718-7", "Hémoglobine"), '<value xsi:type="PQ" value="13" unit="g/dL"/>');
    const report = `<act classCode="ACT" moodCode="EVN">${fr("21")}${coded("18723-7", "Hématologie")}${child}${related(result)}</act>`;
    const bundle = convert(sectionXml("30954-2", "Examen", "x", effect, wish, images, transfer, told, report));
    for (const kind of ["AdverseEvent", "Consent", "ImagingStudy", "Procedure", "DiagnosticReport"] as const)
      expect(all(bundle, kind), kind).toEqual([]);
    expect(named(bundle)).toEqual([
      ["Transfert", "Enfant"],
      ["Hémoglobine", "Enfant"],
    ]);
  });
});

describe("a document that adds to another", () => {
  it("says so, and replaces nothing", () => {
    const parent = (type: string, id: string) =>
      `<relatedDocument typeCode="${type}"><parentDocument><id root="${id}"/></parentDocument></relatedDocument>`;
    const bundle = cdaToFhir(documentXml({ header: parent("APND", "1.2.3") + parent("RPLC", "1.2.4") }));
    expect(all(bundle, "Composition")[0]?.relatesTo).toMatchObject([
      { code: "appends", targetIdentifier: { value: "urn:oid:1.2.3" } },
      { code: "replaces", targetIdentifier: { value: "urn:oid:1.2.4" } },
    ]);
  });
});
