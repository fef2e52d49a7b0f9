/**
 * What the content models of CI-SIS and of IHE allow, entry by entry: elements that few producers fill, statuses that few
 * use. Each is kept where a reader looks for it, and what did not happen never reads as done.
 */
import { describe, expect, it } from "vitest";
import { resourcesOf as all } from "../../fhir/resources.ts";
import { allergyXml, convert, observationXml, problemXml, sectionXml, treatmentXml } from "./test-support.ts";

const loinc = 'codeSystem="2.16.840.1.113883.6.1"';
const snomed = 'codeSystem="2.16.840.1.113883.6.96"';
const ans = 'codeSystem="1.2.250.1.213.1.1.4.322"';
const icd = 'codeSystem="2.16.840.1.113883.6.3"';
const ccam = 'codeSystem="1.2.250.1.213.2.5"';
const fr = (number: string) => `<templateId root="1.2.250.1.213.1.1.3.${number}"/>`;
const related = (inner: string, type = "COMP", attributes = "") =>
  `<entryRelationship typeCode="${type}" ${attributes}>${inner}</entryRelationship>`;
const named = "<name>FICTIMAB 5 mg</name>";
const withStatus = (xml: string, status: string) =>
  xml.replace('statusCode code="completed"', `statusCode code="${status}"`);
const instruction = (template: string, id: string) =>
  `<act classCode="ACT" moodCode="INT">${fr(template)}<text><reference value="#${id}"/></text></act>`;
const act = (status: string, rest: string, attributes = 'moodCode="EVN"') =>
  `<procedure classCode="PROC" ${attributes}>${fr("62")}<code code="NFKA007" displayName="Prothèse" ${ccam}/><statusCode code="${status}"/>${rest}</procedure>`;
const notesOf = (resource: { note?: { text: string }[] } | undefined) => resource?.note?.map(({ text }) => text);

describe("a dispensation (eDISP-MED)", () => {
  const supply = `<supply classCode="SPLY" moodCode="EVN">${fr("204")}<id root="1.2.3" extension="D1"/><code code="RFP" displayName="Délivrance partielle" codeSystem="2.16.840.1.113883.5.4"/><quantity value="1"/><product><manufacturedProduct><manufacturedMaterial>${named}</manufacturedMaterial></manufacturedProduct></product>${related(`<substanceAdministration classCode="SBADM" moodCode="INT">${fr("90")}<id root="1.2.9" extension="RX-1"/><author><time value="20240310"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000033"/><assignedPerson><name><family>PRESCRIPTEUR</family></name></assignedPerson></assignedAuthor></author></substanceAdministration>`, "REFR")}${related(instruction("33", "p"), "SUBJ")}${related(instruction("207", "n"), "SUBJ")}${related(instruction("34", "d"), "SUBJ")}</supply>`;
  const words =
    '<content ID="p">au milieu du repas</content><content ID="n">remis en flacon</content><content ID="d">ne pas broyer</content>';

  it("names its prescription, how complete it is, what the patient was told, and who notes what", () => {
    const [dispense] = all(convert(sectionXml("60590-7", "Dispensation", words, supply)), "MedicationDispense");
    expect(dispense?.authorizingPrescription).toEqual([
      { type: "MedicationRequest", identifier: { system: "urn:oid:1.2.9", value: "RX-1" } },
    ]);
    expect(dispense?.type?.text).toBe("Délivrance partielle");
    expect(dispense?.dosageInstruction?.[0]?.patientInstruction).toBe("au milieu du repas");
    expect(notesOf(dispense)).toEqual([
      "Du dispensateur : remis en flacon",
      "Au dispensateur : ne pas broyer",
      "Prescrit le 10 mars 2024",
    ]);
    expect(dispense?.supportingInformation?.map(({ display }) => display)).toEqual(["PRESCRIPTEUR"]);
  });

  it("is linked by the identifier that the line of the prescription bears", () => {
    const line = treatmentXml(named, '<id root="1.2.9" extension="RX-1"/>', 'moodCode="INT"', "83");
    expect(all(convert(sectionXml("57828-6", "P", "x", line)), "MedicationRequest")[0]?.identifier).toEqual([
      { system: "urn:oid:1.2.9", value: "RX-1" },
    ]);
  });
});

describe("a treatment", () => {
  const delivered = (day: string, mood = "EVN") =>
    related(
      `<supply classCode="SPLY" moodCode="${mood}">${fr("44")}<quantity value="2"/><performer><time value="${day}"/><assignedEntity><id root="1.2" extension="9"/></assignedEntity></performer></supply>`,
      "REFR",
    );
  const taken = (...entries: string[]) =>
    all(convert(sectionXml("10160-0", "T", '<content ID="m">nausées</content>', ...entries)), "MedicationStatement");
  const why = (inner: string) =>
    related(
      `<observation classCode="OBS" moodCode="EVN">${fr("48")}${fr("48.17")}<code code="MED-052" displayName="Motif d'arrêt" ${ans}/>${inner}</observation>`,
    );

  it("that was stopped for a reason is stopped, unless the document sets its end later", () => {
    const reason = why('<text><reference value="#m"/></text>');
    const until = (year: string) =>
      `<effectiveTime xsi:type="IVL_TS"><low value="2020"/><high value="${year}"/></effectiveTime>`;
    const found = taken(
      treatmentXml(named, reason),
      treatmentXml(named, until("2023") + reason),
      treatmentXml(named, until("2030") + reason),
      treatmentXml(named, why('<value xsi:type="CD" nullFlavor="NA"/>')),
    );
    expect(found.map(({ status }) => status)).toEqual(["stopped", "stopped", "active", "active"]);
    expect(found[0]?.statusReason).toEqual([{ text: "nausées" }]);
  });

  it("keeps each of its limits, and whether it is for long", () => {
    const limit = (value: number, unit: string) =>
      `<maxDoseQuantity><numerator value="${value}" unit="g"/><denominator value="1" unit="${unit}"/></maxDoseQuantity>`;
    const [found] = taken(treatmentXml(named, fr("42.3") + limit(4, "d") + limit(20, "wk")));
    expect(found?.dosage?.[0]?.maxDosePerPeriod?.numerator?.value).toBe(4);
    expect(found?.dosage?.[0]?.text).toBe("maximum 20 g pour 1 semaine(s)");
    expect(notesOf(found)).toEqual(["Traitement au long cours"]);
  });

  it("says what was delivered of it, or is to be; each delivery alone is one dispensation", () => {
    const dose = '<doseQuantity value="1"/>';
    const [done, asked] = taken(
      treatmentXml(named, dose + delivered("20240301")),
      treatmentXml(named, dose + delivered("20240301", "INT")),
    );
    expect(notesOf(done)).toEqual(["Quantité délivrée : 2", "Délivré le 1er mars 2024"]);
    expect(notesOf(asked)).toEqual(["Quantité prescrite : 2"]);
    const history = treatmentXml(named, delivered("20240101") + delivered("20240201"));
    expect(
      all(convert(sectionXml("10160-0", "T", "x", history)), "MedicationDispense").map((each) => each.whenHandedOver),
    ).toEqual(["2024-01-01", "2024-02-01"]);
  });

  it("given within an act ended with it, at its date", () => {
    const anaesthesia = act("completed", `<effectiveTime value="20240301"/>${related(treatmentXml(named))}`);
    const bundle = convert(sectionXml("47519-4", "Actes", "x", anaesthesia));
    expect(all(bundle, "MedicationStatement")).toMatchObject([
      { status: "completed", effectiveDateTime: "2024-03-01", medicationCodeableConcept: { text: "FICTIMAB 5 mg" } },
    ]);
    expect(all(bundle, "MedicationStatement")[0]?.dosage).toBeUndefined();
    const denied = act("completed", related(treatmentXml(named)), 'moodCode="EVN" negationInd="true"');
    expect(all(convert(sectionXml("47519-4", "Actes", "x", denied)), "MedicationStatement")).toEqual([]);
  });

  it("has the reason that a reference names, found by its identifier, unless the reference names an illness", () => {
    const problem = problemXml(`<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`).replace(
      fr("37"),
      `${fr("37")}<id root="1.2.3.4" extension="pb"/>`,
    );
    const reference = (code: string) =>
      `<act classCode="ACT" moodCode="EVN">${fr("36")}<id root="1.2.3.4" extension="pb"/>${code}</act>`;
    const kind = `<code code="282291009" displayName="Diagnostic" ${snomed}/>`;
    const own = `<code code="I10" displayName="Hypertension" ${icd}/>`;
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", "x", problem),
      sectionXml(
        "10160-0",
        "Traitements",
        "x",
        treatmentXml(named, related(reference(kind), "RSON")),
        treatmentXml(named, related(reference(own), "RSON")),
      ),
      sectionXml("57828-6", "P", "x", treatmentXml(named, related(reference(kind), "REFR"), 'moodCode="INT"', "83")),
    );
    expect(all(bundle, "MedicationStatement").map((each) => each.reasonCode?.[0]?.text)).toEqual([
      "Asthme",
      "Hypertension",
    ]);
    expect(all(bundle, "MedicationRequest")[0]?.reasonCode?.[0]?.text).toBe("Asthme");
  });
});

describe("a posology by structure", () => {
  const read = (inner: string) =>
    all(
      convert(sectionXml("57828-6", "P", "x", treatmentXml(named, inner, 'moodCode="INT"', "83"))),
      "MedicationRequest",
    )[0];

  it("keeps its period when a moment is told before it", () => {
    const found = read(
      '<effectiveTime xsi:type="TS" operator="A" value="20240315"/><effectiveTime xsi:type="IVL_TS"><low value="20240312"/><high value="20240320"/></effectiveTime>',
    );
    expect(found?.dispenseRequest?.validityPeriod).toEqual({ start: "2024-03-12", end: "2024-03-20" });
    expect(found?.dosageInstruction?.[0]?.timing?.event).toEqual(["2024-03-15"]);
  });

  it("keeps an hour without zone, and every condition of use", () => {
    const hour =
      '<effectiveTime xsi:type="PIVL_TS" operator="A"><phase><low value="202403120830"/></phase><period value="1" unit="d"/></effectiveTime>';
    const condition = (text: string) => `<precondition><criterion><text>${text}</text></criterion></precondition>`;
    const [dosage] = read(hour + condition("douleur") + condition("fièvre"))?.dosageInstruction ?? [];
    expect(dosage?.timing?.repeat?.timeOfDay).toEqual(["08:30:00"]);
    expect(dosage?.asNeededCodeableConcept?.text).toBe("douleur ; fièvre");
  });
});

describe("a posology in free words (eP-MED-DM)", () => {
  it.each([
    [
      "beside the medicine, in its sentence",
      '<paragraph><content ID="m">FICTIMAB</content> : 1 le soir</paragraph>',
      "FICTIMAB : 1 le soir",
    ],
    [
      "in a cell without heading",
      '<table><tbody><tr><td ID="m">FICTIMAB</td><td>1 injection par semaine</td><td>3 mois</td></tr></tbody></table>',
      "1 injection par semaine",
    ],
    [
      "not in a sentence about two medicines",
      '<paragraph><content ID="m">FICTIMAB</content> le matin, <content ID="n">AUTRE</content> le soir</paragraph>',
      undefined,
    ],
    ["not in a name", '<paragraph ID="m">FICTIMAB 5 mg</paragraph>', undefined],
  ])("%s", (_, text, expected) => {
    const line = treatmentXml(named, '<text><reference value="#m"/></text>', 'moodCode="INT"', "83");
    expect(
      all(convert(sectionXml("57828-6", "P", text, line)), "MedicationRequest")[0]?.dosageInstruction?.[0]?.text,
    ).toBe(expected);
  });
});

describe("a vaccination (VAC, VAC-NOTE)", () => {
  const vaccine = '<code code="J07BB02" displayName="grippe" codeSystem="2.16.840.1.113883.6.73"/>';
  const read = (inner: string, attributes = 'moodCode="EVN"', template = "45") =>
    convert(sectionXml("11369-6", "Vaccinations", "x", treatmentXml(vaccine, inner, attributes, template)));

  it("not done says why, in the place of reasons for what was not done", () => {
    const refusal = related(
      '<act classCode="ACT" moodCode="EVN"><code code="PATOBJ" displayName="Refus du patient" codeSystem="2.16.840.1.113883.5.8"/></act>',
      "RSON",
    );
    const [found] = all(read(refusal, 'moodCode="EVN" negationInd="true"'), "Immunization");
    expect(found).toMatchObject({ status: "not-done", statusReason: { text: "Refus du patient" } });
    expect(found?.reasonCode).toBeUndefined();
    // Without the negation, one of the two is wrong: that is told, not settled.
    const [given] = all(read(refusal), "Immunization");
    expect(given?.status).toBe("completed");
    expect(given?.extension?.map(({ valueString }) => valueString)).toEqual([
      "Le codage affirme, le motif dit « Refus du patient ».",
    ]);
  });

  it("keeps the dose of each antigen, which is no treatment", () => {
    const antigen = related(
      `<substanceAdministration classCode="SBADM" moodCode="EVN">${fr("46")}<doseQuantity value="15" unit="ug"/><consumable><manufacturedProduct><manufacturedMaterial><code code="A" displayName="H1N1" codeSystem="1.2.3"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>`,
    );
    const bundle = read(antigen);
    expect(notesOf(all(bundle, "Immunization")[0])).toEqual(["Antigène : H1N1 15 ug"]);
    expect(all(bundle, "MedicationStatement")).toEqual([]);
  });

  it("recommended keeps its rank", () => {
    const rank = related(
      observationXml("82", `<code code="30973-2" ${loinc}/>`, '<value xsi:type="INT" value="2"/>'),
      "SUBJ",
    );
    const [found] = all(read(rank, 'moodCode="INT"', "47"), "ImmunizationRecommendation");
    expect(found?.recommendation[0]?.doseNumberPositiveInt).toBe(2);
  });
});

describe("a result (CR-BIO)", () => {
  const hemoglobin = (inner: string) => {
    const result = observationXml(
      "80",
      `<code code="718-7" displayName="Hémoglobine" ${loinc}/>`,
      '<value xsi:type="PQ" value="13" unit="g/dL"/>',
      'moodCode="EVN"',
      inner,
    );
    return convert(
      sectionXml(
        "18723-7",
        "Hématologie",
        "x",
        `<act classCode="ACT" moodCode="EVN">${fr("21")}<code code="18723-7" ${loinc}/>${related(result)}</act>`,
      ),
    );
  };

  it("has the sample that is told within it, and who validated it alone", () => {
    const sample = related(
      `<procedure classCode="PROC" moodCode="EVN">${fr("77")}<effectiveTime value="20240309"/><participant typeCode="PRD"><participantRole><playingEntity><code code="119297000" displayName="sang" ${snomed}/></playingEntity></participantRole></participant></procedure>`,
    );
    const validator =
      '<participant typeCode="AUTHEN"><participantRole><id root="1.2.250.1.71.4.2.1" extension="899700000099"/><playingEntity><name><given>Val</given><family>IDEUR</family></name></playingEntity></participantRole></participant>';
    const bundle = hemoglobin(validator + sample);
    const [found] = all(bundle, "Observation");
    expect(found?.performer?.map((each) => each.display)).toEqual(["Val IDEUR"]);
    expect(found?.specimen?.type).toBe("Specimen");
    expect(all(bundle, "Specimen")).toMatchObject([{ collection: { collectedDateTime: "2024-03-09" } }]);
  });

  it("says that the bound of a range is left out", () => {
    const range = (inclusive: string) =>
      `<referenceRange><observationRange><value xsi:type="IVL_PQ"><high value="5" unit="g/dL" ${inclusive}/></value></observationRange></referenceRange>`;
    const [left, held] = ['inclusive="false"', ""].map(
      (each) => all(hemoglobin(range(each)), "Observation")[0]?.referenceRange?.[0],
    );
    expect(left).toMatchObject({ high: { value: 5 }, text: "< 5 g/dL" });
    expect(held?.text).toBeUndefined();
  });

  it("tells for whom each of its ranges holds", () => {
    const criterion = (value: string) =>
      `<lab:precondition xmlns:lab="urn:oid:1.3.6.1.4.1.19376.1.3.2"><lab:criterion>${value}</lab:criterion></lab:precondition>`;
    const sex = criterion('<lab:value xsi:type="CE" code="F" displayName="Femme" codeSystem="2.16.840.1.113883.5.1"/>');
    const age = criterion('<lab:value xsi:type="IVL_PQ"><lab:low value="18" unit="a"/></lab:value>');
    const range = `<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="12" unit="g/dL"/></value>${sex}${age}</observationRange></referenceRange>`;
    expect(all(hemoglobin(range), "Observation")[0]?.referenceRange).toMatchObject([
      { low: { value: 12 }, appliesTo: [{ text: "Femme" }], age: { low: { value: 18, unit: "a" } } },
    ]);
  });
});

describe("codes that only say 'something else' are named by the words that the entry points to", () => {
  it("for a problem, an act and a request", () => {
    const words =
      '<content ID="a">Fatigue</content><content ID="b">Pose de diabolos</content><content ID="c">Bilan orthoptique</content>';
    const unknown = `<value xsi:type="CD" code="R69" displayName="Causes inconnues" ${icd}/>`;
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", words, problemXml(unknown, { text: "#a" }), problemXml(unknown)),
      sectionXml(
        "47519-4",
        "Actes",
        "x",
        `<procedure classCode="PROC" moodCode="EVN">${fr("62")}<code code="C25218" displayName="Intervention" codeSystem="2.16.840.1.113883.3.26.1.1"/><text><reference value="#b"/></text></procedure>`,
      ),
      sectionXml(
        "18776-5",
        "Plan",
        "x",
        observationXml(
          "27",
          `<code code="GEN-092.04.20" displayName="Autre demande" ${ans}/><text><reference value="#c"/></text>`,
          "",
          'moodCode="INT"',
        ),
      ),
    );
    expect(all(bundle, "Condition").map((each) => each.code?.text)).toEqual(["Fatigue", "Causes inconnues"]);
    expect(all(bundle, "Procedure")[0]?.code?.text).toBe("Pose de diabolos");
    expect(all(bundle, "ServiceRequest")[0]).toMatchObject({ code: { text: "Bilan orthoptique" } });
    expect(all(bundle, "ServiceRequest")[0]?.note).toBeUndefined();
  });
});

describe("statuses", () => {
  it("of acts: under way, to come, held, given up", () => {
    const found = convert(
      sectionXml(
        "47519-4",
        "Actes",
        "x",
        act("active", '<effectiveTime value="20240301"/>'),
        act("active", '<effectiveTime value="20240901"/>'),
        act("held", ""),
        act("suspended", ""),
        act("aborted", ""),
        act("cancelled", ""),
      ),
    );
    expect(all(found, "Procedure").map(({ status }) => status)).toEqual([
      "in-progress",
      "preparation",
      "on-hold",
      "stopped",
      "not-done",
    ]);
    expect(all(found, "ServiceRequest")).toMatchObject([{ status: "active", occurrenceDateTime: "2024-09-01" }]);
  });

  it("of what was asked for: called off, held", () => {
    const plan = (status: string) => act(status, "", 'moodCode="INT"');
    const line = (status: string) => withStatus(treatmentXml(named, "", 'moodCode="INT"', "83"), status);
    const found = convert(
      sectionXml("18776-5", "Plan", "x", plan("cancelled"), plan("suspended"), plan("completed")),
      sectionXml("57828-6", "P", "x", line("cancelled"), line("aborted"), line("held"), line("completed")),
    );
    expect(all(found, "ServiceRequest").map(({ status }) => status)).toEqual(["revoked", "on-hold", "active"]);
    expect(all(found, "MedicationRequest").map(({ status }) => status)).toEqual([
      "cancelled",
      "stopped",
      "on-hold",
      "active",
    ]);
  });

  it("of a device worn: taken off, called off; how long it was meant for is told", () => {
    const device = (status: string) =>
      `<supply classCode="SPLY" moodCode="EVN">${fr("20")}<statusCode code="${status}"/><effectiveTime><low value="2020"/></effectiveTime><expectedUseTime><width value="6" unit="mo"/></expectedUseTime><participant typeCode="DEV"><participantRole><playingDevice><code code="P01" displayName="Attelle" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant></supply>`;
    const found = all(
      convert(sectionXml("46264-8", "DM", "x", device("completed"), device("aborted"), device("cancelled"))),
      "DeviceUseStatement",
    );
    expect(found.map(({ status }) => status)).toEqual(["active", "stopped", "entered-in-error"]);
    expect(notesOf(found[0])).toEqual(["Durée prévue : 6 mois"]);
  });

  it("and words or a code that describe it, without label: all are told", () => {
    const said = (code: string, value: string) =>
      `<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">${fr("48")}${code}<statusCode code="completed"/>${value}</observation></entryRelationship>`;
    const size = said(
      "<code nullFlavor='OTH'><originalText>Taille</originalText></code>",
      '<value xsi:type="ST">52 mm</value>',
    );
    const flag = said(
      '<code code="MED-1007" codeSystem="1.2.250.1.213.1.1.4.322"/>',
      '<value xsi:type="BL" value="true"/>',
    );
    const hip = `<supply classCode="SPLY" moodCode="EVN">${fr("20")}<effectiveTime><low value="2020"/></effectiveTime><participant typeCode="DEV"><participantRole><playingDevice><code code="P09" displayName="Prothèse" codeSystem="1.2.250.1.213.2.68"/></playingDevice></participantRole></participant>${size}${flag}</supply>`;
    const [found] = all(convert(sectionXml("46264-8", "DM", "x", hip)), "DeviceUseStatement");
    expect(notesOf(found)).toEqual(["Taille : 52 mm", "MED-1007 : oui"]);
  });

  it("of an event: one that its own status says annulled did not take place; its transport is told", () => {
    const event = (status: string) =>
      `<encounter classCode="ENC" moodCode="EVN">${fr("215")}<code code="C" displayName="Consultation" ${ans}/><statusCode code="completed"/><effectiveTime value="20240101"/>${related(observationXml("217", `<code code="106199-3" ${loinc}/>`, `<value xsi:type="CD" code="S" displayName="${status}" ${ans}/>`))}${related(`<act classCode="ACT" moodCode="EVN">${fr("28")}<code code="ORG-118" displayName="Ambulance" ${ans}/></act>`)}</encounter>`;
    const read = (status: string) => convert(sectionXml("46240-8", "Événements", "x", event(status)));
    const statusOf = (status: string) =>
      all(read(status), "Encounter").find(({ type }) => type?.[0]?.text === "Consultation")?.status;
    expect(["Annulé par le patient", "Réalisé"].map(statusOf)).toEqual(["cancelled", "finished"]);
    expect(all(read("Réalisé"), "Observation").map((each) => each.code.text)).toContain("Ambulance");
  });

  it("nullified: the entry states nothing any more, wherever it stands", () => {
    const value = `<value xsi:type="CD" code="I10" displayName="Hypertension" ${icd}/>`;
    const agent = '<code code="J01CA04" displayName="amoxicilline" codeSystem="2.16.840.1.113883.6.73"/>';
    const bundle = convert(
      sectionXml("11450-4", "Problèmes", "x", withStatus(problemXml(value), "nullified")),
      sectionXml("48765-2", "Allergies", "x", withStatus(allergyXml(agent), "nullified")),
      sectionXml("10160-0", "Traitements", "x", withStatus(treatmentXml(named), "nullified")),
    );
    for (const kind of ["Condition", "AllergyIntolerance", "MedicationStatement"] as const)
      expect(all(bundle, kind)).toEqual([]);
  });
});

describe("allergies, adverse effects and relatives", () => {
  it("an adverse effect in a list of allergies is one, and no allergy", () => {
    const effect = (value: string, inner: string) =>
      `<act classCode="ACT" moodCode="EVN">${fr("40")}<statusCode code="active"/>${related(
        `<observation classCode="OBS" moodCode="EVN">${fr("210")}<templateId root="2.16.840.1.113883.10.20.1.18"/><code code="GEN-1" displayName="Effet indésirable" ${ans}/><effectiveTime><low value="2020"/></effectiveTime>${value}${related(treatmentXml(named))}${inner}</observation>`,
        "SUBJ",
      )}</act>`;
    const reaction = (text: string) =>
      related(
        observationXml(
          "37",
          `<code code="418799008" ${snomed}/>`,
          `<text>${text}</text><value xsi:type="CD" nullFlavor="NA"/>`,
        ),
        "MFST",
      );
    const nausea = `<value xsi:type="CD" code="R11" displayName="Nausée" ${icd}/>`;
    const none = '<value xsi:type="CD" nullFlavor="NA"/>';
    const bundle = convert(
      sectionXml("48765-2", "Allergies", "x", effect(none, reaction("vertiges")), effect(nausea, "")),
    );
    expect(all(bundle, "AllergyIntolerance")).toEqual([]);
    expect(all(bundle, "MedicationStatement")).toEqual([]);
    expect(all(bundle, "AdverseEvent").map((each) => each.event?.text)).toEqual([
      "Effet indésirable : vertiges",
      "Effet indésirable : Nausée",
    ]);
    expect(all(bundle, "AdverseEvent")[0]?.suspectEntity?.[0]?.instance.display).toBe("FICTIMAB 5 mg");
  });

  it("to an unknown agent is one when a reaction was seen; an entry that tells nothing is none", () => {
    const reaction = related(
      observationXml(
        "37",
        `<code code="418799008" ${snomed}/>`,
        `<value xsi:type="CD" code="L50" displayName="Urticaire" ${icd}/>`,
      ),
      "MFST",
    );
    const unknown = allergyXml('<code nullFlavor="UNK"/>');
    const bundle = convert(
      sectionXml("48765-2", "Allergies", "x", unknown, unknown.replace("<participant", `${reaction}<participant`)),
    );
    expect(all(bundle, "AllergyIntolerance")).toMatchObject([
      { code: { text: "allergie médicamenteuse" }, reaction: [{ manifestation: [{ text: "Urticaire" }] }] },
    ]);
  });

  it.each([
    ["Potentiellement mortel", "442452003", [{ text: "Sévérité : Potentiellement mortel" }]],
    ["Sévère", "24484000", undefined],
  ])("a reaction is as severe as it was said, and told in words where they say more: %s", (words, code, note) => {
    const severity = related(
      `<observation classCode="OBS" moodCode="EVN">${fr("29")}<code code="SEV"/><value xsi:type="CD" code="${code}" displayName="${words}" ${snomed}/></observation>`,
      "SUBJ",
    );
    const reaction = related(
      observationXml(
        "37",
        `<code code="418799008" ${snomed}/>`,
        `<value xsi:type="CD" code="T78.2" displayName="Choc" ${icd}/>`,
        'moodCode="EVN"',
        severity,
      ),
      "MFST",
    );
    const entry = allergyXml("<name>Venin</name>").replace("<participant", `${reaction}<participant`);
    const [allergy] = all(convert(sectionXml("48765-2", "Allergies", "x", entry)), "AllergyIntolerance");
    expect(allergy?.reaction).toMatchObject([{ severity: "severe" }]);
    expect(allergy?.reaction?.[0]?.note).toEqual(note);
  });

  it("a relative has the age at which the illness began, in years where no unit says otherwise, and whether they died", () => {
    const age = related(
      `<observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.1.38"/><code code="397659008" ${snomed}/><value xsi:type="INT" value="52"/></observation>`,
      "SUBJ",
    );
    const mother = `<organizer classCode="CLUSTER" moodCode="EVN">${fr("59")}<subject><relatedSubject classCode="PRS"><code code="MTH" displayName="Mère" codeSystem="2.16.840.1.113883.5.111"/><subject><sdtc:deceasedInd xmlns:sdtc="urn:hl7-org:sdtc" value="true"/></subject></relatedSubject></subject><component>${observationXml("51", `<code code="64572001" ${snomed}/>`, `<value xsi:type="CD" code="C50" displayName="Cancer du sein" ${icd}/>`, 'moodCode="EVN"', age)}</component></organizer>`;
    expect(all(convert(sectionXml("10157-6", "Famille", "x", mother)), "FamilyMemberHistory")).toMatchObject([
      { deceasedBoolean: true, condition: [{ onsetAge: { value: 52, code: "a" } }] },
    ]);
  });
});

describe("an entry about somebody of whom nothing is told", () => {
  const nobody = '<subject><relatedSubject classCode="PRS"><code nullFlavor="UNK"/></relatedSubject></subject>';

  it("is not about the patient: neither an illness nor a measure", () => {
    const illness = `<observation classCode="OBS" moodCode="EVN">${fr("37")}<code code="282291009" ${snomed}/><value xsi:type="CD" code="E11" ${icd}/>${nobody}</observation>`;
    const weight = observationXml(
      "50",
      `<code code="29463-7" ${loinc}/>`,
      `<value xsi:type="PQ" value="3" unit="kg"/>${nobody}`,
    );
    const bundle = convert(sectionXml("11450-4", "Problèmes", "x", illness, weight));
    expect(all(bundle, "Condition")).toEqual([]);
    expect(all(bundle, "Observation").map(({ focus }) => focus?.[0]?.display)).toEqual([
      "Autre personne",
      "Autre personne",
    ]);
  });
});

describe("a meeting to come", () => {
  it("tells where, why and with what precautions", () => {
    const fasting = observationXml(
      "48",
      `<code code="1-3" displayName="À jeun" ${loinc}/>`,
      '<value xsi:type="BL" value="true"/>',
    );
    const asthma = observationXml(
      "37",
      `<code code="282291009" ${snomed}/>`,
      `<value xsi:type="CD" code="J45" displayName="Asthme" ${icd}/>`,
    );
    const meeting = `<encounter classCode="ENC" moodCode="PRMS">${fr("58")}<code code="AMB" codeSystem="2.16.840.1.113883.5.4"/><effectiveTime value="20240601"/><participant typeCode="LOC"><participantRole classCode="SDLOC"><playingEntity classCode="PLC"><name>Hôpital du Test</name></playingEntity></participantRole></participant>${related(fasting)}${related(asthma, "RSON")}</encounter>`;
    const [found] = all(convert(sectionXml("18776-5", "Plan", "x", meeting)), "Appointment");
    expect(found?.participant.map(({ actor }) => actor?.display)).toContain("Hôpital du Test");
    expect(found).toMatchObject({ comment: "À jeun : oui", reasonCode: [{ text: "Asthme" }] });
  });
});

describe("parts of a score that declare no template", () => {
  it("are results of their own", () => {
    const item = related(
      `<observation classCode="OBS" moodCode="EVN"><code code="1-2" displayName="Item" ${loinc}/><value xsi:type="INT" value="1"/></observation>`,
    );
    const score = observationXml(
      "25",
      `<code code="1-1" displayName="Score" ${loinc}/>`,
      '<value xsi:type="INT" value="5"/>',
      'moodCode="EVN"',
      item,
    );
    expect(
      all(convert(sectionXml("47420-5", "Statut", "x", score)), "Observation").map((each) => each.valueInteger),
    ).toEqual([5, 1]);
  });
});

describe("what stands beside a value", () => {
  it("in words: a limit, a range, a second site, a second method, how urgent it was", () => {
    const described = (value: string) =>
      related(observationXml("48", `<code code="1-5" displayName="Cible" ${loinc}/>`, value));
    const plan = (value: string) =>
      observationXml(
        "27",
        `<code code="1-4" displayName="Contrôle" ${loinc}/>`,
        "",
        'moodCode="INT"',
        described(value),
      );
    const bundle = convert(
      sectionXml(
        "18776-5",
        "Plan",
        "x",
        plan('<value xsi:type="PQ" value="&lt;5" unit="mg/L"/>'),
        plan('<value xsi:type="IVL_PQ"><low value="2" unit="g/L"/><high value="3" unit="g/L"/></value>'),
      ),
      sectionXml(
        "30954-2",
        "Résultats",
        "x",
        observationXml(
          "48",
          `<code code="1-2" displayName="Acuité" ${loinc}/>`,
          `<priorityCode code="S" displayName="Immédiat" codeSystem="2.16.840.1.113883.5.7"/><value xsi:type="REAL" value="0.8"/><methodCode code="3" displayName="Monoyer" ${snomed}/><methodCode code="4" displayName="Snellen" ${snomed}/><targetSiteCode code="1" displayName="Œil gauche" ${snomed}/><targetSiteCode code="2" displayName="Macula" ${snomed}/>`,
        ),
      ),
    );
    expect(all(bundle, "ServiceRequest").map(notesOf)).toEqual([["Cible : < 5 mg/L"], ["Cible : 2 g/L – 3 g/L"]]);
    expect(all(bundle, "Observation")[0]?.bodySite?.text).toBe("Œil gauche");
    expect(notesOf(all(bundle, "Observation")[0])).toEqual([
      "Localisation : Macula",
      "Méthode : Snellen",
      "Priorité : Immédiat",
    ]);
    expect(all(bundle, "Observation")[0]?.method?.text).toBe("Monoyer");
  });
});
