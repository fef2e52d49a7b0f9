/** Kinds of documents and of entries that few samples show: each section and entry has a home, a resource or words. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { cdaToFhir } from "./index.ts";
import {
  allergyXml,
  convert,
  documentXml,
  observationXml,
  problemXml,
  sectionXml,
  testIns,
  treatmentXml,
} from "./test-support.ts";

const ans = 'codeSystem="1.2.250.1.213.1.1.4.322"';
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';

describe("a prescription whose posology is written in free words", () => {
  const product = '<code code="60000001" codeSystem="1.2.250.1.213.2.3.1"/><name>FICTIMAB 5 mg</name>';
  const duration = '<effectiveTime xsi:type="IVL_TS"><low value="20240312"/><high value="20240318"/></effectiveTime>';
  const line = (pointer = '<text><reference value="#m1"/></text>') =>
    treatmentXml(product, `${pointer}${duration}`, 'moodCode="INT"', "83");
  const posologyOf = (table: string, entry = line()) =>
    all(convert(sectionXml("57828-6", "Prescription", table, entry)), "MedicationRequest")[0]?.dosageInstruction?.[0]
      ?.text;
  const words = "1 comprimé le matin, 2 si douleur";

  it("takes it from the column so headed, cells spanning columns or not", () => {
    const table = `<table><thead><tr><th>Durée</th><th colspan="2">Médicament</th><th>Posologie</th></tr></thead><tbody>
      <tr><td>6 j</td><td ID="m1">FICTIMAB</td><td>5 mg</td><td>${words}</td></tr></tbody></table>`;
    expect(posologyOf(table)).toBe(words);
  });

  it("takes it from a line of its own below the medicine, up to the next medicine", () => {
    const table = `<table><thead><tr><th>Durée</th><th>Médicament</th><th>ALD</th></tr></thead><tbody>
      <tr><td>6 j</td><td ID="m1">FICTIMAB</td><td>Non</td></tr>
      <tr><td colspan="2">Posologie</td><td>${words}</td></tr>
      <tr><td>6 j</td><td ID="m2">AUTREMAB</td><td>Non</td></tr>
      <tr><td colspan="2">Posologie</td><td>3 gélules</td></tr></tbody></table>`;
    expect(posologyOf(table)).toBe(words);
  });

  it("takes every line that a cell of the medicine reaches into", () => {
    const table = `<table><thead><tr><th>Médicament</th><th>Posologie</th></tr></thead><tbody>
      <tr><td rowspan="2" ID="m1">FICTIMAB</td><td>1 le matin</td></tr><tr><td>2 le soir</td></tr>
      <tr><td ID="m2">AUTREMAB</td><td>3 gélules</td></tr></tbody></table>`;
    expect(posologyOf(table)).toBe("1 le matin ; 2 le soir");
  });

  it("takes the line of its own where another cell reaches over several, and each dose where the medicine does", () => {
    const reasons = (
      id: string,
    ) => `<table><thead><tr><th>Motif</th><th>Médicament</th><th>Posologie</th></tr></thead><tbody>
      <tr><td rowspan="2">HTA</td><td${id === "one" ? ' ID="m1"' : ""}>FICTIMAB</td><td>1 le matin</td></tr>
      <tr><td${id === "other" ? ' ID="m1"' : ""}>AUTREMAB</td><td>3 le soir</td></tr></tbody></table>`;
    expect([posologyOf(reasons("one")), posologyOf(reasons("other"))]).toEqual(["1 le matin", "3 le soir"]);
    const doses = (
      first: string,
      second: string,
    ) => `<table><thead><tr><th>Médicament</th><th>Dose</th><th>Rythme</th></tr></thead><tbody>
      <tr><td rowspan="2">FICTIMAB</td><td${first}>5 mg</td><td>matin</td></tr>
      <tr><td${second}>2,5 mg</td><td>soir</td></tr></tbody></table>`;
    expect(posologyOf(doses(' ID="m1"', ""))).toBe("5 mg ; matin");
    expect(posologyOf(doses("", ' ID="m1"'))).toBe("2,5 mg ; soir");
  });

  it("takes it from a table of labels and values, up to the label that opens the next medicine", () => {
    const table = `<table><tbody><tr><th>Médicament</th><td ID="m1">FICTIMAB</td></tr><tr><th>Posologie</th><td>${words}</td></tr>
      <tr><th>Médicament</th><td>AUTREMAB</td></tr><tr><th>Posologie</th><td>3 gélules</td></tr></tbody></table>`;
    expect(posologyOf(table)).toBe(words);
  });

  it("finds the line by the product when the entry itself points nowhere, and invents none", () => {
    const pointed =
      '<code code="60000001" codeSystem="1.2.250.1.213.2.3.1"><originalText><reference value="#m1"/></originalText></code>';
    const table = `<table><thead><tr><th>Médicament</th><th>Posologie</th></tr></thead><tbody><tr><td ID="m1">FICTIMAB</td><td>${words}</td></tr></tbody></table>`;
    expect(posologyOf(table, treatmentXml(pointed, duration, 'moodCode="INT"', "83"))).toBe(words);
    expect(posologyOf("<paragraph ID='m1'>FICTIMAB</paragraph>")).toBeUndefined();
  });
});

describe("letters, sheets and notes", () => {
  it("an admission letter keeps its reasons, treatments before and after, and what the sender asks", () => {
    const bundle = convert(
      sectionXml("46239-0", "Motif d'hospitalisation", "<paragraph>Chute au domicile</paragraph>"),
      sectionXml("42346-7", "Traitements à l'admission", "x", treatmentXml("<name>FICTIMAB</name>")),
      sectionXml(
        "46241-6",
        "Diagnostic d'admission",
        "x",
        problemXml('<value xsi:type="CD" code="S72.0" codeSystem="2.16.840.1.113883.6.3"/>'),
      ),
      sectionXml(
        "18776-5",
        "Plan de soins",
        "x",
        observationXml("27", `<code code="36643-5" displayName="Radio thorax" ${loinc}/>`, "", 'moodCode="INT"'),
      ),
    );
    const [composition] = all(bundle, "Composition");
    expect(composition?.section?.map((each) => each.title)).toEqual([
      "Motif d'hospitalisation",
      "Traitements à l'admission",
      "Diagnostic d'admission",
      "Plan de soins",
    ]);
    expect(composition?.section?.[0]?.text?.div).toContain("Chute au domicile");
    expect(all(bundle, "MedicationStatement")[0]?.status).toBe("unknown");
    expect(all(bundle, "Condition")).toHaveLength(1);
    expect(all(bundle, "ServiceRequest")).toHaveLength(1);
  });

  it("a vaccination note by the patient has the patient as author, and its vaccines", () => {
    const header = `<author><time value="20240312"/><assignedAuthor><id root="1.2.250.1.213.1.4.10" extension="${testIns.value}"/><assignedPerson><name><family>EXEMPLE</family></name></assignedPerson></assignedAuthor></author>`;
    const vaccine = treatmentXml(
      '<code code="3400936924642" codeSystem="1.2.250.1.213.2.3.2"/><name>FICTIVAX</name><lotNumberText>L1</lotNumberText>',
      '<effectiveTime value="20240201"/>',
      'moodCode="EVN"',
      "45",
    );
    const bundle = cdaToFhir(documentXml({ header, sections: sectionXml("11369-6", "Vaccinations", "x", vaccine) }));
    const patient = bundle.entry?.find(({ resource }) => resource?.resourceType === "Patient")?.fullUrl;
    expect(all(bundle, "Composition")[0]?.author.map((each) => each.reference)).toContain(patient);
    expect(all(bundle, "Immunization")).toMatchObject([{ status: "completed", lotNumber: "L1" }]);
  });

  it("a liaison sheet says where the patient goes and how, and what goes along", () => {
    const transport = `<act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.28"/><code code="ORG-118" displayName="Ambulance" ${ans}/><text>Allongé</text><effectiveTime value="20240312"/></act>`;
    const bundle = convert(
      sectionXml("11459-5", "Mode de transport", "x", transport),
      sectionXml("44944-7", "Autres alertes", "<list><item>Risque de chute</item></list>"),
    );
    expect(all(bundle, "Observation")).toMatchObject([
      { code: { coding: [{ code: "ORG-118" }] }, valueString: "Allongé" },
    ]);
    expect(JSON.stringify(all(bundle, "Composition")[0]?.section)).toContain("Risque de chute");
  });

  it("a thrombolysis keeps each contraindication checked, answered yes or no", () => {
    const criterion = (code: string, name: string, value: boolean) =>
      `<precondition><criterion><code code="${code}" displayName="${name}" ${ans}/><value xsi:type="BL" value="${value}"/></criterion></precondition>`;
    const bundle = convert(
      sectionXml(
        "18610-6",
        "Traitements administrés",
        "x",
        treatmentXml(
          "<name>FICTILYSE</name>",
          criterion("MED-1", "Déficit mineur", false) + criterion("MED-2", "Chirurgie récente", true),
        ),
      ),
    );
    expect(all(bundle, "MedicationStatement")[0]?.note).toEqual([
      { text: "Déficit mineur : non" },
      { text: "Chirurgie récente : oui" },
    ]);
  });

  it("births stand in the pregnancy history with their dates; the child's illness is not the mother's", () => {
    const birth = `<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.55"/><code code="118185001" ${snomed}/><effectiveTime value="20190504"/>
      <component><organizer classCode="CLUSTER" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.56"/><subject><relatedSubject classCode="PRS"><code code="CHILD" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>
      <component>${observationXml("48", `<code code="8339-4" displayName="Poids de naissance" ${loinc}/>`, '<value xsi:type="PQ" value="3200" unit="g"/>')}</component>
      <component>${observationXml("37", `<code code="55607006" ${snomed}/>`, '<value xsi:type="CD" code="P59.9" displayName="Ictère" codeSystem="2.16.840.1.113883.6.3"/>')}</component></organizer></component>
      <component>${observationXml("53", `<code code="11996-6" displayName="Grossesses" ${loinc}/>`, '<value xsi:type="INT" value="2"/>')}</component></organizer>`;
    const bundle = convert(sectionXml("10162-6", "Grossesses", "x", birth));
    expect(all(bundle, "Condition")).toEqual([]);
    const [weight, illness, count] = all(bundle, "Observation");
    expect(weight).toMatchObject({ valueQuantity: { value: 3200 }, effectiveDateTime: "2019-05-04" });
    expect(weight?.focus).toHaveLength(1);
    expect(illness?.focus).toHaveLength(1);
    expect(count).toMatchObject({ valueInteger: 2 });
    expect(count?.focus).toBeUndefined();
  });

  it("a tumour keeps its stage with it, and a state of health its word", () => {
    const inner = `<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.31"/><code code="11323-3" ${loinc}/><statusCode code="completed"/><value xsi:type="CE" code="419620001" displayName="mort" ${snomed}/></observation></entryRelationship>
      <entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.7.3.1.4.14.2"/><code code="21908-9" displayName="Stade" ${loinc}/><value xsi:type="CD" code="T2" displayName="T2" codeSystem="2.16.840.1.113883.15.16"/></observation></entryRelationship>`;
    const [tumour] = all(
      convert(
        sectionXml(
          "72135-7",
          "Diagnostic du cancer",
          "x",
          problemXml('<value xsi:type="CD" code="C50.9" codeSystem="2.16.840.1.113883.6.3"/>', { inner }),
        ),
      ),
      "Condition",
    );
    expect(tumour?.note).toEqual([{ text: "Statut clinique du patient : mort" }]);
    expect(JSON.stringify(tumour?.contained)).toContain('"T2"');
  });

  it("the severity of an allergy as a whole is told in its note", () => {
    const severity = `<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.29"/><code code="SEV"/><value xsi:type="CD" code="6736007" displayName="modéré" ${snomed}/></observation></entryRelationship>`;
    const entry = allergyXml('<code code="J01CA" codeSystem="2.16.840.1.113883.6.73"/>', {
      value: `<value xsi:type="CD"><originalText><reference value="#"/></originalText></value>${severity}`,
    });
    const [allergy] = all(convert(sectionXml("48765-2", "Allergies", "x", entry)), "AllergyIntolerance");
    expect(allergy?.note?.map(({ text }) => text)).toContain("Sévérité : modéré");
  });

  it("devices used for an act are named on it, and are not worn", () => {
    const used = `<entryRelationship typeCode="REFR"><act classCode="ACT" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.36"/><id root="1.2.3"/><code code="R01" displayName="Sonde" codeSystem="1.2.250.1.213.2.68"/></act></entryRelationship>`;
    const act = `<procedure classCode="PROC" moodCode="EVN"><templateId root="1.2.250.1.213.1.1.3.62"/><code code="GELD004" displayName="Intubation" codeSystem="1.2.250.1.213.2.5"/><statusCode code="completed"/><effectiveTime value="20240312"/>${used}</procedure>`;
    const bundle = convert(sectionXml("29554-3", "Actes", "x", act));
    expect(all(bundle, "Procedure")).toMatchObject([{ usedCode: [{ coding: [{ code: "R01" }] }] }]);
    expect(all(bundle, "DeviceUseStatement")).toEqual([]);
  });
});

describe("entries of templates that nobody knows", () => {
  const unknown = '<templateId root="1.2.250.1.999.42"/>';
  const code = `<code code="99999-9" displayName="Mesure nouvelle" ${loinc}/>`;
  const within = (inner: string) =>
    convert(sectionXml("99998-1", "Section nouvelle", "<paragraph>mots</paragraph>", inner));

  it.each([
    [
      "observation",
      `<observation classCode="OBS" moodCode="EVN">${unknown}${code}<value xsi:type="PQ" value="2" unit="mg"/></observation>`,
      "Observation",
    ],
    [
      "observation asked for",
      `<observation classCode="OBS" moodCode="RQO">${unknown}${code}</observation>`,
      "ServiceRequest",
    ],
    [
      "goal",
      `<observation classCode="OBS" moodCode="GOL">${unknown}${code}<value xsi:type="PQ" value="2" unit="mg"/></observation>`,
      "Goal",
    ],
    ["procedure", `<procedure classCode="PROC" moodCode="EVN">${unknown}${code}</procedure>`, "Procedure"],
    [
      "treatment",
      `<substanceAdministration classCode="SBADM" moodCode="EVN">${unknown}<consumable><manufacturedProduct><manufacturedMaterial><name>FICTIMAB</name></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>`,
      "MedicationStatement",
    ],
    [
      "encounter",
      `<encounter classCode="ENC" moodCode="EVN">${unknown}${code}<effectiveTime value="20240101"/></encounter>`,
      "Encounter",
    ],
    [
      "battery in a group",
      `<organizer classCode="CLUSTER" moodCode="EVN">${unknown}<component><organizer classCode="BATTERY" moodCode="EVN">${code}<component><observation classCode="OBS" moodCode="EVN">${code}<value xsi:type="REAL" value="1.5"/></observation></component></organizer></component></organizer>`,
      "Observation",
    ],
    [
      "act around a fact",
      `<act classCode="ACT" moodCode="EVN">${unknown}<entryRelationship typeCode="COMP"><observation classCode="OBS" moodCode="EVN">${code}<value xsi:type="ST">dit</value></observation></entryRelationship></act>`,
      "Observation",
    ],
  ] as const)("%s", (_name, entry, kind) => {
    const bundle = within(entry);
    expect(all(bundle, kind)).not.toHaveLength(0);
    expect(all(bundle, "Composition")[0]?.section?.[0]?.text?.div).toContain("mots");
  });
});
