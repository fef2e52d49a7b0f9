/** What the standard allows and few samples show: other templates, other places for a denial, values withheld. */
import { describe, expect, it } from "vitest";
import { extensionUrl } from "../../fhir/index.ts";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const masked = { url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" };
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';

describe("entries that declare no template are told by their code and their section", () => {
  const bare = (xml: string) => xml.replace(/<templateId[^>]*\/>/g, "");

  it("a problem, with the status of the concern around it", () => {
    const value = `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
    const [condition, ...others] = all(
      convert(sectionXml("11450-4", "Problèmes", "x", bare(problemXml(value, { status: "completed" })))),
      "Condition",
    );
    expect(others).toEqual([]);
    expect(condition?.code?.coding?.[0]?.code).toBe("J45");
    expect(condition?.clinicalStatus?.coding?.[0]?.code).toBe("inactive");
  });

  it("an allergy with its severity, criticality and certainty", () => {
    const nested = [
      `<code code="SEV" codeSystem="2.16.840.1.113883.5.4"/><value xsi:type="CD" code="24484000" displayName="sévère" ${snomed}/>`,
      `<code code="82606-5" ${loinc}/><value xsi:type="CD" code="high"/>`,
      `<code code="66455-7" ${loinc}/><value xsi:type="CD" code="confirmed"/>`,
    ];
    const entry = bare(
      allergyXml(`<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>`),
    );
    const inner = nested.map(
      (each) =>
        `<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">${each}</observation></entryRelationship>`,
    );
    const bundle = convert(
      sectionXml(
        "48765-2",
        "Allergies",
        "x",
        entry.replace("</observation></entry", `${inner.join("")}</observation></entry`),
      ),
    );
    const [allergy, ...others] = all(bundle, "AllergyIntolerance");
    expect(others).toEqual([]);
    expect(all(bundle, "Observation")).toEqual([]);
    expect(allergy?.code?.coding?.[0]?.code).toBe("J01CA04");
    expect(allergy?.criticality).toBe("high");
    expect(allergy?.verificationStatus?.coding?.[0]?.code).toBe("confirmed");
    expect(allergy?.note?.map((each) => each.text)).toContain("Sévérité : sévère");
  });

  it("so are those whose templates are of another nomenclature: an allergy keeps its agent, a vaccine is none taken", () => {
    const foreign = (xml: string) => xml.replace(/root="1\.2\.250\.1\.213\.1\.1\.3\./g, 'root="1.2.250.1.999.77.');
    const agent = '<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>';
    const vaccine = '<code code="J07BB02" displayName="grippe" codeSystem="2.16.840.1.113883.6.73"/>';
    const bundle = convert(
      sectionXml("48765-2", "Allergies", "x", foreign(allergyXml(agent))),
      sectionXml("11450-4", "Problèmes", "x", foreign(problemXml(`<value xsi:type="CD" code="J45" ${icd}/>`))),
      sectionXml("11369-6", "Vaccinations", "x", foreign(treatmentXml(vaccine))),
    );
    const codes = ["AllergyIntolerance", "Condition", "Observation", "MedicationStatement"] as const;
    expect(
      codes.flatMap((kind) => all(bundle, kind)).map((one) => "code" in one && one.code?.coding?.[0]?.code),
    ).toEqual(["J01CA04", "J45"]);
    expect(all(bundle, "Immunization").map((one) => one.vaccineCode.coding?.[0]?.code)).toEqual(["J07BB02"]);
  });

  it("an allergy to a named agent, in whatever section it stands", () => {
    const agent = '<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>';
    const bundle = convert(sectionXml("46239-0", "Motif et histoire", "x", bare(allergyXml(agent))));
    expect(all(bundle, "AllergyIntolerance").map((one) => one.code?.coding?.[0]?.code)).toEqual(["J01CA04"]);
    expect(all(bundle, "Observation")).toEqual([]);
  });

  it("a vaccination, never a treatment, by its section or by its act code", () => {
    const vaccine = '<code code="J07BB02" displayName="grippe" codeSystem="2.16.840.1.113883.6.73"/>';
    const bySection = convert(sectionXml("11369-6", "Vaccinations", "x", bare(treatmentXml(vaccine))));
    const code = '<code code="BOOSTER" codeSystem="2.16.840.1.113883.5.4"/>';
    const byCode = convert(sectionXml("18610-6", "Administrés", "x", bare(treatmentXml(vaccine, code))));
    for (const bundle of [bySection, byCode]) {
      expect(all(bundle, "Immunization").map((each) => each.vaccineCode.coding?.[0]?.code)).toEqual(["J07BB02"]);
      expect(all(bundle, "MedicationStatement")).toEqual([]);
    }
  });

  it("an illness of the family is never one of the patient", () => {
    const value = `<value xsi:type="CD" code="E11" displayName="Diabète de type 2" ${icd}/>`;
    const organizer = `<organizer classCode="CLUSTER" moodCode="EVN"><statusCode code="completed"/><subject><relatedSubject classCode="PRS"><code code="MTH" displayName="Mère" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>
      <component><observation classCode="OBS" moodCode="EVN"><code code="64572001" ${snomed}/>${value}</observation></component></organizer>`;
    const bundle = convert(sectionXml("10157-6", "Antécédents familiaux", "x", organizer));
    expect(all(bundle, "Condition")).toEqual([]);
    const [history] = all(bundle, "FamilyMemberHistory");
    expect(history?.relationship.text).toBe("Mère");
    expect(history?.condition?.[0]?.code.coding?.[0]?.code).toBe("E11");
  });

  it("a chapter of laboratory results whose templates stand on its results alone", () => {
    const result = observationXml(
      "80",
      `<code code="718-7" displayName="Hémoglobine" ${loinc}/>`,
      '<value xsi:type="PQ" value="13" unit="g/dL"/>',
    );
    const act = `<act classCode="ACT" moodCode="EVN"><code code="18723-7" displayName="Hématologie" ${loinc}/><statusCode code="completed"/><entryRelationship typeCode="COMP">${result}</entryRelationship></act>`;
    const bundle = convert(sectionXml("18723-7", "Hématologie", "x", act));
    expect(all(bundle, "DiagnosticReport")[0]?.result).toHaveLength(1);
    expect(all(bundle, "Observation")[0]?.category?.[0]?.coding?.[0]?.code).toBe("laboratory");
  });
});

describe("entries under templates of another edition are told by their code and their section", () => {
  const other = (xml: string) => xml.replace(/<templateId[^>]*\/>/g, '<templateId root="1.2.250.1.999.3.1"/>');
  const observation = (code: string) =>
    `<observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.999.3.2"/>${code}<statusCode code="completed"/>`;

  it("a joined document is a file with its name, and no finding", () => {
    const kind = `${observation(`<code code="69764-9" ${loinc}/><text>Compte rendu du 12 mars</text>`)}</observation>`;
    const file =
      '<observationMedia classCode="OBS" moodCode="EVN" ID="D1"><value mediaType="text/plain">mot</value></observationMedia>';
    const organizer = `<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.999.3.3"/><statusCode code="completed"/><component>${kind}</component><component>${file}</component></organizer>`;
    const bundle = convert(sectionXml("55107-7", "Documents ajoutés", "x", organizer));
    expect(all(bundle, "Observation")).toEqual([]);
    expect(all(bundle, "DocumentReference").map((each) => each.content[0]?.attachment.title)).toEqual([
      "Compte rendu du 12 mars",
    ]);
  });

  it("images and what was given for them are no findings and no treatment", () => {
    const product = `<code code="V08AB02" displayName="iohexol" codeSystem="2.16.840.1.113883.6.73"/>`;
    const study = `<act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.999.3.4"/><id root="1.2.250.1.999.9.1"/><code code="113014" codeSystem="1.2.840.10008.2.16.4"/></act>`;
    const bundle = convert(
      sectionXml("55111-9", "Technique", "x", other(treatmentXml(product))),
      sectionXml("121181", "Catalogue", "x", study),
    );
    expect(all(bundle, "MedicationStatement")).toEqual([]);
    expect(all(bundle, "MedicationAdministration").map((each) => each.category?.text)).toEqual([
      "Produit de contraste",
    ]);
    expect(all(bundle, "ImagingStudy").map((each) => each.identifier?.[0]?.value)).toEqual([
      "urn:oid:1.2.250.1.999.9.1",
    ]);
  });

  it("an adverse effect modelled as an allergy stays an effect in its own section", () => {
    const entry = allergyXml(undefined, {
      value: `<value xsi:type="CD" code="R11" displayName="Nausée" ${icd}/>`,
    });
    const bundle = convert(sectionXml("44939-7", "Effets indésirables", "x", entry));
    expect(all(bundle, "AllergyIntolerance")).toEqual([]);
    expect(all(bundle, "AdverseEvent").map((each) => each.event?.coding?.some(({ code }) => code === "R11"))).toEqual([
      true,
    ]);
  });

  it("taking a sample is told by what it yields, and its arrival by its code", () => {
    const taken = `<procedure classCode="PROC" moodCode="EVN"><code code="48635004" displayName="ponction" ${snomed}/><statusCode code="completed"/><effectiveTime value="20240311"/>
      <participant typeCode="PRD"><participantRole classCode="SPEC"><id root="1.2.250.1.999.4" extension="T1"/><playingEntity><code code="119297000" displayName="sang" ${snomed}/></playingEntity></participantRole></participant>
      <entryRelationship typeCode="COMP"><act classCode="ACT" moodCode="EVN"><code code="SPRECEIVE"/><effectiveTime value="20240312"/></act></entryRelationship></procedure>`;
    const bundle = convert(sectionXml("18725-2", "Microbiologie", "x", taken));
    expect(all(bundle, "Procedure")).toEqual([]);
    expect(all(bundle, "Specimen").map(({ type, receivedTime }) => [type?.text, receivedTime])).toEqual([
      ["sang", "2024-03-12"],
    ]);
  });
});

describe("a denial holds wherever it stands", () => {
  const value = `<value xsi:type="CD" code="I10" displayName="Hypertension" ${icd}/>`;

  it("on the concern around a problem or an allergy", () => {
    const concern = (xml: string) => xml.replace('<act classCode="ACT"', '<act classCode="ACT" negationInd="true"');
    const agent = '<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>';
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", "x", concern(problemXml(value))),
      sectionXml("48765-2", "Allergies", "x", concern(allergyXml(agent))),
    );
    expect(all(bundle, "Condition")[0]?.verificationStatus?.coding?.[0]?.code).toBe("refuted");
    expect(all(bundle, "AllergyIntolerance")[0]?.verificationStatus?.coding?.[0]?.code).toBe("refuted");
  });

  it("on the relation that holds an observation, and then on that one alone", () => {
    const site = (denied: boolean, code: string) =>
      `<entryRelationship typeCode="SPRT" negationInd="${denied}">${observationXml("48", `<code code="39111-0" displayName="Localisation" ${loinc}/>`, `<value xsi:type="CD" code="${code}" displayName="Lieu ${code}" ${snomed}/>`)}</entryRelationship>`;
    const scan = observationXml(
      "48",
      '<code code="ACQK001" displayName="Scanner" codeSystem="1.2.250.1.215.300.1"/>',
      value,
      'moodCode="EVN"',
      site(true, "1") + site(false, "2"),
    );
    const [main, denied, found] = all(convert(sectionXml("30954-2", "Résultats", "x", scan)), "Observation");
    expect(main?.valueCodeableConcept?.coding?.[0]?.code).toBe("I10");
    expect(denied?.valueBoolean).toBe(false);
    expect(denied?.note?.[0]?.text).toBe("Non : Lieu 1");
    expect(found?.valueCodeableConcept?.coding?.[0]?.code).toBe("2");
  });

  it("on a device or a prescription of one that was called off", () => {
    const supply = (attributes: string, inner: string) =>
      `<supply classCode="SPLY" ${attributes}><templateId root="1.2.250.1.213.1.1.3.20"/>${inner}<participant typeCode="DEV"><participantRole><playingDevice><code code="P0101" displayName="Attelle" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`;
    const bundle = convert(
      sectionXml(
        "46264-8",
        "Dispositifs",
        "x",
        supply('moodCode="RQO"', '<statusCode code="cancelled"/>'),
        supply('moodCode="RQO"', '<statusCode code="completed"/>'),
      ),
    );
    expect(all(bundle, "DeviceRequest").map((each) => each.status)).toEqual(["revoked", "active"]);
  });

  it("and a yes in the cell beside it is told as a disagreement, that of another question not", () => {
    const table = (heading: string) =>
      `<table><thead><tr><th>Antécédent</th><th>${heading}</th></tr></thead><tbody><tr><td ID="p">Hypertension</td><td>Oui</td></tr></tbody></table>`;
    const said = (heading: string) =>
      all(
        convert(sectionXml("11348-0", "Antécédents", table(heading), problemXml(value, { negated: true, text: "#p" }))),
        "Condition",
      )[0]?.extension?.filter((each) => each.url === extensionUrl.disagreement);
    expect(said("Présent ?")?.[0]?.valueString).toBe("Le codage nie, le texte dit « Présent ? : Oui ».");
    expect(said("Traité")).toEqual([]);
  });
});

describe("what is withheld reads as withheld", () => {
  it("a code, a product, an agent or a whole statement: the fact stays and says so", () => {
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", "x", problemXml('<value xsi:type="CD" nullFlavor="MSK"/>')),
      sectionXml("48765-2", "Allergies", "x", allergyXml('<code nullFlavor="MSK"/>')),
      sectionXml("10160-0", "Traitements", "x", treatmentXml('<code nullFlavor="MSK"/>')),
      sectionXml("11369-6", "Vaccinations", "x", treatmentXml('<code nullFlavor="MSK"/>', "", 'moodCode="EVN"', "45")),
      sectionXml(
        "30954-2",
        "Résultats",
        "x",
        observationXml("48", '<code nullFlavor="MSK"/>', ""),
        '<procedure classCode="PROC" moodCode="EVN" nullFlavor="MSK"><templateId root="1.2.250.1.213.1.1.3.62"/></procedure>',
      ),
    );
    const withheld = { extension: [masked], text: "Masqué" };
    expect(all(bundle, "Condition")[0]?.code).toEqual(withheld);
    expect(all(bundle, "AllergyIntolerance")[0]?.code).toEqual(withheld);
    expect(all(bundle, "MedicationStatement")[0]?.medicationCodeableConcept).toEqual(withheld);
    expect(all(bundle, "Immunization")[0]?.vaccineCode).toEqual(withheld);
    expect(all(bundle, "Observation")[0]?.code).toEqual(withheld);
    expect(all(bundle, "Procedure")[0]?.code).toEqual(withheld);
  });

  it("a date: neither that of the group nor silence takes its place", () => {
    const weight = observationXml(
      "50",
      `<code code="29463-7" displayName="Poids" ${loinc}/><effectiveTime nullFlavor="MSK"/>`,
      '<value xsi:type="PQ" value="70" unit="kg"/>',
    );
    const group = `<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.49"/><statusCode code="completed"/><effectiveTime value="20240101"/><component>${weight}</component></organizer>`;
    const problem = problemXml(`<value xsi:type="CD" code="J45" ${icd}/>`, {
      time: '<effectiveTime><low nullFlavor="MSK"/><high nullFlavor="MSK"/></effectiveTime>',
    });
    const treatment = treatmentXml(
      "<name>FICTIMAB</name>",
      '<effectiveTime xsi:type="IVL_TS"><low nullFlavor="MSK"/></effectiveTime>',
    );
    const bundle = convert(
      sectionXml("8716-3", "Signes vitaux", "x", group),
      sectionXml("11450-4", "Problèmes", "x", problem),
      sectionXml("10160-0", "Traitements", "x", treatment),
    );
    const withheld = { extension: [masked] };
    expect(all(bundle, "Observation")[0]).toMatchObject({ _effectiveDateTime: withheld });
    expect(all(bundle, "Observation")[0]?.effectiveDateTime).toBeUndefined();
    expect(all(bundle, "Condition")[0]).toMatchObject({ _onsetDateTime: withheld });
    expect(all(bundle, "MedicationStatement")[0]).toMatchObject({ _effectiveDateTime: withheld });
  });
});

describe("earlier values that a result cites", () => {
  const earlier = (template: string, time: string) =>
    `<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN">${template}<code code="718-7" ${loinc}/><statusCode code="completed"/>${time}<value xsi:type="PQ" value="11" unit="g/dL"/></observation></entryRelationship>`;
  const hemoglobin = (inner: string) =>
    observationXml(
      "80",
      `<code code="718-7" displayName="Hémoglobine" ${loinc}/>`,
      '<effectiveTime value="20240301"/><value xsi:type="PQ" value="13" unit="g/dL"/>',
      'moodCode="EVN"',
      inner,
    );
  const template = '<templateId root="1.2.250.1.213.1.1.3.80"/>';

  it.each([
    ["with a template", template],
    ["without", ""],
  ])("bear their own date, never that of today (%s)", (_, declared) => {
    const bundle = convert(
      sectionXml("18723-7", "Hématologie", "x", hemoglobin(earlier(declared, '<effectiveTime value="20230105"/>'))),
    );
    expect(all(bundle, "Observation").map((each) => [each.effectiveDateTime, each.valueQuantity?.value])).toEqual([
      ["2024-03-01", 13],
      ["2023-01-05", 11],
    ]);
    const undated = convert(sectionXml("18723-7", "Hématologie", "x", hemoglobin(earlier(declared, ""))));
    expect(all(undated, "Observation").map((each) => each.valueQuantity?.value)).toEqual([13]);
  });
});

describe("status and certainty of a problem or an allergy are read", () => {
  const coded = `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`;
  const agent = '<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>';
  const inWords = (text: string) =>
    `<value xsi:type="CD" nullFlavor="OTH"><originalText>${text}</originalText></value>`;
  const translated = (code: string) =>
    `<value xsi:type="CD" nullFlavor="OTH"><translation code="${code}" codeSystem="2.16.840.1.113883.4.642.4.1075"/></value>`;
  const told = (template: string, code: string, value: string) => {
    const inner = `<entryRelationship typeCode="REFR">${observationXml(template, `<code code="${code}" ${loinc}/>`, value)}</entryRelationship>`;
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", "x", problemXml(coded, { inner })),
      sectionXml("48765-2", "Allergies", "x", allergyXml(agent).replace("</observation>", `${inner}</observation>`)),
    );
    return [...all(bundle, "Condition"), ...all(bundle, "AllergyIntolerance")].map((one) => [
      one.clinicalStatus?.coding?.[0]?.code,
      one.verificationStatus?.coding?.[0]?.code,
      one.note?.map((each) => each.text).filter((text) => /^(Statut|Certitude) :/.test(text)),
    ]);
  };

  it.each([
    ["in a translation", translated("refuted"), "refuted", "refuted"],
    ["in words", inWords("Écarté"), "refuted", "refuted"],
    ["as a text", '<value xsi:type="ST">Confirmée</value>', "confirmed", "confirmed"],
    ["by the label of another code", `<value xsi:type="CD" code="X1" displayName="Exclue"/>`, "refuted", "refuted"],
    ["in words of doubt", inWords("Suspecté"), "unconfirmed", "unconfirmed"],
    ["in words of probability", inWords("Probable"), "provisional", "unconfirmed"],
  ])("the certainty %s", (_, value, ofProblem, ofAllergy) => {
    expect(told("171", "66455-7", value).map(([, verification, note]) => [verification, note ?? []])).toEqual([
      [ofProblem, []],
      [ofAllergy, []],
    ]);
  });

  it.each([
    ["in a translation", translated("resolved"), "resolved"],
    ["in words", inWords("Guérie"), "resolved"],
    ["as a text", '<value xsi:type="ST">Inactif</value>', "inactive"],
  ])("the status %s", (_, value, status) => {
    expect(told("30", "33999-4", value).map(([clinical, , note]) => [clinical, note ?? []])).toEqual([
      [status, []],
      [status, []],
    ]);
  });

  it("and told in the notes when they are none of those of FHIR", () => {
    const doubt = `<value xsi:type="CD" code="410593003" displayName="probablement absent" ${snomed}/>`;
    for (const [, verification, note] of told("171", "66455-7", doubt))
      expect([verification, note]).toEqual([undefined, ["Certitude : probablement absent"]]);
    for (const [clinical, , note] of told("30", "33999-4", inWords("Stable sous traitement")))
      expect([clinical, note]).toEqual(["active", ["Statut : Stable sous traitement"]]);
  });
});

describe("an illness of the family is that of the relative whom it names", () => {
  const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
  const who = (code: string) =>
    `<subject><relatedSubject classCode="PRS"><code code="${code}" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>`;
  const illness = (code: string, subject = "") =>
    observationXml(
      "51",
      `<code code="282291009" ${snomed}/>`,
      `<value xsi:type="CD" code="${code}" ${icd}/>`,
      'moodCode="EVN"',
      subject,
    );
  const group = (...parts: string[]) =>
    `<organizer classCode="CLUSTER" moodCode="EVN">${fr("59")}<statusCode code="completed"/>${parts.join("")}</organizer>`;
  const part = (xml: string) => `<component>${xml}</component>`;
  const told = (xml: string) =>
    all(convert(sectionXml("10157-6", "Antécédents familiaux", "x", xml)), "FamilyMemberHistory").map((one) => [
      one.relationship.coding?.[0]?.code,
      one.condition?.[0]?.code.coding?.[0]?.code,
    ]);

  it("where the group is about another", () => {
    expect(told(group(who("MTH"), part(illness("I10")), part(illness("C50", who("SIS")))))).toEqual([
      ["MTH", "I10"],
      ["SIS", "C50"],
    ]);
  });

  it("in a group within a group, and in an act of it", () => {
    const act = `<act classCode="ACT" moodCode="EVN"><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/><entryRelationship typeCode="SUBJ">${illness("E11")}</entryRelationship></act>`;
    const groups = [group(who("MTH"), part(illness("I10"))), group(who("FTH"), part(act))];
    expect(told(group(...groups.map(part)))).toEqual([
      ["MTH", "I10"],
      ["FTH", "E11"],
    ]);
  });
});
