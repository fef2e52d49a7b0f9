/** Treatments given in steps (IHE PCC 1.4.8 to 1.4.11), and what stands within a treatment beside its dose. */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { convert, sectionXml, treatmentXml } from "./test-support.ts";

const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const atc = 'codeSystem="2.16.840.1.113883.6.73"';
const none = '<code nullFlavor="NA"/>';
const named = `<code code="C09AA05" displayName="ramipril" ${atc}/>`;

const template = (root: string) => `<templateId root="${root}"/>`;
const fr = (number: string) => template(`1.2.250.1.213.1.1.3.${number}`);
const related = (type: string, inner: string) => `<entryRelationship typeCode="${type}">${inner}</entryRelationship>`;
const every = (hours: number) =>
  `<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="${hours}" unit="h"/></effectiveTime>`;
const at = (moment: string) =>
  `<effectiveTime xsi:type="EIVL_TS" operator="A"><event code="${moment}"/></effectiveTime>`;
const tablets = (count: number) => `<doseQuantity value="${count}" unit="{tablet}"/>`;

interface StepParts {
  readonly attributes?: string;
  readonly status?: string;
  readonly type?: string;
  readonly product?: string;
}
const step = (sequence: number, inner: string, { attributes = "", status = "completed", ...rest }: StepParts = {}) =>
  `<entryRelationship typeCode="${rest.type ?? "COMP"}"><sequenceNumber value="${sequence}"/><substanceAdministration classCode="SBADM" moodCode="INT" ${attributes}>${fr("83.1")}<statusCode code="${status}"/>${inner}<consumable><manufacturedProduct><manufacturedMaterial>${rest.product ?? none}</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entryRelationship>`;

const prescribed = (inner: string, product = named, text = "x") => {
  const bundle = convert(
    sectionXml("57828-6", "Prescription", text, treatmentXml(product, inner, 'moodCode="INT"', "83")),
  );
  const [request] = all(bundle, "MedicationRequest");
  return { bundle, request, notes: request?.note?.map(({ text: words }) => words) };
};
const stepsRead = (inner: string, text?: string) =>
  prescribed(inner, named, text).request?.dosageInstruction?.map(({ sequence, text: words, timing, doseAndRate }) => ({
    sequence,
    words,
    dose: doseAndRate?.[0]?.doseQuantity?.value,
    when: timing?.repeat?.when,
  }));

describe("the steps of a dosage", () => {
  it("that is denied, called off or held is told in words, never as a dose to take", () => {
    const first = step(1, tablets(4));
    const second = (parts: StepParts) => stepsRead(first + step(2, tablets(2), parts))?.[1];
    const words = (parts: StepParts) => second(parts)?.words;
    expect(second({ attributes: 'negationInd="true"' })).toEqual({
      sequence: 2,
      words: "Ne pas prendre : 2 comprimés",
    });
    expect(words({ status: "aborted" })).toBe("Arrêté : 2 comprimés");
    expect(words({ status: "cancelled" })).toBe("Annulé : 2 comprimés");
    expect(words({ status: "suspended" })).toBe("Suspendu : 2 comprimés");
    expect(second({ status: "nullified" })).toBeUndefined();
  });

  it("are read whatever relates them, unless they are reasons, causes or citations", () => {
    expect(stepsRead(step(1, tablets(4), { type: "SUBJ" }))).toEqual([{ sequence: 1, dose: 4 }]);
    for (const type of ["RSON", "CAUS", "REFR"]) expect(stepsRead(step(1, tablets(4), { type }))).toBeUndefined();
  });

  it("may have steps of their own, told in one order, each within the time of the whole", () => {
    const day = step(1, every(24) + step(1, at("ACM") + tablets(3)) + step(2, at("HS") + tablets(1)));
    expect(stepsRead(day + step(2, tablets(1)))).toEqual([
      { sequence: 1, dose: 3, when: ["ACM"] },
      { sequence: 2, dose: 1, when: ["HS"] },
      { sequence: 3, dose: 1 },
    ]);
    expect(prescribed(day).request?.dosageInstruction?.map(({ timing }) => timing?.repeat?.period)).toEqual([24, 24]);
  });

  it("that no code tells is told by the words it points to", () => {
    const pointing = (id: string) => step(1, `<text><reference value="#${id}"/></text>`);
    expect(stepsRead(pointing("e"), '<content ID="e">une ampoule le lundi</content>')).toEqual([
      { sequence: 1, words: "une ampoule le lundi" },
    ]);
  });

  it("keep what the patient is told, what is remarked, and each of its conditions with its limit", () => {
    const instruction = related(
      "SUBJ",
      `<act classCode="ACT" moodCode="INT">${fr("33")}<code code="PINSTRUCT" codeSystem="1.3.6.1.4.1.19376.1.5.3.2"/><text>à jeun</text></act>`,
    );
    const comment = related(
      "SUBJ",
      `<act classCode="ACT" moodCode="EVN">${fr("32")}<code code="48767-8" ${loinc}/><text>à revoir</text></act>`,
    );
    const limit = `<precondition><criterion><code code="8480-6" displayName="Pression systolique" ${loinc}/><value xsi:type="PQ" value="18" unit="cm[Hg]"/></criterion></precondition>`;
    const { request, notes } = prescribed(step(1, tablets(1) + instruction + comment + limit));
    expect(request?.dosageInstruction?.[0]).toMatchObject({
      patientInstruction: "à jeun",
      asNeededCodeableConcept: { coding: [{ code: "8480-6" }], text: "Pression systolique : 18 cm[Hg]" },
    });
    expect(notes).toEqual(["à revoir"]);
  });
});

describe("a combined medication", () => {
  const amlodipine = `<code code="C08CA01" displayName="amlodipine" ${atc}/>`;
  const words =
    '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="1" unit="d"><translation><originalText>le soir</originalText></translation></period></effectiveTime>';
  const both = step(1, tablets(1), { product: named }) + step(2, words + tablets(1), { product: amlodipine });

  it("is named by what its steps give, which the checks of interactions read, each step with its product", () => {
    const { bundle, request } = prescribed(both, none);
    const [medication] = all(bundle, "Medication");
    expect(medication?.code?.text).toBe("ramipril + amlodipine");
    expect(medication?.ingredient?.map((each) => each.itemCodeableConcept?.coding?.[0]?.code)).toEqual([
      "C09AA05",
      "C08CA01",
    ]);
    expect(request?.dosageInstruction?.map(({ text }) => text)).toEqual(["ramipril", "amlodipine : le soir"]);
  });

  it("that has a name of its own keeps it; the steps of one product add none", () => {
    const named2 = "<name>DUOFICTIF</name>";
    const [whole] = all(prescribed(template("1.3.6.1.4.1.19376.1.5.3.1.4.11") + both, named2).bundle, "Medication");
    expect(whole?.code?.text).toBe("DUOFICTIF");
    expect(whole?.ingredient).toHaveLength(2);
    const again = step(1, tablets(1), { product: "<name>DUOFICTIF 5 mg comprimé</name>" });
    expect(all(prescribed(again, named2).bundle, "Medication")).toEqual([]);
  });

  it("does not name a product that is not to be taken", () => {
    const without =
      step(1, tablets(1), { product: named }) +
      step(2, tablets(1), { product: amlodipine, attributes: 'negationInd="1"' });
    expect(all(prescribed(without, none).bundle, "Medication")[0]?.code?.text).toBe("ramipril");
  });
});

describe("a treatment keeps beside its dose", () => {
  it("what kind of treatment it is, unless the code only says that it is one, or which product", () => {
    const kind = (code: string) => prescribed(code + tablets(1)).notes;
    expect(
      kind('<code code="MED-1" displayName="Traitement substitutif" codeSystem="1.2.250.1.213.1.1.4.322"/>'),
    ).toEqual(["Traitement substitutif"]);
    expect(kind('<code nullFlavor="NA"><originalText>Traitement au long cours</originalText></code>')).toEqual([
      "Traitement au long cours",
    ]);
    expect(kind('<code code="DRUG" displayName="Médicament" codeSystem="2.16.840.1.113883.5.4"/>')).toBeUndefined();
    expect(kind(`<code code="C09AA05" displayName="ramipril" ${atc}/>`)).toBeUndefined();
  });

  it("how urgent it is, and the unit that is told apart from the number", () => {
    const unit = '<administrationUnitCode code="10219000" displayName="Comprimé" codeSystem="0.4.0.127.0.16.1.1.2.1"/>';
    const { request, notes } = prescribed(
      `<priorityCode code="UR" displayName="Urgent" codeSystem="2.16.840.1.113883.5.7"/><doseQuantity value="2"/>${unit}`,
    );
    expect(request?.priority).toBe("urgent");
    expect(notes).toBeUndefined();
    expect(request?.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity).toEqual({ value: 2, unit: "Comprimé" });
  });

  it("what was found for it, what it led to, and what is denied of both", () => {
    const finding = (inner: string, type = "COMP", attributes = "") =>
      related(type, `<observation classCode="OBS" moodCode="EVN" ${attributes}>${inner}</observation>`);
    const inr = `<code code="6301-6" displayName="INR" ${loinc}/><value xsi:type="REAL" value="2.5"/>`;
    const cough = `${fr("37")}<code code="404684003" ${snomed}/><value xsi:type="CD" code="R05" displayName="toux" codeSystem="2.16.840.1.113883.6.3"/>`;
    const label = `${fr("48")}<code code="X" displayName="Hors AMM" codeSystem="1.2.3"/><value xsi:type="BL" value="true"/>`;
    expect(prescribed(tablets(1) + finding(inr) + finding(cough, "CAUS")).notes).toEqual([
      "INR : 2,5",
      "Conséquence : toux",
    ]);
    const no = 'negationInd="true"';
    expect(prescribed(tablets(1) + finding(cough, "CAUS", no) + finding(label, "SUBJ", no)).notes).toEqual([
      "Conséquence : pas de toux",
      "Hors AMM : non",
    ]);
  });

  it("the acts and meetings that stand within it, as facts of their own", () => {
    const act = `<procedure classCode="PROC" moodCode="EVN">${fr("62")}<code code="ABC" displayName="Pose d'une voie" codeSystem="1.2.250.1.215.300.1"/><effectiveTime value="20240101"/></procedure>`;
    const taken = convert(sectionXml("10160-0", "T", "x", treatmentXml(named, tablets(1) + related("COMP", act))));
    expect(all(taken, "Procedure").map(({ code, status }) => [code?.text, status])).toEqual([
      ["Pose d'une voie", "completed"],
    ]);
    // A prescription holds what is planned: what was done is no part of it.
    expect(all(prescribed(tablets(1) + related("COMP", act)).bundle, "Procedure")).toEqual([]);
  });
});
